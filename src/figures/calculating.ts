// Calculating in a thread of its own, beside the requests: here it is started and asked; the thread itself is calculating-thread.ts.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Published, Year } from './lay-out.js'

/** What the thread answers; a fault in words. */
export type Answer = Readonly<{ published: Published[] } | { fault: string }>

export type Calculating = Readonly<{
  /** One at a time. @throws Error where nothing can be told without giving something away */
  calculate: (year: Year) => Promise<Published[]>
  stop: () => Promise<unknown>
}>

export function startCalculating(): Calculating {
  const thread = new Worker(new URL('./calculating-thread.js', import.meta.url))
  // Without a listener what is broken there would end this process.
  thread.on('error', () => {})
  return {
    async calculate(year) {
      const ended = new AbortController()
      const { signal } = ended
      try {
        const answered = once(thread, 'message', { signal }) as Promise<[Answer]>
        const gone = once(thread, 'exit', { signal }).then(() => {
          throw new Error('the thread that calculates ended')
        })
        thread.postMessage(year)
        const [answer] = await Promise.race([answered, gone])
        if ('fault' in answer) throw new Error(answer.fault)
        return answer.published
      } finally {
        ended.abort()
      }
    },
    stop: () => thread.terminate(),
  }
}
