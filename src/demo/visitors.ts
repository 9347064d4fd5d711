// Who comes to the desks of the demo, and with what: drawn from weights, in the closed lists, about nobody who exists.
import type { NewContact, SituationFacts } from '../contacts/contacts.js'
import type { Age, Journey, Theme, VisitorKind } from '../contacts/lists.js'
import type { Chance, Weights } from './chance.js'

export type Visitor = Pick<NewContact, 'visitorKind' | 'journey' | 'themes' | 'situation'>

const KINDS: Weights<VisitorKind> = {
  JOB_SEEKER: 41,
  WORKER: 22,
  STUDENT: 9,
  SELF_EMPLOYED: 5,
  EMPLOYER: 8,
  HELPER: 6,
  PROFESSIONAL: 5,
  UNKNOWN: 4,
}

const JOURNEYS: Readonly<Record<VisitorKind, Weights<Journey | 'none'>>> = {
  JOB_SEEKER: { BENEFIT_TO_WORK: 55, NOT_WORKING_TO_WORK: 35, SCHOOL_TO_WORK: 10 },
  WORKER: { WORK_TO_WORK: 1 },
  STUDENT: { SCHOOL_TO_WORK: 1 },
  SELF_EMPLOYED: { WORK_TO_WORK: 1 },
  EMPLOYER: { none: 1 },
  HELPER: { SCHOOL_TO_WORK: 40, NOT_WORKING_TO_WORK: 40, BENEFIT_TO_WORK: 20 },
  PROFESSIONAL: { none: 60, BENEFIT_TO_WORK: 40 },
  UNKNOWN: { none: 1 },
}

const THEMES: Readonly<Record<VisitorKind, Weights<Theme>>> = {
  JOB_SEEKER: {
    FIND_WORK: 30,
    APPLYING: 18,
    TRAINING: 12,
    BENEFIT_INCOME: 10,
    LANGUAGE_BASICS: 10,
    AROUND_WORK: 7,
    LEARN_ON_JOB: 6,
    CAREER: 5,
    OTHER: 2,
  },
  WORKER: { CAREER: 26, TRAINING: 22, FUNDING: 16, JOB_LOSS: 16, WORK_RIGHTS: 14, APPLYING: 6 },
  STUDENT: { LEARN_ON_JOB: 45, FIND_WORK: 25, TRAINING: 20, CAREER: 10 },
  SELF_EMPLOYED: { OWN_BUSINESS: 60, BENEFIT_INCOME: 25, FUNDING: 15 },
  EMPLOYER: { RECRUITING: 75, LEARN_ON_JOB: 15, OTHER: 10 },
  HELPER: { FIND_WORK: 40, TRAINING: 30, AROUND_WORK: 30 },
  PROFESSIONAL: { FIND_WORK: 40, TRAINING: 30, LANGUAGE_BASICS: 20, OTHER: 10 },
  UNKNOWN: { OTHER: 40, FIND_WORK: 30, BENEFIT_INCOME: 30 },
}

type Served = Readonly<{ kinds: Weights<VisitorKind>; themes: Weights<Theme> }>

const OUT_OF_WORK: Weights<VisitorKind> = { JOB_SEEKER: 80, HELPER: 10, SELF_EMPLOYED: 10 }
const GEMEENTE: Served = { kinds: OUT_OF_WORK, themes: { BENEFIT_INCOME: 45, FIND_WORK: 25, OWN_BUSINESS: 10, AROUND_WORK: 20 } }
const UWV: Served = { kinds: { JOB_SEEKER: 70, WORKER: 30 }, themes: { FIND_WORK: 35, BENEFIT_INCOME: 35, JOB_LOSS: 30 } }
const WSP: Served = { kinds: { EMPLOYER: 50, JOB_SEEKER: 50 }, themes: { RECRUITING: 50, FIND_WORK: 30, LEARN_ON_JOB: 20 } }

