// How long what is kept, and what happens then: policies/retention.yaml, read as strictly as the other policies.
import { z } from 'zod'
import { CATEGORIES } from '../decide/decide.js'
import { parsePolicyFile, policyText } from '../decide/policy-files.js'
import { PlainError } from '../errors.js'

const FILE = 'retention.yaml'

/** The database refuses less too: an owner who shortens the term cannot get rid of what is young. */
const LEAST_MONTHS = 12

/** While the desk waits for the visitor's word (src/handoffs/loops.ts) a hand-off does not fade. */
const LEAST_AFTER_CLOSING = 14

/** The steps of contacts and hand-offs, in their order: a thing has gone so many of them. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  contact: ['contact-link', 'contact-week', 'contact-quarter', 'contact-details'],
  'closed-hand-off': ['hand-off-link', 'hand-off-context', 'hand-off-week', 'hand-off-quarter'],
}

const COUNTED_FROM = [
  'contact',
  'closed-hand-off',
  'open-loop',
  'closed-consent',
  'consent',
  'offer',
  'row',
  'seal',
  'never',
] as const

const line = z.string().regex(/^\S(.*\S)?$/, { error: 'expected one line of text' })
const table = z.string().regex(/^[a-z_]+$/, { error: 'expected the name of a table' })
const columns = z.array(z.string().regex(/^[a-z_]+\.[a-z_]+$/, { error: 'expected table.column' })).default([])
const said = { source: line, law: line, 'needs-lawyer': z.boolean() }

const log = z.strictObject({
  months: z
    .int()
    .min(LEAST_MONTHS, { error: `the log is kept for at least ${LEAST_MONTHS} months` })
    .max(1200),
  tables: z.array(table).min(1),
  ...said,
})
const term = z.strictObject({
  category: z.enum([...CATEGORIES, 'log', 'technical']),
  'counted-from': z.enum(COUNTED_FROM).exclude(['seal', 'never']),
  days: z.int().min(0).max(36_500),
  does: z.enum(['week', 'quarter', 'remove', 'keep']),
  'after-count': z.boolean().default(false),
  since: table.optional(),
  tables: z.array(table).min(1),
  empties: columns,
  coarsens: columns,
  ...said,
})
const file = z.strictObject({
  entry: z.strictObject({ k: z.int().min(2, { error: 'below 2 nothing is unique' }).max(100), ...said }),
  logs: z.strictObject({ 'access-log': log, 'processing-log': log }),
  fading: z.record(z.string(), term),
  kept: z.record(table, line),
})

/** One line of the file, as the database keeps it and the `retention` query shows it. */
export type RetentionRule = Readonly<{
  subject: string
  category: string
  countedFrom: string
  does: string
  days: number | null
  months: number | null
  afterCount: boolean
  /** Of contacts and hand-offs: which of their steps it is. */
  stage: number | null
  tables: readonly string[]
  empties: readonly string[]
  coarsens: readonly string[]
  since: string | null
  source: string
  law: string
  needsLawyer: boolean
}>

export type Retention = Readonly<{
  /** In months, by what is kept. */
  logs: Readonly<Record<'access-log' | 'processing-log', number>>
  /** Below how many a combination is nearly unique. */
  k: number
  rules: readonly RetentionRule[]
}>

/** @throws PlainError that lists every mistake */
export const readRetention = (folder: string): Retention => parseRetention(policyText(folder, FILE))

export function parseRetention(text: string): Retention {
  const { value, mistakes } = parsePolicyFile(FILE, text, file, mistakesIn)
  if (!value) throw new PlainError(['The policies have mistakes:', ...mistakes].join('\n'))
  const { logs, entry, fading, kept } = value
  const none = { days: null, months: null, afterCount: false, stage: null, empties: [], coarsens: [], since: null } as const
  return {
    logs: { 'access-log': logs['access-log'].months, 'processing-log': logs['processing-log'].months },
    k: entry.k,
    rules: [
      ...Object.entries(logs).map(([subject, { 'needs-lawyer': needsLawyer, ...log }]) => ({
        ...none,
        ...log,
        subject,
        category: 'log',
        countedFrom: 'SEAL',
        does: 'REMOVE',
        needsLawyer,
      })),
      ...Object.entries(fading).map(([subject, rule]) => ({
        ...none,
        subject,
        category: rule.category,
        countedFrom: inCapitals(rule['counted-from']),
        does: inCapitals(rule.does),
        days: rule.days,
        afterCount: rule['after-count'],
        stage: stageOf(subject, rule['counted-from']),
        tables: rule.tables,
        empties: rule.empties,
        coarsens: rule.coarsens,
        since: rule.since ?? null,
        source: rule.source,
        law: rule.law,
        needsLawyer: rule['needs-lawyer'],
      })),
      ...Object.entries(kept).map(([name, because]) => ({
        ...none,
        subject: name.replaceAll('_', '-'),
        category: 'kept',
        countedFrom: 'NEVER',
        does: 'KEEP',
        tables: [name],
        source: because,
        law: 'AVG art. 5(1)(e)',
        needsLawyer: false,
      })),
    ],
  }
}

/** Every table that the file speaks of. */
export const tablesOf = ({ rules }: Retention): ReadonlySet<string> => new Set(rules.flatMap((rule) => rule.tables))

const inCapitals = (word: string) => word.toUpperCase().replaceAll('-', '_')

function stageOf(subject: string, from: string): number | null {
  const at = STAGES[from]?.indexOf(subject) ?? -1
  return at < 0 ? null : at + 1
}

function mistakesIn({ logs, fading }: z.infer<typeof file>) {
  const mistakes: { path: (string | number)[]; text: string }[] = []
  if (logs['access-log'].months !== logs['processing-log'].months)
    mistakes.push({
      path: ['logs', 'processing-log', 'months'],
      text: 'both logs have one term: one hash covers what they say about an operation',
    })
  for (const [from, steps] of Object.entries(STAGES)) {
    let before = from === 'contact' ? 0 : LEAST_AFTER_CLOSING
    for (const name of steps) {
      const rule = fading[name]
      if (!rule) mistakes.push({ path: ['fading'], text: `"${name}" is missing` })
      else if (rule.days < before)
        mistakes.push({
          path: ['fading', name, 'days'],
          text: `expected at least ${before}: a step comes after the one before it`,
        })
      else before = rule.days
    }
  }
  for (const name of ['open-loop', 'closed-context'])
    if (!fading[name]) mistakes.push({ path: ['fading'], text: `"${name}" is missing` })
  for (const [name, rule] of Object.entries(fading)) {
    const from = rule['counted-from']
    if (STAGES[from] && !STAGES[from].includes(name))
      mistakes.push({ path: ['fading', name, 'counted-from'], text: `there is no step "${name}" that is counted from ${from}` })
    if ((from === 'row') !== (rule.since !== undefined))
      mistakes.push({ path: ['fading', name], text: '"since" is for what is counted from its row, and there it is needed' })
  }
  return mistakes
}
