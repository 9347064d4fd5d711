// Two server processes on one database, as in production: what is withdrawn, narrowed or suspended at one is closed at the other on its next read.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoId } from '#app/demo/ids.js'
import { type Processes, startProcesses } from '../support/processes.js'
import { CONSENT, CONTACT } from '../support/story.js'

let two: Processes
beforeAll(async () => {
  two = await startProcesses(2)
})
afterAll(() => two.stop(), 30_000)

/** Asks one of the two: 0 or 1. */
async function ask(at: 0 | 1, account: string | null, query: string, variables: object = {}) {
  const response = await fetch(two.urls[at]!, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(account ? { authorization: `Bearer ${await two.token(account)}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: any; errors?: any[] }
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

/** A hand-off to UWV, accepted; everything that was agreed is shown. */
async function accepted() {
  const { logContact } = await ask(
    0,
    'gids-amersfoort',
    'mutation ($input: LogContactInput!) { logContact(input: $input) { id } }',
    {
      input: CONTACT,
    },
  )
  const input = {
    contactId: logContact.id,
    partnerId: demoId('uwv-amersfoort'),
    nextStep: { kind: 'VISITOR_COMES' },
    consent: CONSENT,
  }
  const { offerHandOff } = await ask(
    0,
    'gids-amersfoort',
    'mutation ($input: OfferHandOffInput!) { offerHandOff(input: $input) { followUpCode handOff { id } } }',
    { input },
  )
  const id: string = offerHandOff.handOff.id
  await ask(1, 'uwv-amersfoort', 'mutation ($id: ID!) { acceptHandOff(id: $id) { id } }', { id })
  expect(await seen(1, id)).toEqual(['logistics', 'question', 'routing', 'situation'])
  return { id, code: offerHandOff.followUpCode as string }
}

/** The categories of which UWV gets something. */
async function seen(at: 0 | 1, id: string): Promise<string[]> {
  const { handOff } = await ask(
    at,
    'uwv-amersfoort',
    'query ($id: ID!) { handOff(id: $id) { logistics: channel routing { visitorKind } question { themes } situation { work } } }',
    { id },
  )
  return Object.keys(handOff)
    .filter((category) => handOff[category] !== null)
    .sort()
}

test('what the desk narrows and withdraws at one process is closed at the other on the next read', async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await accepted()
    await ask(0, 'gids-amersfoort', 'mutation ($id: ID!) { narrowConsent(id: $id, categories: [question, outcome]) { id } }', {
      id,
    })
    expect(await seen(1, id)).toEqual(['logistics', 'question'])
    await ask(0, 'gids-amersfoort', 'mutation ($id: ID!) { withdrawConsent(id: $id) { id } }', { id })
    expect(await seen(1, id)).toEqual(['logistics'])
  }
})

test('what the visitor withdraws with the code at one process is closed at the other on the next read', async () => {
  for (let round = 0; round < 5; round++) {
    const { id, code } = await accepted()
    await ask(0, null, 'mutation ($code: String!) { withdrawByCode(code: $code) { status } }', { code })
    expect(await seen(1, id)).toEqual(['logistics'])
  }
})

test('an agreement that an officer suspends at one process is closed at the other on the next read, and so is one in mid-use', async () => {
  const { id } = await accepted()
  const { agreements } = await ask(0, 'privacy-uwv', '{ agreements { id lock werkcentrum { id } } }')
  const own = agreements.find(
    ({ werkcentrum, lock }: any) => werkcentrum.id === demoId('werkcentrum-amersfoort') && lock === 'active',
  )
  // Somebody keeps reading at the other process while it happens: what was open before is closed after, and never open again.
  let suspended = false
  const looks: { began: boolean; open: boolean }[] = []
  const reading = (async () => {
    while (looks.filter(({ began }) => began).length < 10) {
      const began = suspended
      looks.push({ began, open: (await seen(1, id)).length > 0 })
    }
  })()
  await expect.poll(() => looks.some(({ open }) => open)).toBe(true)
  await ask(0, 'privacy-uwv', 'mutation ($id: ID!) { suspendAgreement(id: $id, reason: INCIDENT) { state } }', { id: own.id })
  suspended = true
  await reading
  expect(looks.filter(({ began, open }) => began && open)).toEqual([])
})
