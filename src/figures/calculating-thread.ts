// The thread that calculates what is told: a year comes in, what is published of it goes out.
import { parentPort } from 'node:worker_threads'
import { figuresOf } from './calculate.js'
import type { Answer } from './calculating.js'
import type { Year } from './lay-out.js'
import { FIGURES } from './policy.js'
import { loadSolver } from './solve.js'

const calculator = { figures: FIGURES, solve: await loadSolver() }

parentPort!.on('message', (year: Year) => {
  parentPort!.postMessage(answerTo(year))
})

function answerTo(year: Year): Answer {
  try {
    return { published: figuresOf(year, calculator, true) }
  } catch (fault) {
    return { fault: (fault as Error).message }
  }
}
