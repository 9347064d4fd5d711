// A token stands for exactly one role in one organisation, or for nothing.

import { describe, expect, test } from 'vitest'
import { capacityFrom, NOBODY } from '#app/identity/capacity.js'

const ID = '6f1f0f1e-3c58-4d0f-9a55-0a6d3f8f2b11'
const claims = (role: unknown, organisation: unknown = `partner:${ID}`, more: object = {}) => ({
  sub: 'somebody',
  wo_role: role,
  wo_organisation: organisation,
  ...more,
})

describe('Each role acts for its own kind of organisation only', () => {
  const allowed = {
    GUIDE: ['werkcentrum'],
    COORDINATOR: ['werkcentrum'],
    HANDLER: ['partner'],
    PRIVACY_OFFICER: ['werkcentrum', 'partner'],
    SIGNATORY: ['werkcentrum', 'partner'],
  }
  for (const [role, kinds] of Object.entries(allowed))
    for (const kind of ['werkcentrum', 'partner'])
      test(`${role} ${kinds.includes(kind) ? 'may' : 'may not'} act for a ${kind}`, () => {
        const capacity = capacityFrom(claims(role, `${kind}:${ID}`))
        expect(capacity).toEqual(
          kinds.includes(kind) ? { role, side: kind.toUpperCase(), organisationId: ID, subject: 'somebody' } : undefined,
        )
      })
})

describe('A role is one known word', () => {
  for (const role of [
    undefined,
    null,
    '',
    'handler',
    'HANDLER ',
    'HANDLER,SIGNATORY',
    'HANDLER SIGNATORY',
    'CODE_HOLDER',
    'NOBODY',
    'ADMIN',
    'constructor',
    ['HANDLER'],
    ['HANDLER', 'SIGNATORY'],
    { HANDLER: true },
    1,
    true,
  ])
    test(`not ${JSON.stringify(role)}`, () => expect(capacityFrom(claims(role))).toBeUndefined())
})

describe('An organisation is a kind and a lower-case UUID', () => {
  // `?? null`: an undefined argument would become the default.
  for (const organisation of [
    undefined,
    null,
    '',
    ID,
    'partner',
    'partner:',
    'partner:*',
    `Partner:${ID}`,
    `partner:${ID.toUpperCase()}`,
    `partner:${ID}\n`,
    ` partner:${ID}`,
    `partner:${ID} partner:${ID}`,
    `desk:${ID}`,
    [`partner:${ID}`],
    { kind: 'partner', id: ID },
  ])
    test(`not ${JSON.stringify(organisation)}`, () =>
      expect(capacityFrom(claims('SIGNATORY', organisation ?? null))).toBeUndefined())
})

describe('A capacity has a subject', () => {
  for (const sub of [undefined, '', 7, ['somebody'], 'x'.repeat(256)])
    test(`not ${JSON.stringify(sub)?.slice(0, 20)}`, () =>
      expect(capacityFrom(claims('HANDLER', undefined, { sub }))).toBeUndefined())
})

test('Claims that are no object give no capacity', () => {
  for (const nothing of [undefined, null, 'HANDLER', 1, [claims('HANDLER')]]) expect(capacityFrom(nothing)).toBeUndefined()
})

test('An issuer may nest the claims: names are dotted paths', () => {
  const nested = { sub: 'somebody', realm: { wo: { role: 'HANDLER', at: `partner:${ID}` } } }
  const capacity = capacityFrom(nested, { role: 'realm.wo.role', organisation: 'realm.wo.at' })
  expect(capacity).toMatchObject({ role: 'HANDLER', organisationId: ID })
})

test('An issuer may have dots in the names themselves', () => {
  const dotted = { sub: 'somebody', 'https://example.nl/role': 'HANDLER', 'https://example.nl/at': `partner:${ID}` }
  const names = { role: 'https://example.nl/role', organisation: 'https://example.nl/at' }
  expect(capacityFrom(dotted, names)).toMatchObject({ role: 'HANDLER' })
})

test('A path reaches nothing that is inherited or in a list', () => {
  const listed = { sub: 'somebody', roles: ['HANDLER'], wo_organisation: `partner:${ID}` }
  expect(capacityFrom(listed, { role: 'roles.0', organisation: 'wo_organisation' })).toBeUndefined()
  const inherited = Object.assign(Object.create({ wo_role: 'HANDLER' }), { sub: 's', wo_organisation: `partner:${ID}` })
  expect(capacityFrom(inherited)).toBeUndefined()
  expect(
    capacityFrom(JSON.parse(`{"sub":"s","wo_organisation":"partner:${ID}","__proto__":{"wo_role":"HANDLER"}}`)),
  ).toBeUndefined()
})

test('A capacity cannot be changed afterwards', () => {
  expect(Object.isFrozen(capacityFrom(claims('HANDLER')))).toBe(true)
  expect(Object.isFrozen(NOBODY)).toBe(true)
})
