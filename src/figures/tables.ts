// Which figures there are: policies/figures.yaml, read as strictly as the other policies, and how each is made of what was counted.
import { z } from 'zod'
import { parsePolicyFile, policyText } from '../decide/policy-files.js'
import { PlainError } from '../errors.js'
import { DIMENSIONS, type Dimension } from './labels.js'

const FILE = 'figures.yaml'

/** Below this nobody may set the threshold. */
const LEAST = 5

/**
 * What is counted together, and the dimensions that its keys give a value for. INVARIANT: two of contacts share nothing that is told but their
 * totals, so each can be protected by itself; those of hand-offs are protected together, with what holds between them (bounds.ts).
 */
export const COMPONENTS = {
  visitors: { unit: 'CONTACTS', dimensions: ['visitorKind', 'channel'] },
  journeys: { unit: 'CONTACTS', dimensions: ['journey', 'age'] },
  work: { unit: 'CONTACTS', dimensions: ['work'] },
  benefit: { unit: 'CONTACTS', dimensions: ['benefit'] },
  education: { unit: 'CONTACTS', dimensions: ['education'] },
  languageHelp: { unit: 'CONTACTS', dimensions: ['languageHelp'] },
  result: { unit: 'CONTACTS', dimensions: ['result'] },
  origin: { unit: 'CONTACTS', dimensions: ['origin', 'municipality'] },
  offered: { unit: 'OFFERED', dimensions: ['partnerKind', 'partner'] },
  answered: { unit: 'ANSWERED', dimensions: ['partnerKind', 'answer', 'declineReason'] },
  answerTime: { unit: 'ANSWERED', dimensions: ['inTime'] },
  answerDays: { unit: 'ANSWERED', dimensions: [] },
  ended: { unit: 'ENDED', dimensions: ['ending', 'outcome', 'loop'] },
} as const satisfies Record<string, { unit: string; dimensions: readonly Dimension[] }>

export type Component = keyof typeof COMPONENTS
export type Unit = (typeof COMPONENTS)[Component]['unit']

const line = z.string().regex(/^\S(.*\S)?$/, { error: 'expected one line of text' })
const figure = z.strictObject({
  of: z.enum(Object.keys(COMPONENTS) as [Component, ...Component[]]),
  by: z.array(z.enum(Object.keys(DIMENSIONS) as [Dimension, ...Dimension[]])).max(2),
  title: line,
  titleEn: line,
  unit: line,
  unitEn: line,
  definition: line,
  definitionEn: line,
})
const file = z.strictObject({
  threshold: z
    .int()
    .min(LEAST, { error: `below ${LEAST} people find themselves` })
    .max(1000),
  figures: z.record(z.string().regex(/^[A-Z_]+$/), figure),
})

export type Figure = Readonly<z.infer<typeof figure> & { id: string }>
export type Figures = Readonly<{ threshold: number; figures: readonly Figure[] }>

/** @throws PlainError that lists every mistake */
export const readFigures = (folder: string): Figures => parseFigures(policyText(folder, FILE))

export function parseFigures(text: string): Figures {
  const { value, mistakes } = parsePolicyFile(FILE, text, file, ({ figures }) =>
    Object.entries(figures).flatMap(([id, { of, by }]) =>
      by
        .filter((dimension) => !(COMPONENTS[of].dimensions as readonly string[]).includes(dimension))
        .map((dimension) => ({ path: ['figures', id, 'by'], text: `${of} is not counted by ${dimension}` })),
    ),
  )
  if (!value) throw new PlainError(['The policies have mistakes:', ...mistakes].join('\n'))
  return {
    threshold: value.threshold,
    figures: Object.entries(value.figures).map(([id, rest]) => ({ id, ...rest })),
  }
}

/** The values that a key has in the dimensions of its component; undefined where it has none. */
export function valuesOf(component: Component, key: string): Partial<Record<Dimension, string>> {
  const [first, second, third] = key.split(' ')
  switch (component) {
    case 'answered':
      return second === 'ACCEPTED'
        ? { partnerKind: first!, answer: second }
        : { partnerKind: first!, answer: 'DECLINED', declineReason: second! }
    case 'offered':
      return { partnerKind: first!, ...(second === '-' ? {} : { partner: second! }) }
    case 'ended':
      return { ending: first!, ...(second === '-' ? {} : { outcome: second!, loop: third! }) }
    default: {
      const [one, two] = COMPONENTS[component].dimensions as readonly Dimension[]
      return { ...(one ? { [one]: first } : {}), ...(two ? { [two]: second } : {}) }
    }
  }
}

/** The keys of a component that are always there. `municipalities` are those of the own region. */
export function standingKeys(component: Component, municipalities: readonly string[]): string[] {
  const keys = (dimension: Dimension) => Object.keys(DIMENSIONS[dimension])
  switch (component) {
    case 'answerDays':
      return []
    // A partner of each kind that nobody knows of: whether a kind has a row says nothing.
    case 'offered':
      return keys('partnerKind').map((kind) => `${kind} -`)
    case 'origin':
      return [...municipalities.map((code) => `OWN_REGION ${code}`), 'OTHER_REGION OTHER_REGION', 'UNKNOWN UNKNOWN']
    case 'answered':
      return keys('partnerKind').flatMap((kind) => ['ACCEPTED', ...keys('declineReason')].map((answer) => `${kind} ${answer}`))
    case 'ended':
      return keys('ending').flatMap((ending) =>
        ending === 'COMPLETED'
          ? keys('outcome').flatMap((outcome) => keys('loop').map((loop) => `${ending} ${outcome} ${loop}`))
          : [`${ending} - -`],
      )
    default: {
      const [one, two] = COMPONENTS[component].dimensions as readonly Dimension[]
      return keys(one!).flatMap((first) => (two ? keys(two).map((second) => `${first} ${second}`) : [first]))
    }
  }
}
