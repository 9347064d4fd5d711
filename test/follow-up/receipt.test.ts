// The receipt: what was agreed and nothing else, in two languages, as a record, and on paper with a code that can be read by a camera.
import fc from 'fast-check'
import jsqr from 'jsqr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHAREABLE, type Shareable } from '#app/consent/consent.js'
import type { ConsentVersion } from '#app/consent/consent-history.js'
import { readPolicies } from '#app/decide/policy-files.js'
import { demoId } from '#app/demo/ids.js'
import {
  type Agreed,
  CATEGORY_WORDS,
  RECEIPT_LANGUAGES,
  type ReceiptLanguage,
  recordOf,
  seenUnasked,
  textOf,
} from '#app/follow-up/receipt.js'
import { printable } from '#app/follow-up/receipt-page.js'
import { makeFollowUpCode } from '#app/handoffs/codes.js'
import {
  done,
  FNV,
  GEMEENTE,
  GUIDE,
  made,
  narrow,
  TO_A_UNION,
  WIDEST,
  WITH_SENSITIVE,
  WSP,
  withdraw,
} from '../journeys/hand-off.js'
import { POLICIES, startServer, type TestServer } from '../support/server.js'

/** A CommonJS package: how its default arrives depends on who imports it. */
const read = ((jsqr as any).default ?? jsqr) as (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string } | null

const LANGUAGES = Object.keys(RECEIPT_LANGUAGES) as ReceiptLanguage[]
const CATEGORIES = (Object.keys(SHAREABLE) as Shareable[]).filter((category) => category !== 'outcome') as Exclude<
  Shareable,
  'outcome'
>[]
const FEEDBACK = {
  nl: ['De partner mag de balie vertellen', 'De balie hoort niet'],
  en: ['The partner may tell the desk', 'The desk does not hear'],
} as const

const POLICY = readPolicies(POLICIES).sharing
const version = (changes: Partial<ConsentVersion> = {}): ConsentVersion => ({
  version: 1,
  change: 'GIVEN',
  day: '2026-11-18',
  bySide: 'WERKCENTRUM',
  askedByRole: 'GUIDE',
  basis: 'SAFEGUARD',
  categories: ['question'],
  explicitCategories: [],
  purposes: ['HELP'],
  feedbackToDesk: false,
  reservePartner: null,
  askedForHelp: true,
  inOwnInterest: true,
  refusalIsFree: true,
  underSixteen: false,
  representativePresent: false,
  givenHow: 'SPOKEN',
  wordingVersion: 'THREE_SENTENCES_2026',
  wording: '',
  language: 'nl',
  expiresOn: '2027-05-20',
  ...changes,
})
const agreed = (changes: Partial<Agreed> = {}): Agreed => ({
  recordId: 'k1:record',
  today: '2026-11-20',
  werkcentrum: 'Werkcentrum Ergens',
  deskControllers: ['Gemeente Ergens'],
  partner: 'Partner Ergens',
  partnerControllers: ['Partner Ergens'],
  contactPoint: 'Privacyloket',
  lawfulBasis: { name: 'task-of-uwv', version: 1, article: 'AVG art. 6(1)(e)', law: 'Wet SUWI' },
  basesOfSensitive: [{ name: 'explicit-consent', version: 1, article: 'AVG art. 9(2)(a)', law: 'UAVG art. 22(2)(a)' }],
  unasked: seenUnasked(POLICY, 'UWV'),
  versions: [version()],
  ...changes,
})

