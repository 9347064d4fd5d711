// Work that nobody asks for, done again and again for as long as the server runs.

/** Runs `turn` now and every so many milliseconds until it is stopped, never twice at once. A turn that fails is told to `fault`, and the next one does its work. */
export function repeat(
  turn: () => Promise<unknown>,
  every: number,
  fault: (error: unknown) => void = () => {},
): { stop: () => Promise<void> } {
  let last: Promise<unknown> = Promise.resolve()
  let isBusy = false
  const run = () => {
    if (isBusy) return
    isBusy = true
    last = turn()
      .catch(fault)
      .finally(() => {
        isBusy = false
      })
  }
  run()
  const timer = setInterval(run, every)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await last
    },
  }
}
