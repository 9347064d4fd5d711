// An unexpected console.error is a fault: it throws, unless the test says that it expects one.
import { format } from 'node:util'
import { beforeEach, vi } from 'vitest'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation((...said) => {
    throw new Error(`console.error was called: ${format(...said)}`)
  })
})

/** From here to the end of this test; returns the spy, to look at what was said. */
export const allowConsoleError = () => vi.mocked(console.error).mockImplementation(() => {})
