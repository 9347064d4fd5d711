// What visitors of the demo agree to: everything, a part, nothing; explicitly where the law wants it (AVG art. 9).
import { MAY_HOLD_SENSITIVE, type Shareable } from '../consent/consent.js'
import type { NewConsent } from '../consent/record-consent.js'
import type { PartnerKind } from '../decide/decide.js'
import type { SensitiveFact } from '../handoffs/lists.js'
import type { Chance } from './chance.js'
import type { Visitor } from './visitors.js'

const EXTENTS = {
  nothing: [],
  question: ['question'],
  little: ['routing', 'question'],
  context: ['routing', 'question', 'situation'],
  everything: ['routing', 'question', 'situation', 'outcome'],
  sensitive: ['routing', 'question', 'situation', 'outcome', 'sensitive'],
} as const satisfies Record<string, readonly Shareable[]>

export type Extent = keyof typeof EXTENTS

export type Agreed = { consent: NewConsent | null; sensitive: SensitiveFact[] }

/** `extent` is drawn when it is not given; a union gets explicit consent or no hand-off. */
export function drawConsent(
  chance: Chance,
  visitor: Visitor,
  kind: PartnerKind,
  wishes: {
    extent?: Extent | undefined
    reservePartnerId?: string | undefined
    representativePresent?: boolean | undefined
  } = {},
): Agreed {
  const drawn = wishes.extent ?? drawExtent(chance, kind)
  const extent = kind === 'UNION' && drawn === 'nothing' ? 'little' : drawn
  const categories = EXTENTS[extent].filter((category) => category !== 'situation' || visitor.visitorKind !== 'EMPLOYER')
  const language = chance.weighted({ nl: 86, en: 4, ar: 3, uk: 2, pl: 2, tr: 2, ti: 1 })
  if (categories.length === 0) return { consent: null, sensitive: [] }
  const isExplicit = (category: Shareable) => kind === 'UNION' || category === 'sensitive'
  return {
    consent: {
      categories,
      explicitCategories: categories.filter(isExplicit),
      reservePartnerId: wishes.reservePartnerId ?? null,
      askedForHelp: true,
      inOwnInterest: true,
      refusalIsFree: true,
      representativePresent: wishes.representativePresent ?? false,
      givenHow: chance.weighted({ SPOKEN: 9, WRITTEN: 1 }),
      wordingVersion: 'THREE_SENTENCES_2026',
      language,
    },
    sensitive:
      extent === 'sensitive'
        ? [chance.weighted<SensitiveFact>({ DISABILITY_BENEFIT: 5, JOBS_AGREEMENT: 3, WORK_LIMITATION: 2 })]
        : [],
  }
}

function drawExtent(chance: Chance, kind: PartnerKind): Extent {
  if (MAY_HOLD_SENSITIVE.has(kind))
    return chance.weighted({ nothing: 10, question: 10, little: 15, context: 20, everything: 30, sensitive: 15 })
  return chance.weighted({ nothing: 10, question: 12, little: 20, context: 22, everything: 36 })
}
