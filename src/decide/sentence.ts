// Every rule as one Dutch sentence at B1 level, made from the same data that `decide` executes; no two different rules read alike.
import {
  CATEGORIES,
  type Category,
  NEEDS,
  type Need,
  type NeverRule,
  PARTNER_KINDS,
  type PartnerKind,
  PURPOSES,
  type Purpose,
  RELATIONS,
  type Relation,
  type Role,
  type ShareRule,
} from './decide.js'
import type { Sharing } from './policy-files.js'

// INVARIANT: why no two rules read alike. A sentence is a row of places in a fixed order, one for each thing that is executed. A place
// lists words of one list, in the order of that list, each once; within a list the words differ, none stands inside another, and none
// holds what separates places and words. So the sentence can be taken apart again: test/decide/sentence.test.ts does.

const ROLE_WORDS = {
  GUIDE: 'gids',
  HANDLER: 'medewerker',
  COORDINATOR: 'coördinator',
  PRIVACY_OFFICER: 'privacy officer',
  SIGNATORY: 'mandaathouder',
  CODE_HOLDER: 'bezoeker met volgcode',
} as const satisfies Record<Role, string>

const RELATION_WORDS = {
  desk: 'zolang die bij de eigen balie loopt',
  'desk-ended': 'nadat die bij de eigen balie is afgelopen',
  offered: 'zolang die op antwoord wacht',
  accepted: 'zolang de partner eraan werkt',
  ended: 'nadat die is afgelopen',
  coordinates: 'als die bij het eigen werkcentrum hoort',
  audits: 'als de eigen organisatie erbij hoort',
  'holds-code': 'als de volgcode erbij hoort',
  none: 'zonder er iets mee te maken te hebben',
} as const satisfies Record<Relation, string>

const PURPOSE_WORDS = {
  OVERVIEW: 'om overzicht te houden',
  HELP: 'om te helpen',
  FOLLOW_UP: 'om te volgen hoe het gaat',
  ACCOUNT: 'om verantwoording te geven',
  OVERSEE: 'om toezicht te houden',
  RIGHTS: 'om eigen rechten te gebruiken',
} as const satisfies Record<Purpose, string>

const CATEGORY_WORDS = {
  reference: 'het kenmerk',
  logistics: 'de balie met de dag',
  routing: 'het soort bezoeker met de woonplaats',
  question: 'de vraag',
  situation: 'de situatie',
  sensitive: 'bijzondere gegevens',
  note: 'de toelichting',
  progress: 'de voortgang',
  outcome: 'het resultaat',
  internal: 'de eigen aantekening',
  staff: 'de collega die iets deed',
} as const satisfies Record<Category, string>

const KIND_WORDS = {
  UWV: 'UWV',
  GEMEENTE: 'een gemeente',
  MUNICIPAL_SERVICE: 'een gemeentelijke dienst',
  WSP: 'een werkgeversservicepunt',
  LWL: 'een leerwerkloket',
  RMT: 'een regionaal mobiliteitsteam',
  SCHOOL: 'een school',
  UNION: 'een vakbond',
  EMPLOYERS: 'een werkgeversorganisatie',
  SOCIAL_DEVELOPMENT_COMPANY: 'een sociaal ontwikkelbedrijf',
  NEIGHBOURHOOD: 'een organisatie in de wijk',
  PRIVATE: 'een private partij',
} as const satisfies Record<PartnerKind, string>

const NEED_WORDS = {
  agreement: 'een afspraak geldt die dit noemt',
  consent: 'de bezoeker dit goed vindt',
  'explicit-consent': 'de bezoeker dit uitdrukkelijk goed vindt',
  'own-side': 'de eigen organisatie dit schreef',
} as const satisfies Record<Need, string>

/** The Dutch words of each closed list, as they stand in sentences. */
export const WORDS = {
  role: ROLE_WORDS,
  relation: RELATION_WORDS,
  purpose: PURPOSE_WORDS,
  category: CATEGORY_WORDS,
  partnerKind: KIND_WORDS,
  need: NEED_WORDS,
} as const

/** The Dutch label of each category, as it stands alone: in GraphQL, in the register, in what is said about an agreement. */
export const CATEGORY_LABELS = {
  reference: 'verwijzing: nummers en de herkenningscode',
  logistics: 'logistiek: balie, kanaal, dag',
  routing: 'route: soort bezoeker en herkomst',
  question: 'vraag: thema, klantreis, volgende stap',
  situation: 'situatie: werk, uitkering, leeftijd, opleiding, taal',
  sensitive: 'bijzondere gegevens (AVG art. 9)',
  note: 'toelichting',
  progress: 'voortgang: stand, termijnen, redenen',
  outcome: 'resultaat van de partner',
  internal: 'eigen aantekening',
  staff: 'welke collega handelde',
} as const satisfies Record<Category, string>

export const PURPOSE_LABELS = {
  OVERVIEW: 'overzicht',
  HELP: 'helpen',
  FOLLOW_UP: 'opvolgen',
  ACCOUNT: 'verantwoorden',
  OVERSEE: 'toezicht',
  RIGHTS: 'rechten van de bezoeker',
} as const satisfies Record<Purpose, string>

