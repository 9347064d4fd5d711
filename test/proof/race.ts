// One race: people keep reading a hand-off at two servers while somebody closes it; what began after the closing was acknowledged shows
// nothing of it.
import { demoId } from '#app/demo/ids.js'
import type { Processes } from '../support/processes.js'
import type { Open } from './open-hand-offs.js'

type At = 0 | 1
/** When a read began, as seen from the one who closes: before it was asked, meanwhile, or after it was acknowledged. */
export type Phase = 'before' | 'during' | 'after'

export type Read = {
  by: string
  handOff: string
  phase: Phase
  /** What of it was shown: categories, and for a visitor whether they are said to be shared. */
  shown: readonly string[]
  /** As the log calls it; undefined for a visitor, who reads by policy alone. */
  logged?: { role: string; operation: string }
}

export type Closing = Readonly<{
  says: string
  /** May be one of several who can. */
  by: (open: Open) => readonly (string | null)[]
  mutation: (open: Open) => string
  /** What must be closed from then on. */
  closes: readonly string[]
}>

export type Asking = (at: At, account: string | null, query: string) => Promise<any>

/** Asks, and gives the answer's data; `heard` is called at its first byte. An answer of "try again" is tried again. */
export function askingOf(two: Processes): (at: At, account: string | null, query: string, heard?: () => void) => Promise<any> {
  const tokens = new Map<string, { token: Promise<string>; until: number }>()
  const tokenOf = (account: string): Promise<string> => {
    const known = tokens.get(account)
    if (known && known.until > Date.now()) return known.token
    const fresh = { token: two.token(account), until: Date.now() + 300_000 }
    tokens.set(account, fresh)
    return fresh.token
  }
  let asked = 0
  return async (at, account, query, heard) => {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      // A network each: attempts at codes are not what is raced here.
      'x-forwarded-for': `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked++ & 255}`,
      ...(account ? { authorization: `Bearer ${await tokenOf(account)}` } : {}),
    }
    for (;;) {
      const response = await fetch(two.urls[at]!, { method: 'POST', headers, body: JSON.stringify({ query }) })
      if (response.status === 200) heard?.()
      const { data, errors } = (await response.json()) as { data: any; errors?: any[] }
      if (!errors) return data
      if (errors[0].extensions.code !== 'UNAVAILABLE')
        throw new Error(`${account ?? 'a visitor'}: ${query}: ${JSON.stringify(errors)}`)
    }
  }
}

const CONTEXT = {
  logistics: 'channel',
  routing: 'routing { origin visitorKind }',
  question: 'question { themes }',
  situation: 'situation { work }',
  sensitive: 'sensitive',
}
const DETAIL = Object.entries(CONTEXT).map(([category, field]) => `${category}: ${field}`)
const there = (seen: Record<string, unknown> | undefined, names: readonly string[]) =>
  names.filter((name) => seen?.[name] != null)

type Reader = Readonly<{
  by: string
  logged?: Read['logged']
  read: (ask: Asking, at: At, open: Open) => Promise<readonly string[]>
}>

const DETAIL_OF_PARTNER: Reader = {
  by: 'the partner, in detail',
  logged: { role: 'HANDLER', operation: 'handOff' },
  read: async (ask, at, { partner, id }) => {
    const { handOff } = await ask(at, partner, `{ handOff(id: "${id}") { ${DETAIL.join(' ')} } }`)
    return there(handOff, Object.keys(CONTEXT))
  },
}
const LIST_OF_PARTNER: Reader = {
  by: 'the partner, in its list',
  logged: { role: 'HANDLER', operation: 'handOffs' },
  read: async (ask, at, { partner, id, recognitionCode }) => {
    const fields = 'edges { node { id logistics: channel question: nextStep } }'
    const { handOffs } = await ask(at, partner, `{ handOffs(recognitionCode: "${recognitionCode}", first: 5) { ${fields} } }`)
    return there(
      handOffs.edges.map(({ node }: any) => node).find((node: any) => node.id === id),
      ['logistics', 'question'],
    )
  },
}
const DETAIL_OF_DESK: Reader = {
  by: 'the desk, its outcome',
  logged: { role: 'GUIDE', operation: 'handOff' },
  read: async (ask, at, { desk, id }) => {
    const { handOff } = await ask(at, desk.replace('werkcentrum', 'gids'), `{ handOff(id: "${id}") { outcome } }`)
    return there(handOff, ['outcome'])
  },
}
const PAGE_OF_VISITOR: Reader = {
  by: 'the visitor, with the code',
  read: async (ask, at, { code }) => {
    const own = 'handOff { routing { visitorKind } question { themes } situation { work } nextStep }'
    const { followUp } = await ask(at, null, `{ followUp(code: "${code}") { shared { category shared } ${own} } }`)
    return [
      ...followUp.shared.filter(({ shared }: any) => shared).map(({ category }: any) => category),
      ...there(followUp.handOff, ['routing', 'question', 'situation', 'nextStep']).map((name) => `own ${name}`),
    ]
  },
}
export const READERS: Record<Open['kind'], readonly Reader[]> = {
  accepted: [DETAIL_OF_PARTNER, DETAIL_OF_PARTNER, LIST_OF_PARTNER, PAGE_OF_VISITOR],
  forwarded: [DETAIL_OF_PARTNER, LIST_OF_PARTNER, PAGE_OF_VISITOR],
  completed: [DETAIL_OF_DESK, DETAIL_OF_DESK, PAGE_OF_VISITOR],
}

