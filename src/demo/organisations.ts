// The organisations of the demo: made up around real places and kinds of organisation. None of them has taken part or agreed to anything.
import type { ClientBase } from 'pg'
import type { PartnerKind } from '../decide/decide.js'
import type { Day } from '../handoffs/calendar.js'
import { addDays } from '../handoffs/loops.js'
import { demoId } from './ids.js'

type Werkcentrum = Readonly<{ key: string; name: string; amCode: string; controllers: readonly string[]; desks: readonly Desk[] }>
type Desk = Readonly<{ key: string; name: string; gmCode: string | null }>
type Partner = Readonly<{
  key: string
  name: string
  kind: PartnerKind
  legalPerson: boolean
  amCode: string
  actsFor: readonly string[]
}>

/** A werkcentrum is no legal person: its controllers are (design 6). */
export const WERKCENTRA: readonly Werkcentrum[] = [
  {
    key: 'werkcentrum-amersfoort',
    name: 'Werkcentrum regio Amersfoort',
    amCode: 'AM14',
    controllers: ['uwv-amersfoort', 'gemeente-amersfoort'],
    desks: [
      { key: 'desk-amersfoort-stadhuis', name: 'Stadhuis Amersfoort', gmCode: 'GM0307' },
      { key: 'desk-amersfoort-bibliotheek', name: 'Bibliotheek Amersfoort', gmCode: 'GM0307' },
      { key: 'desk-soest', name: 'Bibliotheek Soest', gmCode: 'GM0342' },
      { key: 'desk-nijkerk', name: 'Stadhuis Nijkerk', gmCode: 'GM0267' },
      { key: 'desk-amersfoort-online', name: 'Online', gmCode: null },
    ],
  },
  {
    key: 'werkcentrum-gooi',
    name: 'Werkcentrum Gooi en Vechtstreek',
    amCode: 'AM12',
    controllers: ['uwv-gooi', 'gemeente-hilversum'],
    desks: [
      { key: 'desk-hilversum', name: 'Stadhuis Hilversum', gmCode: 'GM0402' },
      { key: 'desk-gooi-online', name: 'Online', gmCode: null },
    ],
  },
]

const legal = (key: string, name: string, kind: PartnerKind, amCode = 'AM14'): Partner => ({
  key,
  name,
  kind,
  legalPerson: true,
  amCode,
  actsFor: [],
})
const partnership = (key: string, name: string, kind: PartnerKind, actsFor: readonly string[], amCode = 'AM14'): Partner => ({
  key,
  name,
  kind,
  legalPerson: false,
  amCode,
  actsFor,
})

export const PARTNERS: readonly Partner[] = [
  // UWV is one legal person with offices in every region. An inbox belongs to an office, so each office is a partner here, and stands
  // for the legal person; the same goes for a union.
  legal('uwv-amersfoort', 'UWV, kantoor Amersfoort', 'UWV'),
  legal('uwv-gooi', 'UWV, kantoor Hilversum', 'UWV', 'AM12'),
  legal('fnv-amersfoort', 'FNV, regio Amersfoort', 'UNION'),
  legal('gemeente-amersfoort', 'Gemeente Amersfoort', 'GEMEENTE'),
  legal('gemeente-soest', 'Gemeente Soest', 'GEMEENTE'),
  legal('gemeente-leusden', 'Gemeente Leusden', 'GEMEENTE'),
  legal('gemeente-hilversum', 'Gemeente Hilversum', 'GEMEENTE', 'AM12'),
  legal('sociale-dienst-eemland', 'Intergemeentelijke Sociale Dienst Eemland', 'MUNICIPAL_SERVICE'),
  partnership('wsp-amersfoort', 'WerkgeversServicepunt regio Amersfoort', 'WSP', ['uwv-amersfoort', 'gemeente-amersfoort']),
  partnership('lwl-amersfoort', 'Leerwerkloket regio Amersfoort', 'LWL', ['uwv-amersfoort', 'gemeente-amersfoort']),
  partnership('rmt-amersfoort', 'Regionaal Mobiliteitsteam Amersfoort', 'RMT', ['uwv-amersfoort', 'gemeente-amersfoort']),
  partnership('wsp-gooi', 'WerkgeversServicepunt Gooi en Vechtstreek', 'WSP', ['uwv-gooi', 'gemeente-hilversum'], 'AM12'),
  legal('school-amersfoort', 'Mbo-school Amersfoort', 'SCHOOL'),
  legal('wijkteam-amersfoort', 'Stichting Wijkteams Amersfoort', 'NEIGHBOURHOOD'),
  legal('ontwikkelbedrijf-amersfoort', 'Sociaal Ontwikkelbedrijf Amersfoort', 'SOCIAL_DEVELOPMENT_COMPANY'),
  legal('werkgevers-amersfoort', 'Werkgeverskring Amersfoort', 'EMPLOYERS'),
  legal('reintegratie-amersfoort', 'Voorbeeld Loopbaan en Re-integratie B.V.', 'PRIVATE'),
]

