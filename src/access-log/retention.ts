// How long the log is kept: policies/retention.yaml, read as strictly as the other policies.
import { z } from 'zod'
import { parsePolicyFile, policyText } from '../decide/policy-files.js'
import { PlainError } from '../errors.js'

const FILE = 'retention.yaml'

/** The database refuses less too: an owner who shortens the term cannot get rid of what is young. */
const LEAST = 12

const line = z.string().regex(/^\S(.*\S)?$/, { error: 'expected one line of text' })
const term = z.strictObject({
  months: z
    .int()
    .min(LEAST, { error: `the log is kept for at least ${LEAST} months` })
    .max(1200),
  source: line,
  law: line,
  'needs-lawyer': z.boolean(),
})
const file = z.strictObject({ logs: z.strictObject({ 'access-log': term, 'processing-log': term }) })

/** In months, by what is kept. */
export type Retention = Readonly<Record<'access-log' | 'processing-log', number>>

/** @throws PlainError that lists every mistake */
export const readRetention = (folder: string): Retention => parseRetention(policyText(folder, FILE))

export function parseRetention(text: string): Retention {
  const { value, mistakes } = parsePolicyFile(FILE, text, file, ({ logs }) =>
    logs['access-log'].months === logs['processing-log'].months
      ? []
      : [
          {
            path: ['logs', 'processing-log', 'months'],
            text: 'both logs have one term: one hash covers what they say about an operation',
          },
        ],
  )
  if (!value) throw new PlainError(['The policies have mistakes:', ...mistakes].join('\n'))
  return { 'access-log': value.logs['access-log'].months, 'processing-log': value.logs['processing-log'].months }
}
