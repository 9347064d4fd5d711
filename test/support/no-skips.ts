// Fails the run where a skipped test must not pass for a passed one (FAIL_ON_SKIP, as .ci/run sets it).
import type { Reporter, TestCase } from 'vitest/node'

export default class NoSkips implements Reporter {
  readonly #skipped: string[] = []

  onTestCaseResult(test: TestCase) {
    if (test.result().state === 'skipped') this.#skipped.push(test.fullName)
  }

  onTestRunEnd() {
    if (this.#skipped.length === 0) return
    console.log(`\nSkipped:\n${this.#skipped.map((name) => `  - ${name}`).join('\n')}`)
    if (process.env.FAIL_ON_SKIP) process.exitCode = 1
  }
}