/** Whom a guide sends to whom: which visitors, with which questions. */
const SERVED: Readonly<Record<string, Served>> = {
  'uwv-amersfoort': UWV,
  'uwv-gooi': UWV,
  'gemeente-amersfoort': GEMEENTE,
  'gemeente-soest': GEMEENTE,
  'gemeente-leusden': GEMEENTE,
  'gemeente-hilversum': GEMEENTE,
  'sociale-dienst-eemland': GEMEENTE,
  'wsp-amersfoort': WSP,
  'wsp-gooi': WSP,
  'lwl-amersfoort': {
    kinds: { WORKER: 45, JOB_SEEKER: 35, STUDENT: 20 },
    themes: { TRAINING: 40, FUNDING: 25, CAREER: 20, LEARN_ON_JOB: 15 },
  },
  'rmt-amersfoort': { kinds: { WORKER: 1 }, themes: { JOB_LOSS: 60, CAREER: 25, TRAINING: 15 } },
  'fnv-amersfoort': { kinds: { WORKER: 1 }, themes: { WORK_RIGHTS: 75, JOB_LOSS: 25 } },
  'school-amersfoort': { kinds: { STUDENT: 70, JOB_SEEKER: 30 }, themes: { LEARN_ON_JOB: 55, TRAINING: 45 } },
  'wijkteam-amersfoort': { kinds: OUT_OF_WORK, themes: { AROUND_WORK: 60, LANGUAGE_BASICS: 40 } },
  'ontwikkelbedrijf-amersfoort': { kinds: { JOB_SEEKER: 1 }, themes: { FIND_WORK: 70, LANGUAGE_BASICS: 30 } },
  'werkgevers-amersfoort': { kinds: { EMPLOYER: 1 }, themes: { RECRUITING: 1 } },
  'reintegratie-amersfoort': { kinds: { WORKER: 60, JOB_SEEKER: 40 }, themes: { CAREER: 70, APPLYING: 30 } },
}

/** Somebody whom this partner can help, or anybody when there is none; of this age if it is given. */
export function drawVisitor(chance: Chance, partnerKey: string | null, age?: Age): Visitor {
  const served = partnerKey === null ? undefined : SERVED[partnerKey]
  const visitorKind = age === 'U16' ? 'STUDENT' : chance.weighted(served?.kinds ?? KINDS)
  const first = chance.weighted(served?.themes ?? THEMES[visitorKind])
  const second = chance.part() < 0.3 ? chance.weighted(THEMES[visitorKind]) : first
  const themes = first === second ? [first] : [first, second]
  if (visitorKind === 'EMPLOYER') return { visitorKind, journey: null, themes, situation: null }
  const journey = chance.weighted(JOURNEYS[visitorKind])
  // Nobody is asked about themselves for nothing: when somebody is handed on it helps, otherwise it often does not.
  const isAsked = age !== undefined || chance.part() < (served ? 0.9 : 0.5)
  const situation = isAsked && journey !== 'none' ? drawSituation(chance, journey, age) : null
  return { visitorKind, journey: journey === 'none' ? null : journey, themes, situation }
}

function drawSituation(chance: Chance, journey: Journey, age: Age | undefined): SituationFacts {
  const works = journey === 'WORK_TO_WORK'
  const learns = journey === 'SCHOOL_TO_WORK'
  return {
    work: works ? chance.weighted({ EMPLOYED: 60, AT_RISK: 40 }) : chance.weighted({ NONE: 90, UNKNOWN: 10 }),
    benefit:
      journey === 'BENEFIT_TO_WORK'
        ? chance.weighted({ WW: 50, SOCIAL_ASSISTANCE: 38, OTHER: 12 })
        : chance.weighted({ NONE: 85, UNKNOWN: 15 }),
    age: age ?? chance.weighted<Age>(learns ? { A16_26: 1 } : { A16_26: 15, A27_54: 55, A55_PLUS: 25, UNKNOWN: 5 }),
    education: chance.weighted({ BELOW_START: learns ? 50 : 25, SECONDARY: 45, HIGHER: learns ? 0 : 20, UNKNOWN: 10 }),
    languageHelp: chance.weighted({ NO: 75, YES: 15, UNKNOWN: 10 }),
  }
}