/** Instead of the words of a basis where a rule says `of-the-partner`. */
export const BASIS_OF_THE_PARTNER = 'wat voor die partner geldt'

/** What a partner hears instead of a reason (src/decide/seen.ts). */
export const NOT_SHARED_RULE = 'not-shared'

/** The rules that are not in the policy file, and what a partner hears. */
const BUILT_IN: Readonly<Record<string, string>> = {
  'unknown-is-closed': 'Dit blijft dicht, omdat in de vraag iets ontbreekt of niet bekend is.',
  'without-a-relation-nothing-is-seen': 'Dit blijft dicht voor wie niets met de overdracht te maken heeft.',
  'nothing-is-shared-without-a-rule': 'Dit blijft dicht, omdat geen regel zegt dat het gedeeld mag worden.',
  'agreement-must-be-active': 'Dit blijft dicht zolang er geen afspraak geldt die dit noemt.',
  'consent-must-cover': 'Dit blijft dicht zolang er geen geldige toestemming van de bezoeker is die dit noemt.',
  'explicit-consent-must-name-it': 'Dit blijft dicht zolang de bezoeker dit niet uitdrukkelijk goed vindt.',
  'under-sixteen-needs-a-representative':
    'Dit blijft dicht bij een bezoeker onder de 16 jaar, tenzij een vertegenwoordiger erbij was.',
  'only-the-side-that-wrote-it': 'Dit blijft dicht voor iedereen behalve de organisatie die het schreef.',
  [NOT_SHARED_RULE]: 'Dit is niet met u gedeeld.',
}

/** A rule of the policy file as its sentence. `words` gives those of a legal basis. */
export function sentenceOfRule(rule: ShareRule | NeverRule, words: (basis: string) => string): string {
  const { role } = rule
  const isShare = 'needs' in rule
  const kinds = kindsIn(rule.partnerKinds)
  const who = role === 'HANDLER' ? `Een ${ROLE_WORDS[role]} van ${kinds}` : `Een ${ROLE_WORDS[role]}`
  const of = role === 'HANDLER' ? 'een overdracht' : `een overdracht aan ${kinds}`
  const places = [
    `${who} mag ${isShare ? '' : 'nooit '}${categoriesIn(rule.categories, isShare)} zien van ${of}`,
    listed(wordsIn(RELATIONS, RELATION_WORDS, rule.relations), 'of'),
    rule.purposes.length === PURPOSES.length
      ? 'voor welk doel ook'
      : listed(wordsIn(PURPOSES, PURPOSE_WORDS, rule.purposes), 'of'),
  ]
  if (isShare && rule.needs.length > 0) places.push(`als ${listed(wordsIn(NEEDS, NEED_WORDS, rule.needs), 'en')}`)
  if (isShare) places.push(`op basis van ${listed([...new Set(rule.bases.map(words))].sort(), 'en')}`)
  return `${places.join(', ')}.`
}

/**
 * The sentence of any rule that a decision can name: of the policy file, built in, or `not-shared`. Of a policy that was replaced, give
 * that policy; a rule that is not in it says just that.
 *
 *     sentenceOf(sharing, 'agreement-must-be-active') // 'Dit blijft dicht zolang er geen afspraak geldt die dit noemt.'
 */
export function sentenceOf(sharing: Sharing, ruleId: string): string {
  const rule = [...sharing.share, ...sharing.never].find(({ rule }) => rule === ruleId)
  if (rule) return sentenceOfRule(rule, (name) => basisInWords(sharing, name))
  return new Map(Object.entries(BUILT_IN)).get(ruleId) ?? 'Deze regel staat niet in dit beleid.'
}

/** The words of a legal basis; its name between quotation marks where the file has no words for it. */
export const basisInWords = (sharing: Sharing, name: string): string =>
  name === 'of-the-partner' ? BASIS_OF_THE_PARTNER : (sharing.bases.get(name)?.words ?? `"${name}"`)

const wordsIn = <W extends string>(all: readonly W[], words: Readonly<Record<W, string>>, some: readonly W[]): string[] =>
  all.filter((word) => some.includes(word)).map((word) => words[word])

/** Whichever way round is shorter to read; which of the two follows from the set alone. */
function kindsIn(some: readonly PartnerKind[]): string {
  const others = PARTNER_KINDS.filter((kind) => !some.includes(kind))
  if (others.length === 0) return 'elke partner'
  return others.length < PARTNER_KINDS.length / 2
    ? `elke partner behalve ${listed(wordsIn(PARTNER_KINDS, KIND_WORDS, others), 'en')}`
    : listed(wordsIn(PARTNER_KINDS, KIND_WORDS, some), 'of')
}

function categoriesIn(some: readonly Category[], isShare: boolean): string {
  const words = wordsIn(CATEGORIES, CATEGORY_WORDS, some)
  if (words.length === CATEGORIES.length) return isShare ? 'alles' : 'iets'
  return listed(words, isShare ? 'en' : 'of')
}

/** "a", "a en b", "a, b en c". */
const listed = (words: readonly string[], and: 'en' | 'of'): string =>
  words.length < 2 ? (words[0] ?? 'niets') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}`
