// The demo story: four months at two desks, played through the domain itself, the same on every machine for the same day (design 7).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, type ClientBase } from 'pg'
import { listAccessRecords } from '../access-log/access-log.js'
import { listAgreements } from '../agreements/agreements.js'
import { endAgreement, suspendAgreement } from '../agreements/life.js'
import { giveConsent } from '../consent/give-consent.js'
import { logContact, voidContact } from '../contacts/contacts.js'
import type { Channel } from '../contacts/lists.js'
import { writeWhole } from '../database/holder.js'
import type { PrismaClient } from '../database/prisma/client.js'
import type { Policies } from '../decide/policy-files.js'
import { addWorkingDays, type Day, dutchToday, isWorkingDay } from '../handoffs/calendar.js'
import { listHandOffs, listOpenLoops } from '../handoffs/handoffs.js'
import type { NextStep, WarmCallChannel, WarmCallResult } from '../handoffs/lists.js'
import { addDays } from '../handoffs/loops.js'
import { hashesOf, offerHandOff } from '../handoffs/offer.js'
import { recordWarmCall } from '../handoffs/take-step.js'
import type { Capacity, StaffCapacity } from '../identity/capacity.js'
import type { KeyRing } from '../identity/pseudonym.js'
import { perform } from '../operations/perform.js'
import { realWorld, type World } from '../world.js'
import { type Agenda, dutchInstant, makeAgenda, type Until } from './agenda.js'
import { type Chance, chanceFrom } from './chance.js'
import { drawConsent, type Extent } from './consents.js'
import { seedCounted } from './counted.js'
import type { Told } from './courses.js'
import { demoId } from './ids.js'
import { partnerOf, STOPS, seedOrganisations, WERKCENTRA } from './organisations.js'
import { PLACES, type Place } from './places.js'
import { planVisits, type Visit } from './plan.js'
import { drawVisitor } from './visitors.js'

/** How far the story goes back, in days. */
export const STORY_DAYS = 122

export type StoryParts = {
  database: PrismaClient
  policies: Policies
  keys: KeyRing
  /** The first day that is not told any more. */
  today: Day
  /** For tests: a shorter story, with as many conversations a day. */
  days?: number
}

type Demo = Readonly<{ world: World; chance: Chance; agenda: Agenda; openDays: readonly Day[] }>

export async function playStory({ database, policies, keys, today, days = STORY_DAYS }: StoryParts): Promise<void> {
  const chance = chanceFrom(`warme overdracht ${today}`)
  const agenda = makeAgenda()
  // Codes and traces draw apart: how many there are of them makes no other story.
  const { bytes } = chanceFrom(`codes and traces ${today}`)
  const world = realWorld({ database, policies, keys, now: agenda.now, newId: chance.uuid, random: bytes })
  const openDays = Array.from({ length: days }, (_, index) => addDays(today, index - days)).filter(isWorkingDay)
  const demo = { world, chance, agenda, openDays }
  for (const place of PLACES) {
    for (const visit of planVisits(chance, openDays, place, days / STORY_DAYS))
      agenda.enter(dutchInstant(visit.day, visit.minutes), (until) => playVisit(demo, place, visit, until))
    for (const day of openDays) planReading(demo, place, day)
  }
  planStops(demo, today)
  await agenda.play(dutchInstant(today, 0))
}

/* Playing. */

const staff = (side: 'WERKCENTRUM' | 'PARTNER', role: StaffCapacity['role'], organisation: string, subject: string) =>
  Object.freeze({ role, side, organisationId: demoId(organisation), subject }) as Capacity

/** One of the two guides whose half-day of the week it is. */
function guideOnDuty({ chance, agenda }: Demo, { werkcentrum, guides }: Place): Capacity {
  const { day, dayPart } = dutchToday(agenda.now())
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  const halfDay = weekday * 2 + (dayPart === 'MORNING' ? 0 : 1)
  return staff('WERKCENTRUM', 'GUIDE', werkcentrum, guides[(halfDay * 2 + chance.whole(0, 1)) % guides.length]!)
}

/** The account of the demo, or one of two colleagues. */
const handlerOf = ({ chance }: Demo, partner: string): Capacity =>
  staff('PARTNER', 'HANDLER', partner, chance.oneOf([partner, `${partner}-2`, `${partner}-3`]))

