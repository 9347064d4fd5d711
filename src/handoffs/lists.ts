// The closed lists of a hand-off, each value with its Dutch label (domain.md).

export const STATES = {
  OFFERED: 'aangeboden',
  ACCEPTED: 'aangenomen',
  IN_PROGRESS: 'in behandeling',
  COMPLETED: 'afgerond',
  DECLINED: 'niet aangenomen',
  RETURNED: 'teruggegeven',
  FORWARDED: 'doorgegeven aan een ander',
  WITHDRAWN: 'ingetrokken',
  LAPSED: 'vervallen verklaard',
} as const

export const NEXT_STEPS = {
  VISITOR_CALLS: 'bezoeker belt',
  VISITOR_COMES: 'bezoeker komt langs',
  APPOINTMENT: 'afspraak (dag en dagdeel)',
  HELPED_NOW: 'ter plekke geholpen',
} as const

export const SENSITIVE_FACTS = {
  DISABILITY_BENEFIT: 'WIA of Wajong',
  JOBS_AGREEMENT: 'banenafspraak',
  WORK_LIMITATION: 'beperking bij het werken',
} as const

export const WARM_CALL_CHANNELS = { WALKED_OVER: 'meegelopen', PHONE: 'gebeld', EMAIL: 'gemaild', VIDEO: 'beeldbellen' } as const

export const WARM_CALL_RESULTS = {
  SPOKEN: 'gesproken',
  APPOINTMENT: 'afspraak gemaakt',
  CALLS_BACK: 'belt de balie terug',
  VOICEMAIL: 'voicemail ingesproken',
  NO_ANSWER: 'geen gehoor',
  MESSAGE_SENT: 'bericht achtergelaten',
} as const

/** No "already a client": it would reveal benefit status (domain.md). */
export const DECLINE_REASONS = {
  NO_CAPACITY: 'geen plek',
  NOT_OUR_SERVICE: 'niet onze dienst',
  OUT_OF_AREA: 'buiten ons gebied',
  NOT_FITTING: 'past niet',
  TOO_LITTLE_INFORMATION: 'te weinig informatie',
  DUPLICATE: 'dubbel',
} as const

export const RETURN_REASONS = {
  NO_SHOW: 'niet gekomen',
  NO_CONTACT: 'geen contact gekregen',
  VISITOR_STOPPED: 'bezoeker is gestopt',
  OTHER_HELP: 'andere hulp nodig',
  NOT_FITTING: 'past niet',
  NO_CAPACITY: 'geen plek',
} as const

export const WITHDRAW_REASONS = {
  VISITOR_ASKED: 'bezoeker vroeg erom',
  NOT_NEEDED: 'niet meer nodig',
  SENT_TO_WRONG_PARTNER: 'naar de verkeerde partner gestuurd',
  ENTERED_IN_ERROR: 'per ongeluk ingevoerd',
} as const

export const MESSAGES_TO_VISITOR = {
  COME_BY: 'kom langs',
  CALL_US: 'bel ons',
  TRY_OTHER: 'een ander kan u beter helpen',
} as const

export const OUTCOMES = {
  WORK: 'werk gevonden',
  WORK_KEPT: 'werk behouden',
  TRAINING_STARTED: 'opleiding gestart',
  GUIDANCE_STARTED: 'begeleiding gestart',
  QUESTION_SOLVED: 'vraag opgelost',
  REFERRED_ON: 'verder verwezen',
  NO_RESULT: 'geen resultaat',
} as const

/** What guide and visitor can say about how it ended; the partner says it with an outcome. */
export const VOICES = { WORKED: 'gelukt', NOT_WORKED: 'niet gelukt', HEARD_NOTHING: 'niets gehoord' } as const

export const LOOP_STATUSES = {
  OPEN: 'open',
  CLOSED: 'gesloten',
  UNCONFIRMED: 'gesloten, niet bevestigd: de partner is klaar, de bezoeker zweeg 14 dagen',
  CONTRADICTED: 'tegengesproken: de partner zegt klaar, de bezoeker zegt van niet',
} as const

export const DAY_PRECISIONS = {
  DAY: 'op de dag',
  WEEK: 'op de week: vervaagd tot de eerste dag ervan',
  QUARTER: 'op het kwartaal: vervaagd tot de eerste dag ervan',
} as const

export type DayPrecision = keyof typeof DAY_PRECISIONS
export type State = keyof typeof STATES
export type NextStep = keyof typeof NEXT_STEPS
export type SensitiveFact = keyof typeof SENSITIVE_FACTS
export type DeclineReason = keyof typeof DECLINE_REASONS
export type ReturnReason = keyof typeof RETURN_REASONS
export type WithdrawReason = keyof typeof WITHDRAW_REASONS
export type MessageToVisitor = keyof typeof MESSAGES_TO_VISITOR
export type Outcome = keyof typeof OUTCOMES
export type Voice = keyof typeof VOICES
export type LoopStatus = keyof typeof LOOP_STATUSES
export type WarmCallChannel = keyof typeof WARM_CALL_CHANNELS
export type WarmCallResult = keyof typeof WARM_CALL_RESULTS