/** How the visitor's own context disappears, besides what is said to be shared. */
const ERASED = ['own routing', 'own question', 'own situation', 'own nextStep']
const SHARED = ['routing', 'question', 'situation', 'sensitive', 'outcome']
const guideOf = ({ desk }: Open) => [desk.replace('werkcentrum', 'gids')]
const visitor = () => [null]

export const CLOSINGS: readonly Closing[] = [
  { says: 'withdrawn at the desk', by: guideOf, mutation: ({ id }) => `withdrawConsent(id: "${id}") { id }`, closes: SHARED },
  {
    says: 'withdrawn at the partner',
    by: ({ partner }) => [partner],
    mutation: ({ id }) => `withdrawConsent(id: "${id}") { id }`,
    closes: SHARED,
  },
  {
    says: 'withdrawn with the code',
    by: visitor,
    mutation: ({ code }) => `withdrawByCode(code: "${code}") { status }`,
    closes: SHARED,
  },
  {
    says: 'stopped with the code',
    by: visitor,
    mutation: ({ code }) => `withdrawByCode(code: "${code}", stopHandOff: true) { status }`,
    closes: SHARED,
  },
  {
    says: 'narrowed at the desk',
    by: guideOf,
    mutation: ({ id }) => `narrowConsent(id: "${id}", categories: [question]) { id }`,
    closes: SHARED.filter((category) => category !== 'question'),
  },
  {
    says: 'narrowed at the partner',
    by: ({ partner }) => [partner],
    mutation: ({ id }) => `narrowConsent(id: "${id}", categories: [routing, situation]) { id }`,
    closes: ['question', 'sensitive', 'outcome'],
  },
  {
    says: 'narrowed with the code',
    by: visitor,
    mutation: ({ code }) => `narrowByCode(code: "${code}", categories: [outcome]) { status }`,
    closes: SHARED.filter((category) => category !== 'outcome'),
  },
  {
    says: 'erased with the code',
    by: visitor,
    mutation: ({ code }) => `eraseByCode(code: "${code}") { status }`,
    closes: [...SHARED, ...ERASED],
  },
]

/** Of the agreement between these two, by a privacy officer or a signatory of either side. */
export const suspending = (agreement: string, by: readonly string[]): Closing => ({
  says: 'suspended agreement',
  by: () => by,
  mutation: () => `suspendAgreement(id: "${demoId(agreement)}", reason: INCIDENT) { state }`,
  closes: ['logistics', ...SHARED],
})

export type Race = Readonly<{ open: Open; closing: Closing; readers: readonly Reader[] }>

/** Runs it, and gives every read of it; `chance` chooses who reads and where it is closed. */
export async function run(
  ask: ReturnType<typeof askingOf>,
  { open, closing, readers }: Race,
  chance: () => number,
): Promise<Read[]> {
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!
  const reads: Read[] = []
  let phase: Phase = 'before'
  const keepReading = async (at: At, hasRead: () => void): Promise<void> => {
    for (;;) {
      const began = phase
      const { read, by, logged } = oneOf(readers)
      const shown = await read(ask, at, open)
      // What was under way when the closing was asked may see either.
      reads.push({
        by,
        handOff: open.id,
        shown,
        phase: began === 'before' && phase !== 'before' ? 'during' : began,
        ...(logged ? { logged } : {}),
      })
      hasRead()
      if (began === 'after') return
    }
  }
  const started: Promise<void>[] = []
  const reading = ([0, 1] as const).map((at) => {
    let done: Promise<void> = Promise.resolve()
    started.push(new Promise((resolve) => (done = keepReading(at, resolve))))
    return done
  })
  await Promise.race([Promise.all(started), Promise.all(reading)])
  phase = 'during'
  await ask(oneOf([0, 1] as const), oneOf(closing.by(open)), `mutation { ${closing.mutation(open)} }`, () => {
    phase = 'after'
  })
  await Promise.all(reading)
  return reads
}