async function playVisit(demo: Demo, place: Place, visit: Visit, until: Until): Promise<void> {
  const { world, chance, agenda } = demo
  const today = () => dutchToday(agenda.now()).day
  const guide = guideOnDuty(demo, place)
  const { handOff } = visit
  const visitor = drawVisitor(chance, handOff?.partner ?? null, visit.minor ? 'U16' : undefined)
  const isOnline = visit.channel === 'ONLINE' || visit.channel === 'EMAIL'
  const input = {
    ...visitor,
    deskId: demoId(isOnline ? place.onlineDesk : chance.weighted(place.desks)),
    channel: visit.channel,
    origin: visit.origin,
    result: handOff ? ('HANDED_OFF' as const) : chance.weighted({ ANSWERED: 48, REFERRED: 30, COMES_BACK: 17, BROKEN_OFF: 5 }),
    note: null,
    idempotencyKey: null,
  }
  const contact = await perform(world, guide, 'logContact', (act) => logContact(act, input))
  if (visit.isDouble) {
    const again = await perform(world, guide, 'logContact', (act) => logContact(act, input))
    await perform(world, guide, 'voidContact', (act) => voidContact(act, again.id))
  }
  if (!handOff) return

  const { course, partner } = handOff
  const { kind } = partnerOf(partner)
  const reserve = course.hasReserve ? (partner === 'uwv-amersfoort' ? 'gemeente-amersfoort' : 'uwv-amersfoort') : null
  const wishes = {
    extent: visit.minor ? ('everything' as const) : course.extent,
    reservePartnerId: reserve ? demoId(reserve) : undefined,
    representativePresent: visit.minor === 'represented',
  }
  // Some think it over while they are still there, and then share more: that takes their own code (invariant 9).
  const thinksAgain = !course.extent && kind !== 'UNION' && visit.minor === null && chance.part() < 0.05
  const first: Extent | undefined = thinksAgain ? 'question' : wishes.extent
  const agreed = drawConsent(chance, visitor, kind, { ...wishes, extent: first })
  const kindOfStep = course.nextStep ?? chance.weighted<NextStep>({ VISITOR_CALLS: 35, VISITOR_COMES: 35, APPOINTMENT: 30 })
  const nextStep =
    kindOfStep === 'APPOINTMENT'
      ? ({
          kind: kindOfStep,
          day: addWorkingDays(today(), chance.whole(2, 6)),
          dayPart: chance.oneOf(['MORNING', 'AFTERNOON'] as const),
        } as const)
      : { kind: kindOfStep, day: null, dayPart: null }
  const offered = await perform(world, guide, 'offerHandOff', (act) =>
    offerHandOff(act, {
      contactId: contact.id,
      partnerId: demoId(partner),
      nextStep,
      ...agreed,
      note: null,
      idempotencyKey: null,
    }),
  )
  const id = offered.handOff.id
  const code = offered.followUpCode!
  if (thinksAgain) {
    const more = {
      handOffId: id,
      followUpCode: code,
      note: null,
      ...drawConsent(chance, visitor, kind, { extent: visitor.situation ? 'everything' : 'little' }),
    }
    const consent = more.consent!
    await perform(world, guide, 'giveConsent', (act) => giveConsent(act, { ...more, consent }), {
      codeHashes: hashesOf(world, code),
    })
  }
  if (chance.part() < 0.8 && !isOnline)
    await perform(world, guide, 'recordWarmCall', (act) => recordWarmCall(act, id, drawCall(chance, kindOfStep, visit.channel)))

  const told: Told = {
    id,
    code,
    partner,
    reserve,
    visitor,
    world,
    chance,
    wait: (low, high) =>
      until(dutchInstant(addWorkingDays(today(), chance.whole(low, high)), chance.whole(9 * 60, 16 * 60 + 30))),
    pause: () => until(new Date(agenda.now().getTime() + chance.whole(10, 40) * 60_000)),
    guide: () => guideOnDuty(demo, place),
    coordinator: () => staff('WERKCENTRUM', 'COORDINATOR', place.werkcentrum, place.coordinator),
    handler: (key) => handlerOf(demo, key),
  }
  await course.play(told)
}

function drawCall(chance: Chance, nextStep: NextStep, visited: Channel) {
  const isThere = visited === 'WALK_IN' || visited === 'EVENT'
  const channel = chance.weighted<WarmCallChannel>({ PHONE: 62, WALKED_OVER: isThere ? 18 : 0, EMAIL: 16, VIDEO: 4 })
  const spoken = nextStep === 'APPOINTMENT' ? 'APPOINTMENT' : 'SPOKEN'
  const result =
    channel === 'EMAIL'
      ? 'MESSAGE_SENT'
      : channel === 'PHONE'
        ? chance.weighted<WarmCallResult>({ [spoken]: 62, CALLS_BACK: 14, VOICEMAIL: 14, NO_ANSWER: 10 })
        : spoken
  return { channel, result, visitorPresent: isThere && channel !== 'EMAIL' } as const
}

