// The gate: the same answer to everybody who may ask, however they ask; and nothing to those who may not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedCounted } from '#app/demo/counted.js'
import { demoId } from '#app/demo/ids.js'
import { FIGURES } from '#app/figures/policy.js'
import { publishFigures } from '#app/figures/publish.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
const AMERSFOORT = demoId('werkcentrum-amersfoort')
const CELLS = '{ version publishedOn cells { row column value suppressed atLeast } }'

beforeAll(async () => {
  server = await startServer()
  await seedCounted(server.sql, '2026-07-24')
  await publishFigures(server.world.database)
})
afterAll(() => server?.stop())

const ask = (account: string, figure: string, more = `period: "2026-H1", werkcentrumId: "${AMERSFOORT}"`) =>
  server.as(account)(`{ figures(figure: ${figure}, ${more}) ${CELLS} }`)

describe('who asks', () => {
  test('guide and coordinator, of this werkcentrum and of another, get the same; a partner the same of whom the desks reach', async () => {
    const { data } = await ask('coordinator-amersfoort', 'CONTACTS_BY_JOURNEY')
    expect(data.figures.cells).toHaveLength(5)
    expect(data.figures.cells.some(({ value }: { value: number | null }) => value !== null)).toBe(true)
    for (const account of ['gids-amersfoort', 'gids2-amersfoort', 'uwv-amersfoort', 'gemeente-amersfoort', 'uwv-gooi'])
      expect((await ask(account, 'CONTACTS_BY_JOURNEY')).data).toEqual(data)
  })

  test('a partner is told of hand-offs its own row alone; nothing of a union is told to anybody', async () => {
    for (const figure of ['OFFERED', 'OFFERED_BY_PARTNER_KIND', 'ANSWERED_BY_ANSWER', 'COMPLETED_BY_LOOP'])
      expect((await ask('uwv-amersfoort', figure)).errors?.[0].extensions.code).toBe('NOT_FOUND')
    const { data } = await ask('uwv-amersfoort', 'OFFERED_BY_PARTNER')
    for (const { row } of data?.figures?.cells ?? []) expect(row).toBe(demoId('uwv-amersfoort'))
    const union = demoId('fnv-amersfoort')
    for (const account of ['coordinator-amersfoort', 'gids-amersfoort'])
      for (const figure of ['OFFERED_BY_PARTNER', 'OFFERED_BY_PARTNER_KIND']) {
        const { text } = await ask(account, figure)
        expect(text).not.toContain(union)
        expect(text).not.toContain('UNION')
      }
  })

  test('officers, signatories and nobody get nothing', async () => {
    for (const account of ['privacy-amersfoort', 'signatory-amersfoort', 'privacy-uwv'])
      expect((await ask(account, 'CONTACTS')).errors?.[0].extensions.code).toBe('FORBIDDEN')
    expect((await server.nobody(`{ figures(figure: CONTACTS, period: "2026") ${CELLS} }`)).errors?.[0].extensions.code).toBe(
      'UNAUTHENTICATED',
    )
  })
})

describe('how it is asked', () => {
  test('through aliases, in both languages and again, the numbers are the same', async () => {
    const one = (await ask('gids-amersfoort', 'CONTACTS_BY_AGE')).data.figures
    const of = `figures(figure: CONTACTS_BY_AGE, period: "2026-H1", werkcentrumId: "${AMERSFOORT}"`
    const { data } = await server.as('gids-amersfoort')(`{ a: ${of}) ${CELLS} b: ${of}, language: en) ${CELLS} }`)
    expect(data.a).toEqual(one)
    expect(data.b).toEqual(one)
  })

  test('every figure says what it means, in both languages', async () => {
    const of = async (language: string) =>
      (await server.as('gids-amersfoort')(`{ figureDefinitions(language: ${language}) { id title definition unit } }`)).data
        .figureDefinitions
    const [dutch, english] = [await of('nl'), await of('en')]
    expect(english.map(({ id }: any) => id)).toEqual(dutch.map(({ id }: any) => id))
    for (const { title, definition, unit } of english)
      expect(`${title} ${definition} ${unit}`).not.toMatch(/\b(de|het|een|van|naar|zonder|en|die)\b/)
    expect(new Set(english.map(({ definition }: any) => definition)).size).toBe(english.length)
  })

  test('a number that is not told is null and says so, never why', async () => {
    const { data } = await ask('gids-amersfoort', 'CONTACTS_BY_JOURNEY_AND_AGE')
    const { cells } = data.figures
    expect(cells.some(({ suppressed }: { suppressed: boolean }) => suppressed)).toBe(true)
    for (const { value, suppressed } of cells) {
      expect(suppressed).toBe(value === null)
      if (value !== null) expect(value).toBeGreaterThanOrEqual(FIGURES.threshold)
    }
  })

  test('a period that is not over, that is none, or of which nothing is published, has no figures', async () => {
    const code = async (more: string) => (await ask('gids-amersfoort', 'CONTACTS', more)).errors?.[0].extensions.code
    expect(await code(`period: "2026-Q4", werkcentrumId: "${AMERSFOORT}"`)).toBe('NOT_FOUND')
    expect(await code(`period: "2026-11", werkcentrumId: "${AMERSFOORT}"`)).toBe('BAD_INPUT')
    expect(await code(`period: "2026-H1", werkcentrumId: "${demoId('nowhere')}"`)).toBe('NOT_FOUND')
  })

  test('every answer, also no, has its access record', async () => {
    const count = async () =>
      Number(
        (await server.sql.query(`SELECT count(*) FROM access_record WHERE operation = 'figures' AND purpose = 'ACCOUNT'`)).rows[0]
          .count,
      )
    const before = await count()
    await ask('gids-amersfoort', 'CONTACTS')
    await ask('uwv-amersfoort', 'ENDED')
    expect(await count()).toBe(before + 2)
  })
})