describe('In words', () => {
  test('both languages name every agreed category and none other, the feedback and the reserve apart; and so does the record', () => {
    fc.assert(
      fc.property(
        fc.subarray(CATEGORIES, { minLength: 1 }),
        fc.boolean(),
        fc.boolean(),
        (categories, feedbackToDesk, hasReserve) => {
          const reservePartner = hasReserve
            ? { id: '', name: 'Een Reserve', kind: 'WSP', legalPerson: false, amCode: null }
            : null
          const facts = agreed({ versions: [version({ categories, feedbackToDesk, reservePartner: reservePartner as never })] })
          for (const language of LANGUAGES) {
            for (const text of [textOf(facts, language), printable(facts, 'code', language)]) {
              for (const category of CATEGORIES)
                expect(text.includes(CATEGORY_WORDS[language][category]), `${language} ${category}`).toBe(
                  categories.includes(category),
                )
              expect(text.includes(FEEDBACK[language][feedbackToDesk ? 0 : 1])).toBe(true)
              expect(text.includes(FEEDBACK[language][feedbackToDesk ? 1 : 0])).toBe(false)
              expect(text.includes('Een Reserve')).toBe(hasReserve)
            }
          }
          const { pii_processing } = recordOf(facts) as any
          expect(pii_processing.purposes[0].pii_information.map(({ pii_type }: any) => pii_type)).toEqual([
            ...categories,
            ...(feedbackToDesk ? ['outcome'] : []),
          ])
        },
      ),
    )
  })

  test.each(LANGUAGES)('%s: withdrawn, expired or never given, nothing is said to be shared, and why', (language) => {
    const withdrawn = agreed({
      versions: [version({ version: 2, change: 'WITHDRAWN', categories: [], day: '2026-11-19' }), version()],
    })
    const expired = agreed({ today: '2027-05-20' })
    const texts = [withdrawn, expired, agreed({ versions: [] })].map((facts) => textOf(facts, language))
    expect(new Set(texts).size).toBe(3)
    for (const text of texts) for (const words of Object.values(CATEGORY_WORDS[language])) expect(text).not.toContain(words)
    expect(texts[0]).toContain(language === 'nl' ? '19 november 2026' : '19 November 2026')
    expect((recordOf(withdrawn) as any).state).toBe('withdrawn')
    expect((recordOf(expired) as any).state).toBe('expired')
    expect((recordOf(agreed({ versions: [] })) as any).state).toBe('none')
  })

  test('it never says that nothing is shared: what a partner sees without consent is named, with consent and without', () => {
    const WITHOUT = {
      nl: [
        'De partner ziet altijd, ook als u nee zegt: de herkenningscode, het werkcentrum en hoe het met uw vraag gaat.',
        'Is er een afspraak, dan ziet de partner ook: bij welke balie u was, hoe en op welke dag.',
      ],
      en: [
        'The partner always sees, also when you say no: the recognition code, the werkcentrum and how your question is going.',
        'Under an agreement the partner also sees: which desk you visited, how and on which day.',
      ],
    }
    for (const facts of [agreed(), agreed({ versions: [] }), agreed({ today: '2027-05-20' })])
      for (const language of LANGUAGES) {
        const text = textOf(facts, language)
        for (const sentence of WITHOUT[language]) expect(text).toContain(sentence)
        expect(text).not.toMatch(
          /^Er wordt nu niets gedeeld|Alles wat hierboven niet staat|^Nothing is shared|gets nothing from us/m,
        )
      }
  })

  test('what is seen without consent follows the policy, for each kind of partner', () => {
    const { share } = POLICY
    expect(seenUnasked({ share }, 'SCHOOL')).toEqual({ always: ['reference', 'progress'], underAgreement: ['logistics'] })
    const opened = share.map((rule) =>
      rule.categories.includes('question') && rule.role === 'HANDLER' ? { ...rule, needs: [] } : rule,
    )
    expect(seenUnasked({ share: opened }, 'SCHOOL').always).toContain('question')
    expect(textOf(agreed({ versions: [], unasked: seenUnasked({ share: opened }, 'SCHOOL') }), 'nl')).toContain(
      CATEGORY_WORDS.nl.question,
    )
    const forUwv = opened.map((rule) => ({ ...rule, partnerKinds: ['UWV' as const] }))
    expect(seenUnasked({ share: forUwv }, 'SCHOOL')).toEqual({ always: [], underAgreement: [] })
    expect(textOf(agreed({ unasked: { always: [], underAgreement: [] } }), 'nl')).not.toContain('altijd ziet')
  })

  test('of erasing it says what goes and what stays, with consent and without', () => {
    for (const facts of [agreed(), agreed({ versions: [] })]) {
      const text = textOf(facts, 'nl')
      expect(text).toContain('laten wissen wat u liet delen.')
      expect(text).toContain(
        'Na het wissen blijft bewaard: waar u ja op zei, via welke balie, wanneer, hoe het ging en wie keek.',
      )
      expect(text).toContain('Uw gesprek zelf blijft bij de balie bewaard')
      expect(text).not.toMatch(/alles (laten )?wissen/i)
      expect(textOf(facts, 'en')).toContain('After erasing, this is kept: what you said yes to')
      expect(textOf(facts, 'en')).not.toContain('everything erased')
    }
  })

  test('the two languages say the same things, in as many lines', () => {
    for (const facts of [
      agreed(),
      agreed({ versions: [] }),
      agreed({ versions: [version({ underSixteen: true, feedbackToDesk: true })] }),
    ])
      expect(textOf(facts, 'nl').split('\n').length).toBe(textOf(facts, 'en').split('\n').length)
  })

  test('plain Dutch: short sentences, and no words of the law', () => {
    const text = textOf(agreed({ versions: [version({ categories: CATEGORIES })] }), 'nl')
    for (const sentence of text.split(/(?<=[.?!”])\s+|\n/)) expect(sentence.split(/\s+/).length, sentence).toBeLessThanOrEqual(20)
    expect(text.replace('Autoriteit Persoonsgegevens', '')).not.toMatch(
      /AVG|verwerking|grondslag|verantwoordelijke|betrokkene|persoonsgegeven/i,
    )
  })
})

