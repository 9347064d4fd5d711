// The start page and the tour in GraphiQL, played in a real browser: nothing from third parties, no token left behind.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNTS } from '#app/identity/accounts.js'
import { startServer, type TestServer } from '../support/server.js'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

describe.skipIf(!CHROMIUM)('in a browser', () => {
  let server: TestServer
  let context: BrowserContext
  let page: Page
  const profile = mkdtempSync(join(tmpdir(), 'wo-browser-'))
  const elsewhere: string[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    server = await startServer({ pages: true })
    context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM!,
      headless: true,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      viewport: { width: 1280, height: 900 },
    })
    page = await context.newPage()
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) elsewhere.push(request.url())
    })
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
  })
  afterAll(async () => {
    await context?.close()
    await server?.stop()
    rmSync(profile, { recursive: true, force: true })
  })

  /** Runs what stands in the open tab, with these variables, and gives back the answer. */
  async function run(step: string, variables?: object): Promise<any> {
    // Another fragment alone would not load the page anew.
    await page.goto('about:blank')
    await page.goto(`${server.url}/graphiql#stap=${step}`)
    await page.waitForSelector('.graphiql-execute-button')
    if (variables) {
      await page.evaluate((text) => {
        const editors = document.querySelectorAll('.graphiql-editor-tool .CodeMirror')
        ;(editors[0] as any).CodeMirror.setValue(text)
      }, JSON.stringify(variables))
    }
    await page
      .getByRole('status')
      .filter({ hasText: /U vraagt nu als/ })
      .waitFor()
    const answered = page.waitForResponse(
      (response) => response.url().endsWith('/graphql') && !(response.request().postData() ?? '').includes('IntrospectionQuery'),
    )
    await page.click('.graphiql-execute-button')
    return JSON.parse(await (await answered).text())
  }

  test('the start page names every demo account and leads to the tour', async () => {
    await page.goto(server.url)
    const text = await page.textContent('body')
    for (const { name } of ACCOUNTS) expect(text).toContain(name)
    await page.click('a[href*="/graphiql"]')
    await page.waitForSelector('.graphiql-execute-button')
  })

  test('the tour runs as the people it names, from contact to access log', async () => {
    const contact = await run('01-log-contact')
    expect(contact.errors).toBeUndefined()
    const template = (await (await fetch(`${server.url}/tour.json`)).json()) as { name: string; variables: string }[]
    const variablesOf = (name: string) => JSON.parse(template.find((stop) => stop.name === name)!.variables)
    const offered = await run('02-offer-hand-off', {
      input: { ...variablesOf('02-offer-hand-off').input, contactId: contact.data.logContact.id },
    })
    const { followUpCode, handOff } = offered.data.offerHandOff
    expect((await run('03-record-warm-call', { id: handOff.id })).data.recordWarmCall.warmCalls).toHaveLength(1)
    expect(JSON.stringify(await run('04-inbox'))).toContain(handOff.recognitionCode)
    expect((await run('05-accept', { id: handOff.id })).data.acceptHandOff.situation).toEqual({
      work: 'NONE',
      benefit: 'WW',
      age: 'A27_54',
    })
    expect(
      JSON.stringify(await run('06-open-loops', { recognitionCode: handOff.recognitionCode.toUpperCase().replaceAll('-', ' ') })),
    ).toContain(handOff.recognitionCode)
    expect((await run('07-follow-up', { code: followUpCode })).data.followUp.status).toContain('gaat u helpen')
    expect((await run('08-complete', { id: handOff.id })).data.completeHandOff.state).toBe('COMPLETED')
    expect((await run('09-visitor-voice', { code: followUpCode })).data.recordVisitorVoice.handOff.loopStatus).toBe('CLOSED')
    expect((await run('10-access-matrix')).data.accessMatrix.length).toBeGreaterThan(50)
    const log = await run('11-access-log', { handOffId: handOff.id })
    expect(log.data.accessLog.edges.map((edge: any) => edge.node.operation)).toContain('completeHandOff')
    expect(JSON.stringify(await page.evaluate(() => ({ ...localStorage, ...sessionStorage })))).not.toMatch(/eyJ|Bearer/)
    expect(page.url()).not.toContain('eyJ')
  })

  test('nothing is asked of third parties, and the browser has nothing to complain about', () => {
    expect(elsewhere).toEqual([])
    expect(complaints).toEqual([])
  })
})
