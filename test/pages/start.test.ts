// The demo's pages: nothing from elsewhere, no script in the page, and tokens only where they were asked for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registerPages } from '#app/pages/start.js'
import { readTour } from '#app/pages/tour.js'

const accounts = [
  { name: 'uwv-amersfoort', description: 'Medewerker van UWV Amersfoort' },
  { name: 'gids-eemland', description: 'Gids <b>& "collega"</b>' },
]
const SECRET = 'geheim-token'

let folder: string
let app: FastifyInstance

function operations(files: Record<string, string>): string {
  const made = mkdtempSync(join(folder, 'operations-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text)
  return made
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'))
  app = Fastify()
  registerPages(app, {
    accounts,
    token: async (account) => `${SECRET}-${account}`,
    operationsFolder: operations({
      '02-inbox.graphql': '# De partner bekijkt de inbox\n# account: uwv-amersfoort\nquery Inbox { inbox { nodes { id } } }\n',
      '02-inbox.json': '{"first":20}',
      '01-status.graphql': '# De bezoeker </script> kijkt\nquery Status { handOff { id } }\n',
      'README.md': 'not an operation',
    }),
  })
  await app.ready()
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

const get = (url: string) => app.inject({ url })
const askToken = (payload: object) => app.inject({ method: 'POST', url: '/demo/token', payload })

describe.each(['/', '/graphiql'])('The page %s', (url) => {
  test('is Dutch, has one heading of the first level, a main part and a way to skip to it', async () => {
    const { statusCode, headers, body } = await get(url)
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toMatch(/^<!doctype html><html lang="nl">/)
    expect(body.match(/<h1/g)).toHaveLength(1)
    expect(body.match(/<main id="inhoud"/g)).toHaveLength(1)
    expect(body).toContain('href="#inhoud"')
    expect(body).toMatch(/<title>[^<]+<\/title>/)
  })

  test('names nothing on another server', async () => {
    const { body } = await get(url)
    expect(body).not.toMatch(/https?:|\/\/\w/)
    for (const [, address] of body.matchAll(/(?:src|href|action)="([^"]*)"/g)) expect(address).toMatch(/^(\/(?!\/)|#|data:,)/)
  })

  test('has no script or style of its own', async () => {
    const { body } = await get(url)
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:/)
  })

  test('is sent with a policy that allows no more than it needs', async () => {
    const policy = String((await get(url)).headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("base-uri 'none'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/)
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe(url === '/' ? undefined : "'self'")
    expect(policy.includes('unsafe-inline')).toBe(url !== '/')
  })

  test('asks only for files that are there and may be kept for ever', async () => {
    const { body } = await get(url)
    const files = [...body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!)
    expect(files.length).toBeGreaterThan(0)
    for (const path of files) {
      const { statusCode, headers } = await get(path)
      expect(statusCode).toBe(200)
      expect(headers['cache-control']).toContain('immutable')
      expect(headers['content-type']).toMatch(path.endsWith('.css') ? /^text\/css/ : /^text\/javascript/)
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })

  test('holds no token, and escapes what it shows', async () => {
    await askToken({ account: 'uwv-amersfoort' })
    const { body } = await get(url)
    expect(body).not.toContain(SECRET)
    expect(body).toContain('Gids &lt;b')
    expect(body).not.toContain('<b>')
  })
})

test('The start page shows the accounts, the tour in order, and how to get a token without script', async () => {
  const { body } = await get('/')
  for (const { name } of accounts) expect(body).toContain(`/graphiql#account=${name}`)
  expect(body.indexOf('stap=01-status')).toBeGreaterThan(0)
  expect(body.indexOf('stap=01-status')).toBeLessThan(body.indexOf('stap=02-inbox'))
  expect(body).toContain('De bezoeker &lt;/script')
  expect(body).toContain('npm run --silent token -- ACCOUNT')
})

test('GraphiQL can be used as each account and as nobody', async () => {
  const { body } = await get('/graphiql')
  expect([...body.matchAll(/<option value(?:="([^"]*)")?/g)].map(([, value = '']) => value)).toEqual([
    '',
    'uwv-amersfoort',
    'gids-eemland',
  ])
  expect(body).toContain('Niemand (alleen volgcode)')
  expect(body).toContain('<label for="account">')
})

test('The script that starts GraphiQL keeps nothing, and goes nowhere else', async () => {
  const path = /\/assets\/[^"]+graphiql-boot\.js/.exec((await get('/graphiql')).body)![0]
  const { body } = await get(path)
  expect(body).not.toMatch(/localStorage|sessionStorage|document\.cookie|https?:/)
  expect(body).toContain('isHeadersEditorEnabled: false')
  expect(body).toContain('shouldPersistHeaders: false')
})

test('No other file can be had', async () => {
  for (const url of [
    '/assets/',
    '/assets/pages.css',
    '/assets/x/pages.css',
    '/assets/..%2f..%2fpackage.json',
    '/src/pages/start.tsx',
  ]) {
    expect((await get(url)).statusCode).toBe(404)
  }
})

describe('A token', () => {
  test('is given for a demo account, and not kept on the way', async () => {
    const response = await askToken({ account: 'uwv-amersfoort' })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({ token: `${SECRET}-uwv-amersfoort` })
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.headers['access-control-allow-origin']).toBeUndefined()
  })

  test.each(['nobody', '', 'UWV-AMERSFOORT', '__proto__', 'constructor'])(
    'is not given for the unknown account %j',
    async (account) => {
      const response = await askToken({ account })
      expect(response.statusCode).toBe(404)
      expect(response.body).not.toContain(SECRET)
      if (account) expect(response.body).not.toContain(account)
    },
  )

  test.each([{}, { account: null }, { account: ['uwv-amersfoort', 'x'] }, { account: 'x'.repeat(101) }])(
    'is not given for %j',
    async (body) => {
      expect([400, 404]).toContain((await askToken(body)).statusCode)
    },
  )

  test('is not given to a form on another page, which can only send text', async () => {
    const headers = { 'content-type': 'text/plain' }
    const payload = JSON.stringify({ account: 'uwv-amersfoort' })
    expect((await app.inject({ method: 'POST', url: '/demo/token', headers, payload })).statusCode).toBe(400)
    expect((await get('/demo/token?account=uwv-amersfoort')).statusCode).toBe(404)
  })
})

describe('The tour', () => {
  test('gives each operation with its title, account and variables, in order', async () => {
    expect((await get('/tour.json')).json()).toEqual([
      {
        name: '01-status',
        title: 'De bezoeker </script> kijkt',
        account: null,
        query: '# De bezoeker </script> kijkt\nquery Status { handOff { id } }',
        variables: '',
      },
      {
        name: '02-inbox',
        title: 'De partner bekijkt de inbox',
        account: 'uwv-amersfoort',
        query: '# De partner bekijkt de inbox\n# account: uwv-amersfoort\nquery Inbox { inbox { nodes { id } } }',
        variables: '{\n  "first": 20\n}',
      },
    ])
  })

  test('is read from a folder given as an address too, with or without a slash at the end', () => {
    const made = operations({ '01-a.graphql': '# A\n{ a }' })
    for (const at of [made, `${made}/`, pathToFileURL(made), pathToFileURL(`${made}/`)])
      expect(readTour(at, new Set())).toHaveLength(1)
  })

  test.each([
    ['without a title', { '01-a.graphql': '{ a }' }],
    ['with an empty title', { '01-a.graphql': '#\n{ a }' }],
    ['with an account for a title', { '01-a.graphql': '# account: uwv-amersfoort\n{ a }' }],
    ['for an account that does not exist', { '01-a.graphql': '# A\n# account: uwv\n{ a }' }],
    ['with variables that are not JSON', { '01-a.graphql': '# A\n{ a }', '01-a.json': '{' }],
  ])('refuses an operation %s at the start', (_, files) => {
    expect(() => readTour(operations(files as Record<string, string>), new Set(['uwv-amersfoort']))).toThrow('01-a.')
  })
})

test('a token is given at the address of this machine only: a name that was pointed here is refused', async () => {
  const payload = { account: 'uwv-amersfoort' }
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
    expect((await app.inject({ method: 'POST', url: '/demo/token', headers: { host }, payload })).statusCode, host).toBe(403)
  for (const host of ['127.0.0.1:4000', 'localhost:4000'])
    expect((await app.inject({ method: 'POST', url: '/demo/token', headers: { host }, payload })).statusCode, host).toBe(200)
})