export const partnerOf = (key: string): Partner => {
  const found = PARTNERS.find((partner) => partner.key === key)
  if (!found) throw new Error(`there is no demo partner ${key}`)
  return found
}

type Version = Readonly<{ state: 'ACTIVE' | 'SUSPENDED' | 'ENDED'; from: number; to: number; review: number }>

/** Days from the first start of the demo: begun more than a year ago, good for two more. */
const IN_FORCE: Version = { state: 'ACTIVE', from: -400, to: 730, review: 180 }
// What stops an agreement is a version of its own, so that a day before it is still read as it then was.
const SUSPENDED_LATELY: readonly Version[] = [IN_FORCE, { ...IN_FORCE, state: 'SUSPENDED', from: -21 }]
const ENDED_LATELY: readonly Version[] = [
  { ...IN_FORCE, to: -31 },
  { state: 'ENDED', from: -30, to: -30, review: -30 },
]
const REVIEW_FORGOTTEN: readonly Version[] = [{ ...IN_FORCE, review: -40 }]

const ORDINARY = ['logistics', 'routing', 'question', 'situation', 'outcome']
const WITH_NOTE = [...ORDINARY, 'note']
const EVERYTHING = [...WITH_NOTE, 'sensitive']

type Agreement = Readonly<{
  werkcentrum: string
  partner: string
  categories: readonly string[]
  /** The name of a legal basis in policies/sharing.yaml. */
  basis: string
  /** Working days. */
  answer: number
  firstContact: number
  versions: readonly Version[]
}>

const agreed = (
  werkcentrum: string,
  partner: string,
  categories: readonly string[],
  basis: string,
  [answer, firstContact]: readonly [number, number],
  versions: readonly Version[] = [IN_FORCE],
): Agreement => ({ werkcentrum: `werkcentrum-${werkcentrum}`, partner, categories, basis, answer, firstContact, versions })

/** With stichting wijkteams there is none: that partner answers by telephone, and sees only that something came and how it stands. */
export const AGREEMENTS: readonly Agreement[] = [
  agreed('amersfoort', 'uwv-amersfoort', EVERYTHING, 'task-of-uwv', [5, 10]),
  agreed('amersfoort', 'gemeente-amersfoort', EVERYTHING, 'task-of-the-gemeente', [5, 10]),
  agreed('amersfoort', 'gemeente-soest', EVERYTHING, 'task-of-the-gemeente', [5, 10]),
  agreed('amersfoort', 'gemeente-leusden', WITH_NOTE, 'task-of-the-gemeente', [8, 10]),
  agreed('amersfoort', 'sociale-dienst-eemland', EVERYTHING, 'task-of-the-gemeente', [8, 10]),
  agreed('amersfoort', 'wsp-amersfoort', WITH_NOTE, 'of-the-member-acting', [3, 5]),
  agreed('amersfoort', 'lwl-amersfoort', WITH_NOTE, 'of-the-member-acting', [5, 10]),
  agreed('amersfoort', 'rmt-amersfoort', WITH_NOTE, 'of-the-member-acting', [3, 5]),
  agreed('amersfoort', 'fnv-amersfoort', ORDINARY, 'consent-of-the-visitor', [5, 10]),
  agreed('amersfoort', 'school-amersfoort', WITH_NOTE, 'consent-of-the-visitor', [10, 15], REVIEW_FORGOTTEN),
  agreed('amersfoort', 'ontwikkelbedrijf-amersfoort', WITH_NOTE, 'task-of-the-gemeente', [5, 10]),
  agreed(
    'amersfoort',
    'werkgevers-amersfoort',
    ['logistics', 'routing', 'question'],
    'consent-of-the-visitor',
    [10, 15],
    ENDED_LATELY,
  ),
  agreed('amersfoort', 'reintegratie-amersfoort', ORDINARY, 'consent-of-the-visitor', [3, 5], SUSPENDED_LATELY),
  // Across regions: people travel, and so does their question.
  agreed('amersfoort', 'gemeente-hilversum', WITH_NOTE, 'task-of-the-gemeente', [8, 10]),
  agreed('amersfoort', 'uwv-gooi', EVERYTHING, 'task-of-uwv', [5, 10]),
  agreed('gooi', 'uwv-gooi', EVERYTHING, 'task-of-uwv', [5, 10]),
  agreed('gooi', 'gemeente-hilversum', EVERYTHING, 'task-of-the-gemeente', [5, 10]),
  agreed('gooi', 'wsp-gooi', WITH_NOTE, 'of-the-member-acting', [3, 5]),
  agreed('gooi', 'uwv-amersfoort', EVERYTHING, 'task-of-uwv', [5, 10]),
  agreed('gooi', 'lwl-amersfoort', ORDINARY, 'of-the-member-acting', [8, 10]),
]

