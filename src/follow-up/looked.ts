// Who looked: which organisation was shown which category, on which day, and why; from the access log, never a person (AVG art. 15(1)(c)).
import type { Category, Purpose } from '../decide/decide.js'
import type { Act } from '../operations/perform.js'

/** `day` is YYYY-MM-DD, in the Netherlands. */
export type LookedLine = { organisation: string; day: string; category: Category; purpose: Purpose; because: string }

/** Why, in one plain Dutch sentence (B1). */
const BECAUSE: Readonly<Record<Purpose, string>> = {
  OVERVIEW: 'Om te zien welke vragen er zijn.',
  HELP: 'Om u te helpen met uw vraag.',
  FOLLOW_UP: 'Om te volgen of u geholpen wordt.',
  ACCOUNT: 'Om te tellen hoeveel mensen hulp krijgen.',
  OVERSEE: 'Om te controleren of er goed met uw gegevens wordt omgegaan.',
  RIGHTS: 'Omdat u zelf keek of iets veranderde.',
}

/** Newest first, at most 200 lines; the visitor's own looking is not among them. The database finds them by the code of this transaction. */
export async function whoLooked(act: Act): Promise<LookedLine[]> {
  const lines = await act.sql.$queryRaw<Omit<LookedLine, 'because'>[]>`
    SELECT l.organisation, l.day::text AS day, l.category, l.purpose FROM looked_at_by_code() l`
  return lines.map((line) => ({ ...line, because: BECAUSE[line.purpose] }))
}