/** Reading leaves traces too: the start of a shift, the week of a coordinator, the month of the privacy officers. */
function planReading(demo: Demo, place: Place, day: Day): void {
  const { world, agenda, openDays } = demo
  const page = { first: 20, after: null }
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  const at = (minutes: number, read: () => Promise<unknown>) =>
    agenda.enter(dutchInstant(day, minutes), async () => {
      await read()
    })
  const isBusy = place.guides.length >= 10
  if (isBusy || weekday === 1)
    at(8 * 60 + 50, () => perform(world, guideOnDuty(demo, place), 'openLoops', (act) => listOpenLoops(act, page)))
  if (isBusy && weekday === 1) {
    const coordinator = staff('WERKCENTRUM', 'COORDINATOR', place.werkcentrum, place.coordinator)
    at(9 * 60 + 20, () => perform(world, coordinator, 'openLoops', (act) => listOpenLoops(act, { ...page, first: 50 })))
  }
  if (openDays.indexOf(day) % 20 !== 19) return
  const officer = staff('WERKCENTRUM', 'PRIVACY_OFFICER', place.werkcentrum, place.privacyOfficer)
  const mistakes = { ended: true, reason: 'SENT_TO_WRONG_PARTNER' }
  at(10 * 60, async () => {
    await perform(world, officer, 'handOffs', (act) => listHandOffs(act, mistakes, page))
    await perform(world, officer, 'agreements', listAgreements)
    await perform(world, officer, 'accessLog', (act) =>
      listAccessRecords(act, { handOffId: null, from: null, until: null }, page),
    )
  })
  if (place.werkcentrum !== 'werkcentrum-amersfoort') return
  const ofUwv = staff('PARTNER', 'PRIVACY_OFFICER', 'uwv-amersfoort', 'privacy-uwv')
  at(14 * 60, async () => {
    await perform(world, ofUwv, 'handOffs', (act) => listHandOffs(act, {}, page))
    await perform(world, ofUwv, 'agreements', listAgreements)
  })
}

/** Two agreements are stopped on the way: what was read before stays as it then was. */
function planStops({ world, agenda }: Demo, today: Day): void {
  const officer = staff('WERKCENTRUM', 'PRIVACY_OFFICER', 'werkcentrum-amersfoort', 'privacy-amersfoort')
  const signatory = staff('WERKCENTRUM', 'SIGNATORY', 'werkcentrum-amersfoort', 'signatory-amersfoort')
  for (const stop of STOPS)
    agenda.enter(dutchInstant(addDays(today, -stop.daysAgo), 8 * 60), async () => {
      const id = demoId(stop.agreement)
      if (stop.step === 'suspend')
        await perform(world, officer, 'suspendAgreement', (act) => suspendAgreement(act, id, stop.reason))
      else await perform(world, signatory, 'endAgreement', (act) => endAgreement(act, id, stop.reason))
    })
}

/* Playing it once. */

/** Says in the data folder that the story was begun and whether it was finished. INVARIANT: no follow-up code is kept in it, or anywhere. */
type Marker = { story: 'begun' | 'finished'; today: Day }

/**
 * Fills a database for the demo, at the first start only. A story that was cut short is wiped and played anew; what somebody made
 * without one is left alone.
 */
export async function playDemo({
  ownerUrl,
  dataFolder,
  announce = () => {},
  ...parts
}: StoryParts & { ownerUrl: string; dataFolder: string; announce?: (sentence: string) => void }): Promise<void> {
  const file = join(dataFolder, 'story.json')
  const marker = readMarker(file)
  const owner = new Client({ connectionString: ownerUrl })
  // Stopped in the middle of the story, PostgreSQL hangs up on a client that waits for nothing; whatever asks next hears it.
  owner.on('error', () => {})
  await owner.connect()
  try {
    if (marker?.story === 'begun') await wipe(owner)
    if (await isInUse(owner)) return
    announce('Playing the demo story: four months at two desks, once. This takes some twenty seconds ...')
    writeWhole(file, JSON.stringify({ story: 'begun', today: parts.today } satisfies Marker))
    await seedOrganisations(owner, parts.today)
    await seedCounted(owner, addDays(parts.today, -STORY_DAYS))
    await playStory(parts)
    writeWhole(file, JSON.stringify({ story: 'finished', today: parts.today } satisfies Marker))
  } finally {
    await owner.end()
  }
}

function readMarker(file: string): Marker | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

async function isInUse(owner: ClientBase): Promise<boolean> {
  const { rowCount } = await owner.query('SELECT FROM visitor_contact WHERE werkcentrum_id = ANY ($1::uuid[]) LIMIT 1', [
    WERKCENTRA.map(({ key }) => demoId(key)),
  ])
  return rowCount === 1
}

/** All that a begun story wrote, and the agreements, which are dated from the day it is played. */
async function wipe(owner: ClientBase): Promise<void> {
  await owner.query(
    'TRUNCATE visitor_contact, hand_off, idempotency_key, access_record, agreement, figure_counted, figure_publication, figure_goal CASCADE',
  )
}
