// What the visitor sees with the follow-up code and nothing else: the state in one plain sentence (design 1).
import { type Consent, consentFor, SHAREABLE, type Shareable } from '../consent/consent.js'
import { CONSENT, RESERVE_PARTNER } from '../consent/consent-history.js'
import { findHandOffOfCode, type HandOffData } from '../handoffs/handoffs.js'
import type { MessageToVisitor, State } from '../handoffs/lists.js'
import { hashesOf } from '../handoffs/offer.js'
import type { CodeHolder } from '../identity/capacity.js'
import type { Act } from '../operations/perform.js'
import type { PartnerFacts } from '../partners/partners.js'
import type { World } from '../world.js'
import { type LookedLine, whoLooked } from './looked.js'

export type FollowUpData = {
  status: string
  handOff: HandOffData
  shared: { category: Shareable; shared: boolean }[]
  /** The first day on which the consent no longer holds; null: there is none that stands. */
  expiresOn: string | null
  reservePartner: PartnerFacts | null
  looked: LookedLine[]
}

/** The capacity of whoever presents this code. */
export function codeHolder(world: Pick<World, 'keys'>, code: string): CodeHolder {
  return Object.freeze({ role: 'CODE_HOLDER', side: 'VISITOR', codeHashes: hashesOf(world, code) })
}

export async function followUp(act: Act): Promise<FollowUpData | undefined> {
  const handOff = await findHandOffOfCode(act)
  return handOff && pageFor(act, handOff)
}

/** The visitor's page about the hand-off of the code. */
export async function pageFor(act: Act, handOff: HandOffData): Promise<FollowUpData> {
  const [consent] = await act.sql.$queryRaw<(Consent & { reservePartner: PartnerFacts | null })[]>`
    SELECT ${CONSENT}, ${RESERVE_PARTNER}
    FROM consent c WHERE c.werkcentrum_id = ${handOff.werkcentrum.id}::uuid AND c.hand_off_id = ${handOff.id}::uuid ORDER BY c.version DESC LIMIT 1`
  // Below sixteen, a consent without a representative opens nothing (invariant 19).
  const isValid = !consent?.underSixteen || consent.representativePresent
  const shared = (Object.keys(SHAREABLE) as Shareable[]).map((category) => ({
    category,
    shared: isValid && consentFor(consent ?? null, category, 'HELP', act.today).state === 'covers',
  }))
  const standing = consent && consent.change !== 'WITHDRAWN' ? consent : undefined
  // Read from the whole log of this hand-off, so only for whoever asks.
  const asked = act.world.asked?.get('FollowUp')?.has('looked') === true
  return {
    status: statusSentence(handOff),
    handOff,
    shared,
    expiresOn: standing?.expiresOn ?? null,
    reservePartner: standing?.reservePartner ?? null,
    looked: asked ? await whoLooked(act) : [],
  }
}

const SENTENCES: Readonly<Record<State, string>> = {
  OFFERED: 'Uw vraag ligt bij {partner}; daar is nog niet op geantwoord.',
  ACCEPTED: '{partner} gaat u helpen.',
  IN_PROGRESS: '{partner} is met u aan de slag.',
  COMPLETED: '{partner} zegt dat het klaar is; laat ons weten of dat klopt.',
  DECLINED: '{partner} kan u hierbij niet helpen; kom gerust terug naar het werkcentrum.',
  RETURNED: '{partner} heeft uw vraag teruggegeven; kom gerust terug naar het werkcentrum.',
  FORWARDED: 'Uw vraag is doorgegeven aan een andere organisatie; u kreeg daarvoor een nieuwe code.',
  WITHDRAWN: 'Uw vraag is ingetrokken.',
  LAPSED: 'Uw vraag is gesloten zonder antwoord; kom gerust terug naar het werkcentrum.',
}

/** Once the visitor has said how it went, nobody asks again. */
const AGREED = '{partner} zegt dat het klaar is, en u zei dat het gelukt is.'
const DISAGREED = '{partner} zegt dat het klaar is, maar u zei van niet; het werkcentrum zoekt het uit.'

const MESSAGES: Readonly<Record<MessageToVisitor, string>> = {
  COME_BY: 'zij vragen of u langskomt',
  CALL_US: 'zij vragen of u belt',
  TRY_OTHER: 'zij zeggen dat een ander u beter kan helpen',
}

/** One sentence in plain Dutch (B1). */
function statusSentence({
  state,
  partner,
  messageToVisitor,
  heardByDesk,
  visitorVoice,
}: Pick<HandOffData, 'state' | 'partner' | 'messageToVisitor' | 'heardByDesk' | 'visitorVoice'>): string {
  const said = visitorVoice === 'WORKED' ? AGREED : DISAGREED
  const sentence = (state === 'COMPLETED' && visitorVoice !== null ? said : SENTENCES[state]).replace('{partner}', partner.name)
  // The message goes with the partner's own last step, and with nothing that the desk did or heard since.
  const isPartnersWord = !heardByDesk && !['WITHDRAWN', 'FORWARDED', 'LAPSED'].includes(state)
  return messageToVisitor && isPartnersWord ? `${sentence.slice(0, -1)}: ${MESSAGES[messageToVisitor]}.` : sentence
}
