// What people do to an agreement, through the product's own operations; each that is done is told to the story.
import { readAgreement } from '#app/agreements/agreements.js'
import {
  adviseOnAgreement,
  amendAgreement,
  draftAgreement,
  endAgreement,
  signAgreement,
  suspendAgreement,
} from '#app/agreements/life.js'
import type { PartnerKind } from '#app/decide/decide.js'
import { Refusal } from '#app/errors.js'
import { perform } from '#app/operations/perform.js'
import { capacity, current, happenedBetween, type Life } from './life.js'
import { type Category, dayInAmsterdam, type Purpose, type Role } from './naive.js'
import { ORGANISATION_OF_DESK, policies, standsAt } from './product.js'
import { dayAfter } from './stories.js'

function termsFor({ chance, clock, place }: Life) {
  const today = dayInAmsterdam(clock.now)
  const validFrom = chance.in(0.6) ? today : dayAfter(today, chance.below(4))
  const validTo = chance.in(0.6) ? dayAfter(validFrom, 400) : dayAfter(validFrom, chance.below(6))
  const all: readonly Category[] = ['logistics', 'routing', 'question', 'situation', 'sensitive', 'note', 'outcome']
  const categories: Category[] = chance.in(0.7)
    ? [...all]
    : ['question', ...chance.some(all, 0.6).filter((category) => category !== 'question')]
  const purposes: Purpose[] = chance.in(0.8) ? ['OVERVIEW', 'HELP', 'FOLLOW_UP'] : [chance.pick(['OVERVIEW', 'HELP'] as const)]
  const input = {
    controllers: [ORGANISATION_OF_DESK],
    actingFor: [place.partner],
    cells: categories.map((category) => ({ category, purposes })),
    csv: null,
    legalBasis: policies.sharing.basisOfPartner[place.partnerKind as PartnerKind],
    answerTermDays: 5,
    firstContactTermDays: 5,
    contactPoint: 'x',
    documentReference: `${clock.now}`,
    reviewOn: validTo,
    validFrom,
    validTo,
  }
  return { input, said: { categories, purposes, firstDay: validFrom, lastDay: validTo } }
}
const ofSide = ({ place }: Life, role: Role, atDesk: boolean) =>
  atDesk ? capacity(role, 'WERKCENTRUM', place.werkcentrum) : capacity(role, 'PARTNER', place.partner)
const sideId = ({ place }: Life, atDesk: boolean) => (atDesk ? place.werkcentrum : place.partner)

export async function draft(life: Life) {
  const { world, place, clock } = life
  const terms = termsFor(life)
  const made = await perform(world, ofSide(life, 'SIGNATORY', true), 'draftAgreement', (act) =>
    draftAgreement(act, { werkcentrumId: null, partnerId: place.partner }, terms.input),
  )
  life.versions.set(made.version, made.id)
  happenedBetween(life, { what: 'drafted', at: clock.now, version: made.version, ...terms.said })
  await advise(life, made.id, made.termsHash)
}
export async function amend(life: Life) {
  const [version, id] = pickVersion(life)
  const terms = termsFor(life)
  const made = await perform(life.world, ofSide(life, 'SIGNATORY', false), 'amendAgreement', (act) =>
    amendAgreement(act, id, terms.input),
  )
  happenedBetween(life, { what: 'drafted', at: life.clock.now, version, ...terms.said })
  await advise(life, id, made.termsHash)
}
async function advise(life: Life, id: string, termsHash: string) {
  for (const atDesk of [true, false])
    await perform(life.world, ofSide(life, 'PRIVACY_OFFICER', atDesk), 'adviseOnAgreement', (act) =>
      adviseOnAgreement(act, id, 'AGREES', { termsHash }),
    )
}
function pickVersion({ chance, versions }: Life): [number, string] {
  if (versions.size === 0) throw new Refusal('NOT_FOUND', 'there is none')
  return chance.pick([...versions])
}
export async function sign(life: Life, atDesk = life.chance.in(0.5), [version, id] = pickVersion(life)) {
  const onBehalfOf = atDesk ? ORGANISATION_OF_DESK : life.place.partner
  await perform(life.world, ofSide(life, 'SIGNATORY', atDesk), 'signAgreement', async (act) => {
    const termsHash = (await readAgreement(act, id))!.termsHash
    return signAgreement(act, id, onBehalfOf, { termsHash })
  })
  happenedBetween(life, { what: 'signed', at: life.clock.now, version, by: sideId(life, atDesk) })
}
export async function suspend(life: Life) {
  const { chance, clock, world } = life
  const [version, id] = pickVersion(life)
  const atDesk = chance.in(0.5)
  // Who suspends a version suspends the later ones too that somebody has signed (docs/decisions.md).
  const later = standsAt({ ...current(life), happened: life.agreed }, clock.now).agreements.filter(
    (other) => other.version > version && other.isSignedBySomebody,
  )
  await perform(world, ofSide(life, chance.pick(['PRIVACY_OFFICER', 'SIGNATORY']), atDesk), 'suspendAgreement', (act) =>
    suspendAgreement(act, id, 'INCIDENT'),
  )
  for (const each of [version, ...later.map((other) => other.version)])
    happenedBetween(life, { what: 'suspended', at: clock.now, version: each, by: sideId(life, atDesk) })
}
export async function end(life: Life) {
  const [version, id] = pickVersion(life)
  const atDesk = life.chance.in(0.5)
  await perform(life.world, ofSide(life, 'SIGNATORY', atDesk), 'endAgreement', (act) => endAgreement(act, id, 'ON_REQUEST'))
  happenedBetween(life, { what: 'ended', at: life.clock.now, version, by: sideId(life, atDesk) })
}
export async function settle(life: Life) {
  await draft(life)
  for (const atDesk of [true, false]) await sign(life, atDesk, [...life.versions][0]!)
}

export const AGREEMENT_DEEDS: readonly ((life: Life) => Promise<void>)[] = [
  draft,
  amend,
  sign,
  sign,
  sign,
  sign,
  suspend,
  suspend,
  end,
]
