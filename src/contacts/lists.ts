// The closed lists of a contact, each value with its Dutch label (domain.md). Short, because a guide taps them while somebody is talking.

export const CHANNELS = {
  WALK_IN: 'inloop',
  PHONE: 'telefoon',
  EMAIL: 'e-mail',
  ONLINE: 'website',
  EVENT: 'bijeenkomst',
} as const

export const DAY_PARTS = { MORNING: 'ochtend', AFTERNOON: 'middag', EVENING: 'avond' } as const

export const VISITOR_KINDS = {
  JOB_SEEKER: 'werkzoekende',
  WORKER: 'werkende',
  STUDENT: 'scholier of student',
  SELF_EMPLOYED: "zzp'er",
  EMPLOYER: 'werkgever',
  HELPER: 'naaste',
  PROFESSIONAL: 'professional',
  UNKNOWN: 'onbekend',
} as const

export const JOURNEYS = {
  SCHOOL_TO_WORK: 'van school naar werk',
  WORK_TO_WORK: 'van werk naar werk',
  BENEFIT_TO_WORK: 'van uitkering naar werk',
  NOT_WORKING_TO_WORK: 'van niet werken naar werk',
} as const

export const THEMES = {
  FIND_WORK: 'werk zoeken',
  APPLYING: 'solliciteren',
  CAREER: 'loopbaan',
  TRAINING: 'scholing',
  FUNDING: 'scholingsbudget',
  LEARN_ON_JOB: 'stage of bbl',
  LANGUAGE_BASICS: 'taal en basisvaardigheden',
  JOB_LOSS: 'ontslag',
  BENEFIT_INCOME: 'uitkering en inkomen',
  WORK_RIGHTS: 'contract en rechten',
  OWN_BUSINESS: 'eigen bedrijf',
  AROUND_WORK: 'geld, opvang, vervoer',
  RECRUITING: 'personeel zoeken',
  OTHER: 'iets anders',
} as const

export const WORK = { EMPLOYED: 'heeft werk', AT_RISK: 'baan onzeker', NONE: 'geen werk', UNKNOWN: 'onbekend' } as const

export const BENEFITS = {
  NONE: 'geen uitkering',
  WW: 'WW',
  SOCIAL_ASSISTANCE: 'bijstand',
  OTHER: 'andere uitkering',
  UNKNOWN: 'onbekend',
} as const

export const AGES = {
  U16: 'jonger dan 16',
  A16_26: '16 tot en met 26',
  A27_54: '27 tot en met 54',
  A55_PLUS: '55 of ouder',
  UNKNOWN: 'onbekend',
} as const

export const EDUCATIONS = {
  BELOW_START: 'geen startkwalificatie',
  SECONDARY: 'startkwalificatie (havo, vwo, mbo 2-4)',
  HIGHER: 'hbo of universiteit',
  UNKNOWN: 'onbekend',
} as const

export const LANGUAGE_HELP = { YES: 'ja', NO: 'nee', UNKNOWN: 'onbekend' } as const

/** What the check at entry can leave out (src/anonymity/entry.ts). */
export const COARSENED = {
  ORIGIN: 'herkomst',
  AGE: 'leeftijd',
  WORK: 'werk',
  BENEFIT: 'uitkering',
  EDUCATION: 'opleiding',
  LANGUAGE_HELP: 'hulp bij de taal',
} as const

export const CONTACT_RESULTS = {
  ANSWERED: 'beantwoord',
  REFERRED: 'verwezen',
  HANDED_OFF: 'warm overgedragen',
  COMES_BACK: 'komt terug',
  BROKEN_OFF: 'afgebroken',
} as const

export type Channel = keyof typeof CHANNELS
export type VisitorKind = keyof typeof VISITOR_KINDS
export type Journey = keyof typeof JOURNEYS
export type Theme = keyof typeof THEMES
export type Work = keyof typeof WORK
export type Benefit = keyof typeof BENEFITS
export type Age = keyof typeof AGES
export type Education = keyof typeof EDUCATIONS
export type LanguageHelp = keyof typeof LANGUAGE_HELP
export type Coarsened = keyof typeof COARSENED
export type ContactResult = keyof typeof CONTACT_RESULTS