describe('On paper', () => {
  /** Draws the page's QR with a quiet zone, eight pixels to a module, and reads it as a camera would. */
  const scanned = (html: string): string | undefined => {
    const size = Number(/viewBox="0 0 (\d+) /.exec(html)![1])
    const pixels = new Uint8ClampedArray(size * 8 * size * 8 * 4).fill(255)
    for (const [, x, y] of html.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
      for (let dy = 0; dy < 8; dy++)
        for (let dx = 0; dx < 8; dx++) pixels.set([0, 0, 0, 255], ((Number(y) * 8 + dy) * size * 8 + Number(x) * 8 + dx) * 4)
    return read(pixels, size * 8, size * 8)?.data
  }

  test('the QR holds the code and nothing else', () => {
    let drawn = 7
    for (let tries = 0; tries < 10; tries++) {
      const code = makeFollowUpCode((bytes) => Uint8Array.from({ length: bytes }, () => (drawn = (drawn * 73 + 41) % 256)))
      const html = printable(agreed(), code, 'nl')
      expect(scanned(html)).toBe(code)
      expect(html).toContain(`<p class="code">${code}</p>`)
    }
  })

  test.each(LANGUAGES)(
    '%s: one document that asks nothing of anybody, in its own language, with headings in order',
    (language) => {
      const html = printable(agreed(), 'ABCDE-FGHJK-LMNP', language)
      expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${language}">`))
      expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i)
      expect(html.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\/\//)
      expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
      const headings = [...html.matchAll(/<h(\d)>/g)].map(([, level]) => Number(level))
      expect(headings[0]).toBe(1)
      expect(headings.slice(1).every((level) => level === 2)).toBe(true)
      expect(html).toMatch(/role="img" aria-label="[^"]+"/)
      expect(html).toContain('color: #000')
    },
  )

  test('names of organisations cannot break out of it', () => {
    const html = printable(agreed({ partner: '<script>alert(1)</script>', contactPoint: '"><img src=x>' }), 'code', 'nl')
    expect(html).not.toMatch(/<script|<img/)
  })
})

describe('Over HTTP', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())
  const receipt = async (code: string, language = 'nl') =>
    done(
      server.nobody(`query ($code: String!) { consentReceipt(code: $code, language: ${language}) { text record printable } }`, {
        code,
      }),
    )

  test('says who answers for it, what for, until when, who asked, how to change it, and where to ask', async () => {
    const { code } = await made(server, { consent: { ...WIDEST, reservePartnerId: GEMEENTE } })
    const { text } = await receipt(code)
    for (const words of [
      'Werkcentrum regio Amersfoort',
      'UWV, kantoor Amersfoort',
      'Gemeente Amersfoort',
      'Privacyloket',
      '20 mei 2027',
      'Een gids aan de balie',
      '18 november 2026',
      'Mag ik deze partner vertellen',
      'Nee zeggen had geen gevolgen',
      'volgcode',
      'burgerservicenummer',
    ])
      expect(text).toContain(words)
    const english = (await receipt(code, 'en')).text
    for (const words of ['20 May 2027', 'A guide at the desk', 'May I tell this partner', 'no consequences', 'date of birth'])
      expect(english).toContain(words)
  })

  test('of a partnership it names those it acts for', async () => {
    const { code } = await made(server, { partnerId: WSP })
    const { party_identification } = JSON.parse((await receipt(code)).record)
    const names = party_identification
      .filter(({ party_side }: any) => party_side === 'partner')
      .map(({ party_name }: any) => party_name)
    expect(names.length).toBeGreaterThan(0)
    expect(names.join()).not.toMatch(/WSP/)
  })

  test('holds no identity: no id of anything, no recognition code, no value that was shared, no colleague', async () => {
    const contact = { origin: 'GM0307' }
    for (const [partnerId, consent, sensitive] of [
      [demoId('uwv-amersfoort'), WITH_SENSITIVE, ['DISABILITY_BENEFIT']],
      [FNV, TO_A_UNION, []],
    ] as const) {
      const { id, code, recognitionCode } = await made(server, { partnerId, consent, sensitive }, contact)
      await done(narrow(server, GUIDE, id, ['question', 'routing']))
      for (const language of LANGUAGES) {
        const all = await receipt(code, language)
        const said = Object.values(all).join('\n')
        expect(said).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
        for (const secret of [
          id,
          recognitionCode,
          'GM0307',
          'JOB_SEEKER',
          'FIND_WORK',
          'DISABILITY_BENEFIT',
          'gids-amersfoort',
          'Amersfoort Stadhuis',
        ])
          expect(said).not.toContain(secret)
        expect([all.text, all.record].join()).not.toContain(code)
        expect(all.printable).toContain(code)
      }
    }
  })

  test('the record follows ISO/IEC TS 27560: header, processing, parties, events', async () => {
    const { id, code } = await made(server, { consent: WITH_SENSITIVE, sensitive: ['JOBS_AGREEMENT'] })
    const before = JSON.parse((await receipt(code)).record)
    expect(before).toMatchObject({
      schema_version: 'ISO/IEC TS 27560:2023',
      record_id: expect.stringMatching(/^k1:[\w-]{43}$/),
      pii_processing: {
        purposes: [
          {
            lawful_basis: { article: 'AVG art. 6(1)(e)', law: 'Wet SUWI', consent: 'SAFEGUARD' },
            retention_period: { until: '2027-05-20' },
          },
        ],
      },
      events: [{ event_type: 'given', event_state: 'given', event_time: '2026-11-18', valid_until: '2027-05-20' }],
      state: 'valid',
    })
    expect(before).not.toHaveProperty('pii_principal_id')
    const special = before.pii_processing.purposes[0].pii_information.filter(
      ({ special_pii_category }: any) => special_pii_category,
    )
    expect(special).toMatchObject([
      {
        pii_type: 'sensitive',
        explicit: true,
        lawful_basis_besides: [{ article: 'AVG art. 9(2)(a)', law: 'UAVG art. 22(2)(a)' }],
      },
    ])
    expect(
      before.pii_processing.purposes[0].pii_information.filter((information: any) => 'lawful_basis_besides' in information),
    ).toEqual(special)
    const parties = new Set(before.party_identification.map(({ party_id }: any) => party_id))
    for (const { pii_controllers, recipients } of before.pii_processing.purposes[0].pii_information)
      for (const party of [...pii_controllers, ...recipients]) expect(parties).toContain(party)
    expect(JSON.parse((await receipt(code, 'en')).record)).toEqual(before)
    await done(withdraw(server, GUIDE, id))
    const after = JSON.parse((await receipt(code)).record)
    expect(after.events.map(({ event_type }: any) => event_type)).toEqual(['given', 'withdrawn'])
    expect([after.state, after.pii_processing.purposes, after.record_id === before.record_id]).toEqual(['withdrawn', [], false])
  })

  test('the lawful basis is that of the agreement in force, by name and version; without one that of the policy', async () => {
    const { code } = await made(server)
    const basis = async () => JSON.parse((await receipt(code)).record).pii_processing.purposes[0].lawful_basis
    /** As agreed on otherwise, or not in force; then as it was. */
    const agreedOtherwise = async (columns: string) => {
      await server.sql.query('BEGIN')
      await server.sql.query('SET LOCAL session_replication_role = replica')
      await server.sql.query(`UPDATE agreement SET ${columns} WHERE partner_id = $1`, [demoId('uwv-amersfoort')])
      await server.sql.query('COMMIT')
      return basis()
    }
    const policy = { name: 'task-of-uwv', version: 1, article: 'AVG art. 6(1)(e)', law: 'Wet SUWI', consent: 'SAFEGUARD' }
    expect(await basis()).toEqual(policy)
    expect(await agreedOtherwise(`legal_basis = 'task-of-the-gemeente'`)).toEqual({
      ...policy,
      name: 'task-of-the-gemeente',
      law: 'Participatiewet; Wet SUWI',
    })
    // Other words than those of today: which they were, the name and the version say.
    expect(await agreedOtherwise('legal_basis_version = 7')).toEqual({
      ...policy,
      name: 'task-of-the-gemeente',
      version: 7,
      article: null,
      law: null,
    })
    expect(await agreedOtherwise(`valid_from = '2099-01-01', valid_to = '2099-12-31'`)).toEqual(policy)
    expect((await receipt(code)).text).toContain('Vragen over uw gegevens stelt u aan de balie.')
  })
})