const PURPOSES = ['OVERVIEW', 'HELP', 'FOLLOW_UP']

/**
 * As the owner. What is there already is left as it is: an agreement may have been changed by those who try the demo.
 * `today` is the day of the first start; agreements are dated from it.
 */
export async function seedOrganisations(client: ClientBase, today: Day): Promise<void> {
  const add = (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row)
    const places = columns.map((_, index) => `$${index + 1}`)
    return client.query(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')}) ON CONFLICT DO NOTHING`,
      Object.values(row),
    )
  }
  await client.query('BEGIN')
  for (const { key, name, kind, legalPerson, amCode } of PARTNERS)
    await add('partner', { id: demoId(key), name, kind, legal_person: legalPerson, am_code: amCode })
  for (const { key, actsFor } of PARTNERS)
    for (const member of actsFor) await add('partner_acts_for', { partner_id: demoId(key), member_id: demoId(member) })
  for (const { key, name, amCode, controllers, desks } of WERKCENTRA) {
    await add('werkcentrum', { id: demoId(key), name, am_code: amCode })
    for (const desk of desks)
      await add('desk', { werkcentrum_id: demoId(key), id: demoId(desk.key), name: desk.name, gm_code: desk.gmCode })
    for (const controller of controllers) await add('controller', { werkcentrum_id: demoId(key), partner_id: demoId(controller) })
  }
  for (const agreement of AGREEMENTS)
    for (const [index, { state, from, to, review }] of agreement.versions.entries()) {
      const { werkcentrum, partner } = agreement
      const of = {
        name: partnerOf(partner).name,
        acts: partnerOf(partner).actsFor,
        key: `agreement ${werkcentrum} ${partner} ${index + 1}`,
      }
      const home = WERKCENTRA.find(({ key }) => key === werkcentrum)!
      await add('agreement', {
        werkcentrum_id: demoId(werkcentrum),
        id: demoId(of.key),
        partner_id: demoId(partner),
        version: index + 1,
        state,
        cells: agreement.categories.flatMap((category) => PURPOSES.map((purpose) => `${category} ${purpose}`)),
        signed_on: addDays(today, from),
        events: 1,
        legal_basis: agreement.basis,
        answer_term_days: agreement.answer,
        first_contact_term_days: agreement.firstContact,
        contact_point: `Privacyloket van ${of.name}`,
        document_reference: `Voorbeeldafspraak ${home.name} en ${of.name}, versie ${index + 1}`,
        review_on: addDays(today, review),
        valid_from: addDays(today, from),
        valid_to: addDays(today, to),
      })
      await add('agreement_event', {
        werkcentrum_id: demoId(werkcentrum),
        agreement_id: demoId(of.key),
        number: 1,
        partner_id: demoId(partner),
        step: 'load',
        state,
        at: addDays(today, from),
      })
      const sign = (side: string, party: string) =>
        add('agreement_party', {
          werkcentrum_id: demoId(werkcentrum),
          agreement_id: demoId(of.key),
          partner_id: demoId(party),
          side,
        })
      for (const controller of home.controllers) await sign('WERKCENTRUM', controller)
      // INVARIANT: parties are legal persons; a partnership signs through those it acts for.
      for (const party of of.acts.length > 0 ? of.acts : [partner]) await sign('PARTNER', party)
    }
  await client.query('COMMIT')
}
