// Where what was signed, what policy allows and what is being used differ, cell by cell (category by purpose) of an agreement.
import { instant, ownParts } from '../access-log/access-log.js'
import { isConfidential } from '../access-log/record.js'
import { badInput, notFound } from '../errors.js'
import type { Act } from '../operations/perform.js'
import { type AgreementData, cellsThatPolicyAllows, listAgreements, readAgreement } from './agreements.js'
import { ALL_CELLS } from './terms.js'
import { cellInWords } from './words.js'

export type DriftKind = 'SIGNED_NOT_ALLOWED' | 'ALLOWED_NOT_SIGNED' | 'SIGNED_NOT_USED' | 'USED_NOT_SIGNED'
type DriftCell = { category: string; purpose: string; kind: DriftKind; sentence: string }
export type DriftData = { agreement: AgreementData; days: number; useKnown: boolean; differences: DriftCell[] }

/** Where use is looked for: the last `days` (1 to 400) before `until`, an instant (ISO 8601); null: now. */
export type Period = Readonly<{ days: number; until: string | null }>
export const USUAL_DAYS = 90

/** `used` null: nobody here may know what was used. */
type DriftFacts = Readonly<{
  signed: ReadonlySet<string>
  allowed: ReadonlySet<string>
  used: ReadonlySet<string> | null
  days: number
}>

/** Pure: every difference, in the order of the lists. */
export function differences({ signed, allowed, used, days }: DriftFacts): DriftCell[] {
  return ALL_CELLS.flatMap((cell) => {
    const [category, purpose] = cell.split(' ') as [string, string]
    const kinds: DriftKind[] = []
    if (signed.has(cell) && !allowed.has(cell)) kinds.push('SIGNED_NOT_ALLOWED')
    if (!signed.has(cell) && allowed.has(cell)) kinds.push('ALLOWED_NOT_SIGNED')
    if (signed.has(cell) && allowed.has(cell) && used && !used.has(cell)) kinds.push('SIGNED_NOT_USED')
    if (!signed.has(cell) && used?.has(cell)) kinds.push('USED_NOT_SIGNED')
    return kinds.map((kind) => ({ category, purpose, kind, sentence: SENTENCES[kind](cellInWords(cell), days) }))
  })
}

const SENTENCES: Readonly<Record<DriftKind, (cell: string, days: number) => string>> = {
  SIGNED_NOT_ALLOWED: (cell) => `U tekende voor ${cell}, maar het beleid staat dat niet toe. Er gaat niets open.`,
  ALLOWED_NOT_SIGNED: (cell) => `Het beleid staat ${cell} toe, maar daarvoor is niet getekend. Het blijft dicht.`,
  SIGNED_NOT_USED: (cell, days) =>
    `U tekende voor ${cell}, maar in ${days} dagen keek niemand er zo naar. Vraag u af of het nodig is.`,
  USED_NOT_SIGNED: (cell) =>
    `Er is gekeken naar ${cell}, zonder dat daarvoor getekend is. Dat hoort niet te kunnen: zoek uit hoe dit kon.`,
}

/**
 * Of one agreement, or of all that open something today.
 *
 * Use is read from the access log, which is for privacy officers alone: a signatory or coordinator gets the rest, and `useKnown` false. The same
 * goes for a union, whose hand-offs are in no officer's log.
 * @throws Refusal BAD_INPUT, NOT_FOUND
 */
export async function findDrift(act: Act, agreementId: string | null, { days, until }: Period): Promise<DriftData[]> {
  if (!Number.isInteger(days) || days < 1 || days > 400) throw badInput('days must be 1 to 400.')
  const one = agreementId === null ? undefined : await readAgreement(act, agreementId)
  if (agreementId !== null && !one) throw notFound()
  const agreements = one ? [one] : (await listAgreements(act)).filter(({ lock }) => lock === 'active')
  const readsTheLog = act.role === 'PRIVACY_OFFICER'
  const used = readsTheLog ? await findUse(act, agreements, { days, until }) : new Map<string, Set<string>>()
  return agreements.map((agreement) => {
    const useKnown = readsTheLog && !isConfidential(agreement.partner.kind)
    return {
      agreement,
      days,
      useKnown,
      differences: differences({
        signed: new Set(agreement.cells),
        allowed: cellsThatPolicyAllows(act.world.policies.sharing, agreement.partner.kind),
        used: useKnown ? (used.get(agreement.id) ?? new Set()) : null,
        days,
      }),
    }
  })
}

/** The cells that were shown under each agreement, by a rule that needs one: what a desk sees of its own hand-offs is no use of it. */
async function findUse(
  act: Act,
  agreements: readonly AgreementData[],
  { days, until }: Period,
): Promise<Map<string, Set<string>>> {
  const end = until === null ? act.at.toISOString() : instant(until)
  const rules = act.world.policies.sharing.share.filter(({ needs }) => needs.includes('agreement')).map(({ rule }) => rule)
  const rows = await act.sql.$queryRaw<{ id: string; cell: string }[]>`
    SELECT DISTINCT o.value -> 'agreement' ->> 'id' AS id, s.key || ' ' || r.purpose AS cell
    FROM access_record_part p JOIN access_record r ON r.at = p.at AND r.id = p.record_id,
      jsonb_array_elements(p.objects) o, jsonb_each_text(o.value -> 'shown') s
    WHERE ${ownParts(act)} AND p.at >= ${end}::timestamptz - make_interval(days => ${days}::int) AND p.at < ${end}::timestamptz
      AND o.value -> 'agreement' ->> 'id' = ANY (${agreements.map(({ id }) => id)}::text[]) AND s.value = ANY (${rules}::text[])`
  const used = new Map<string, Set<string>>()
  for (const { id, cell } of rows) used.set(id, (used.get(id) ?? new Set()).add(cell))
  return used
}
