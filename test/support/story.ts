// The first steps of most stories, over HTTP: a contact at Stadhuis Amersfoort, and a hand-off made of it.
import { demoId } from '#app/demo/ids.js'
import type { TestServer } from './server.js'

export const CONSENT = {
  categories: ['routing', 'question', 'situation', 'outcome'],
  askedForHelp: true,
  inOwnInterest: true,
  refusalIsFree: true,
}

export const SITUATION = { work: 'NONE', benefit: 'WW', age: 'A27_54', education: 'SECONDARY', languageHelp: 'NO' }

/** What a guide logs of a conversation. */
export const CONTACT = {
  deskId: demoId('desk-amersfoort-stadhuis'),
  channel: 'WALK_IN',
  visitorKind: 'JOB_SEEKER',
  origin: 'GM0307',
  journey: 'BENEFIT_TO_WORK',
  themes: ['FIND_WORK'],
  situation: SITUATION,
  result: 'HANDED_OFF',
}

type Changes = Record<string, unknown>

/** The id of a new contact of today. */
export async function logContact(server: TestServer, changes: Changes = {}, account = 'gids-amersfoort'): Promise<string> {
  const input = { ...CONTACT, ...changes }
  const answer = await server.as(account)('mutation ($input: LogContactInput!) { logContact(input: $input) { id } }', { input })
  if (answer.errors) throw new Error(answer.text)
  return answer.data.logContact.id
}

/** A new hand-off, to UWV Amersfoort unless said otherwise, with the visitor's code. */
export async function offer(
  server: TestServer,
  contactId: string,
  changes: Changes = {},
  account = 'gids-amersfoort',
): Promise<{ handOff: { id: string; recognitionCode: string }; followUpCode: string }> {
  const input = {
    contactId,
    partnerId: demoId('uwv-amersfoort'),
    nextStep: { kind: 'VISITOR_COMES' },
    consent: CONSENT,
    ...changes,
  }
  const answer = await server.as(account)(
    'mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { followUpCode handOff { id recognitionCode } } }',
    { input },
  )
  if (answer.errors) throw new Error(answer.text)
  return answer.data.offerHandOff
}