describe('goals and the report', () => {
  const report = async (format: string, period = '2026-H1') =>
    (
      await server.as('coordinator-amersfoort')(
        `{ figuresReport(period: "${period}", format: ${format}) { fileName mediaType content } }`,
      )
    ).data.figuresReport
  const set = (account: string, target: number | null) =>
    server.as(account)(`mutation { setFigureGoal(year: 2026, figure: OFFERED, target: ${target}) { figure row target } }`)

  test('the coordinator sets a goal, changes it and takes it away; a guide reads it', async () => {
    expect((await set('gids-amersfoort', 5)).errors?.[0].extensions.code).toBe('FORBIDDEN')
    for (const target of [300, 500])
      expect((await set('coordinator-amersfoort', target)).data.setFigureGoal).toContainEqual({
        figure: 'OFFERED',
        row: 'TOTAL',
        target,
      })
    const goals = async () =>
      (await server.as('gids-amersfoort')('{ figureGoals(year: 2026) { figure target } }')).data.figureGoals
    expect(await goals()).toContainEqual({ figure: 'OFFERED', target: 500 })
    await set('coordinator-amersfoort', null)
    expect(await goals()).not.toContainEqual({ figure: 'OFFERED', target: 500 })
    await set('coordinator-amersfoort', 480)
  })

  test('a quarter in which there was no werkcentrum yet is not in the report of that year, and one of which nothing is told is', async () => {
    for (const period of ['2024-Q3', '2024-Q4', '2024-H2', '2024'])
      await server.sql.query(`INSERT INTO figure_publication VALUES ($1, $2, 1, '2025-01-16')`, [AMERSFOORT, period])
    await server.sql.query(`INSERT INTO figure_value VALUES ($1, '2024-Q4', 'CONTACTS', 1, 'TOTAL', '', 40)`, [AMERSFOORT])
    const { content: json } = await report('JSON', '2024')
    expect(JSON.parse(json).quarters).toEqual([
      { label: 'derde kwartaal 2024', contacts: null, offered: null },
      { label: 'vierde kwartaal 2024', contacts: 40, offered: null },
    ])
    const { content: html } = await report('HTML', '2024')
    expect(html).toContain('derde kwartaal 2024: niet genoemd contactmomenten')
    expect(html + (await report('CSV', '2024')).content).not.toMatch(/(eerste|tweede) kwartaal/)
    expect((await report('JSON', '2026-H1')).content).toContain('eerste kwartaal 2026')
  })

  test('the report holds published numbers in all three forms, and nothing that moves or calls', async () => {
    const { content: json, fileName } = await report('JSON')
    expect(fileName).toBe('rapport-werkcentrum-regio-amersfoort-2026-H1.json')
    const { cells } = (await ask('gids-amersfoort', 'CONTACTS_BY_JOURNEY')).data.figures
    const table = JSON.parse(json).sections[0].tables.find(({ figure }: { figure: string }) => figure === 'CONTACTS_BY_JOURNEY')
    expect(table.rows.map(({ value }: { value: number | null }) => value)).toEqual(
      cells.map(({ value }: { value: number | null }) => value),
    )
    const { content: html } = await report('HTML')
    expect(html).toMatch(/^<!doctype html>\n<html lang="nl">/)
    expect(html).not.toMatch(/<script|https?:|url\((?!#)|@import| on\w+=/i)
    expect((await report('CSV')).content.split('\r\n').length).toBeGreaterThan(60)
  })
})
