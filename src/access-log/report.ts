// What verification found, in sentences that somebody can act on who has never seen the tables.
import type { Fault } from './made-again.js'
import type { Verdict } from './verify.js'

/** Milliseconds after which a record that has no seal means that nobody seals. */
const WAITS = 3_600_000

export const isSound = ({ faults }: Verdict): boolean => faults.all === 0

export function report(verdict: Verdict, { hasKeys, now }: { hasKeys: boolean; now: Date }): string[] {
  return [
    ...(isSound(verdict) ? [sound(verdict)] : faulty(verdict)),
    ...whatIsCovered(verdict, hasKeys, now),
    ...whatElse(verdict),
  ]
}

const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

const sound = ({ records, seals }: Verdict) =>
  `The log is sound: ${many(records, 'record')} and ${many(seals, 'seal')} as they were written.`

function faulty({ faults, records, seals }: Verdict): string[] {
  const { first, inFile, inShape, all } = faults
  const whole = (sentences: readonly string[]) => sentences.slice(0, 20).map((what) => `${what}.`)
  // What the rows are read through comes first: it may be why they look as they do.
  const told = [...whole(inShape), ...first.map(sentence), ...whole(inFile)]
  const others = all - told.length
  return [
    `THE LOG IS NOT AS IT WAS WRITTEN: ${many(all, 'fault')} in ${many(records, 'record')} and ${many(seals, 'seal')}.`,
    ...told.map((what, index) => `${index === 0 ? 'The first' : 'Then'}: ${what}`),
    ...(others > 0 ? [`And ${others} more.`] : []),
  ]
}

/** Quoted where somebody could have written anything: a line of the report is never theirs. */
function sentence({ seal, place, at, id, what }: Fault): string {
  const where = [
    id ? `record ${id}${at ? ` of ${at}` : ''}` : at ? `a row of ${at}` : '',
    seal ? `seal ${seal}` : '',
    place ? `place ${place}` : '',
  ].filter(Boolean)
  return `${where.join(', ')}${where.length > 0 ? ': ' : ''}${what}${what.endsWith('.') ? '' : '.'}`
}

function whatIsCovered(
  { covered, records, oldestYoung, story: { newest, head } }: Verdict,
  hasKeys: boolean,
  now: Date,
): string[] {
  const young = records - covered
  const last = newest
    ? `The newest checkpoint is of seal ${head.seal}, signed at ${newest.said.signedAt} with the key ${newest.said.kid}; ${covered} of these records are under it.`
    : 'There is no checkpoint: nothing outside the database confirms any of it.'
  if (young === 0) return [last]
  const told = hasKeys
    ? 'that one of them was changed or put in would show by its keyed hash; that one was taken out would not'
    : 'nothing would show of them, for no key ring was given (KEY_RING)'
  const waits = oldestYoung && now.getTime() - Date.parse(oldestYoung) > WAITS
  return [
    last,
    `${young} ${young === 1 ? 'is' : 'are'} younger, and under no checkpoint: ${told}.`,
    ...(waits ? [`The oldest without a seal is of ${oldestYoung}: does anybody seal?`] : []),
  ]
}

function whatElse({ expired, otherKeys, kept, story }: Verdict): string[] {
  const lines: string[] = [...kept]
  const last = story.expired.at(-1)
  if (last)
    lines.push(
      `Expired and gone are ${many(expired, 'record')}, up to seal ${last.expired}: the youngest of ${last.lastAt}, under a term of ${last.months} months, last signed at ${last.signedAt}.`,
    )
  for (const { from, seal, records, signedAt } of story.restored)
    lines.push(
      from
        ? `At ${signedAt} it was accepted that the database was set back from seal ${from.seal} to seal ${seal}: ${many(from.records - records, 'sealed record')} given up.`
        : `At ${signedAt} it was accepted that the checkpoints begin at seal ${seal}: what was before it was signed then, and not when it was sealed.`,
    )
  if (story.late.seals > 0)
    lines.push(
      `Signed more than ten minutes after being made: ${many(story.late.seals, 'seal')}, the first of them seal ${story.late.first}. In between, nothing outside the database confirmed them.`,
    )
  if (story.torn > 0)
    lines.push(`Torn in the file of checkpoints: ${many(story.torn, 'line')}, by a crash, after which it was written whole.`)
  for (const [key, times] of otherKeys)
    lines.push(
      `With a keyed hash of the key ${key}, which is not in the key ring: ${many(times, 'record')}. That hash was not looked at.`,
    )
  return lines
}
