// The check at entry: what is nearly unique in its region and quarter is made coarser before it is stored (design 6).
import type { NewContact, SituationFacts } from '../contacts/contacts.js'
import type { Coarsened } from '../contacts/lists.js'
import { notFound } from '../errors.js'
import { keyedHash } from '../identity/pseudonym.js'
import type { Act } from '../operations/perform.js'

/** What somebody outside could know of a visitor. */
type Combination = { origin: string | null } & SituationFacts

/**
 * What is left out, from little to all: first what is asked least, then where somebody lives, then the age, and last what the question is about.
 * Each leaves out what the one before does too.
 */
const STEPS: readonly (readonly Coarsened[])[] = [
  [],
  ['EDUCATION', 'LANGUAGE_HELP'],
  ['EDUCATION', 'LANGUAGE_HELP', 'ORIGIN'],
  ['EDUCATION', 'LANGUAGE_HELP', 'ORIGIN', 'AGE'],
  ['EDUCATION', 'LANGUAGE_HELP', 'ORIGIN', 'AGE', 'WORK', 'BENEFIT'],
]

/** The combination with this left out. Below sixteen is never left out: the law protects who is, and consent is asked otherwise (UAVG art. 5). */
export function without(told: Combination, left: readonly Coarsened[]): Combination {
  const has = (fact: Coarsened) => left.includes(fact)
  return {
    origin: has('ORIGIN') ? null : told.origin,
    work: has('WORK') ? 'UNKNOWN' : told.work,
    benefit: has('BENEFIT') ? 'UNKNOWN' : told.benefit,
    age: has('AGE') && told.age !== 'U16' ? 'UNKNOWN' : told.age,
    education: has('EDUCATION') ? 'UNKNOWN' : told.education,
    languageHelp: has('LANGUAGE_HELP') ? 'UNKNOWN' : told.languageHelp,
  }
}

const FIELDS = {
  ORIGIN: 'origin',
  AGE: 'age',
  WORK: 'work',
  BENEFIT: 'benefit',
  EDUCATION: 'education',
  LANGUAGE_HELP: 'languageHelp',
} as const satisfies Record<Coarsened, keyof Combination>

/** What was really taken away: who told no education loses none. */
const differences = (told: Combination, kept: Combination): Coarsened[] =>
  (Object.keys(FIELDS) as Coarsened[]).filter((fact) => told[FIELDS[fact]] !== kept[FIELDS[fact]])

/**
 * Keeps the most of a combination that was told at least k times, this time included, in this region and quarter. A telling counts also when it is
 * coarsened, else nothing would ever be told often enough; and once per person and day, also when the contact is taken back: else who tells the same
 * again would have it stored whole, and would hear how often others told it. Kept are keyed hashes and how often, never the combination.
 */
export async function coarsenAtEntry(
  act: Act,
  contact: Pick<NewContact, 'origin' | 'visitorKind'>,
  situation: SituationFacts,
): Promise<{ origin: string | null; situation: SituationFacts; coarsened: Coarsened[] }> {
  if (!('subject' in act.capacity)) throw notFound()
  const told: Combination = { origin: contact.origin, ...situation }
  // The last leaves nothing that could be told apart, so it needs no count.
  const steps = STEPS.slice(0, -1).map((left) => without(told, left))
  // An employer is counted among employers.
  const group = contact.visitorKind === 'EMPLOYER' ? 'employer' : 'visitor'
  const hashes = steps.map(({ origin, work, benefit, age, education, languageHelp }) =>
    keyedHash(act.world.keys, 'entry', JSON.stringify([group, origin, work, benefit, age, education, languageHelp])),
  )
  // Whoever tells it, in which organisation and at which desk is all the same.
  const teller = keyedHash(act.world.keys, 'teller', JSON.stringify([act.capacity.subject, act.today]))
  const [{ often } = { often: [] }] = await act.sql.$queryRaw<{ often: boolean[] }[]>`
    SELECT count_at_entry(${hashes}::text[], ${teller}) AS often`
  const first = often.indexOf(true)
  const { origin, ...kept } = without(told, STEPS[first < 0 ? STEPS.length - 1 : first]!)
  return { origin, situation: kept, coarsened: differences(told, { origin, ...kept }) }
}
