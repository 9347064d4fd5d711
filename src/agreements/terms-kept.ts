// How long what is kept, in the words of the register of processing activities (AVG art. 30(1)(f)): the terms that the job obeys.
import { CONSENT_DAYS } from '../consent/consent.js'
import { CODE_DAYS } from '../handoffs/codes.js'
import type { Act } from '../operations/perform.js'

/** Of a contact, of a hand-off with its consent, and of the log. */
export type TermsKept = Readonly<{ contact: string; handOff: string; log: string }>

type Rule = { subject: string; days: number | null; months: number | null; needsLawyer: boolean }

export async function readTermsKept({ sql }: Act): Promise<TermsKept> {
  const rules = await sql.$queryRaw<Rule[]>`SELECT subject, days, months, needs_lawyer AS "needsLawyer" FROM retention_rule`
  const bySubject = new Map(rules.map((rule) => [rule.subject, rule]))
  const days = (subject: string) => `${bySubject.get(subject)!.days} dagen`
  const unconfirmed = rules.some(({ needsLawyer }) => needsLawyer)
    ? ' Deze termijnen zijn nog niet door een jurist bevestigd.'
    : ''
  return {
    contact: `Van een contactmoment wordt de dag na ${days('contact-week')} een week en na ${days('contact-quarter')} een kwartaal. Notitie en koppeling worden na ${days('contact-link')} gewist, herkomst, thema's en situatie na ${days('contact-details')}, als ze geteld zijn.${unconfirmed}`,
    handOff: [
      `Een toestemming geldt hooguit ${CONSENT_DAYS} dagen. Wat voor de partner is gekopieerd en waarvoor geen toestemming meer geldt, wordt na ${days('closed-context')} gewist. De volgcode werkt een jaar (${CODE_DAYS} dagen).`,
      `Is een overdracht rond, dan worden notitie, opmerkingen, volgende stap en wie het deed na ${days('hand-off-link')} gewist en wat gekopieerd is uiterlijk na ${days('hand-off-context')}; dagen worden na ${days('hand-off-week')} een week en na ${days('hand-off-quarter')} een kwartaal. Is zij niet rond, dan begint dat ${days('open-loop')} later.${unconfirmed}`,
    ].join(' '),
    log: `Het toegangslogboek: ${bySubject.get('access-log')!.months} maanden; daarna blijven zegel en telling.${unconfirmed}`,
  }
}
