// Words that make a note sensitive: they hint at health, union, religion, crime, politics or love (AVG art. 9 and 10). Not refused, but locked away.
import { type Found, places } from './text.js'

export const TOPICS = ['health', 'union', 'religion', 'crime', 'politics', 'orientation'] as const
export type Topic = (typeof TOPICS)[number]

const PATTERNS: Readonly<Record<Topic, RegExp>> = {
  health:
    /\b(?:ziek(?:te|tes|te\w+|gemeld|melding|meldingen|enhuisopname)?|zwanger(?:schap)?|burn-?out|depressi(?:e|ef|eve|viteit)|angst(?:stoornis|klachten|en)?|paniekaanval(?:len)?|ptss|trauma(?:'s|tisch|tische)?|adhd|add|autis(?:me|tisch|tische)|ass|borderline|bipolair|psychos(?:e|es)|psychotisch|schizofreni\w*|psychisch\w*|psychiat\w+|psycholo(?:og|ge|gisch|gische)|ggz|therapie|therapeut|verslaafd|verslaving\w*|afkick\w*|alcohol(?:probleem|problemen|ist|isme)?|drugs\w*|medicijn(?:en)?|medicatie|antidepressiva|opname|opgenomen in|rolstoel|scootmobiel|handicap\w*|gehandicapt\w*|beperking(?:en)?|arbeidsbeperking|arbeidsongeschikt\w*|afgekeurd|wia|wajong\w*|wao|iva|wga|ziektewet\w*|banenafspraak|doelgroepregister|indicatie|chronisch\w*|rug(?:klachten|pijn|hernia)?|hernia|hart(?:klachten|infarct|aanval|problemen)|kanker|chemo\w*|tumor|epilepsie|diabetes|suikerziekte|reuma|artrose|fibromyalgie|long-?covid|hiv|aids|hepatitis|astma|copd|migraine|slaapproblemen|slechthorend|doof|slechtziend|blind|revalid\w+|operatie|geopereerd|fysio\w*|huisarts|bedrijfsarts|keuringsarts|verzekeringsarts|diagnose|lvb|licht verstandelijk\w*|dyslexie|dyslectisch|overspannen|stressklachten|overbelast|lichamelijk\w* klachten|pijnklachten|klachten aan|eetstoornis|anorexia|zelfmoord\w*|suicid\w+|miskraam|abortus|overgang(?:sklachten)?|nah|hersenletsel|parkinson|alzheimer|dementie)\b/g,
  union: /\b(?:vakbond\w*|bondslid|vakbondslid|fnv|cnv|lid van de bond|kaderlid|vcp|nu'91|staking|gestaakt|stakers?|bonden)\b/g,
  religion:
    /\b(?:moslim\w*|islam\w*|moskee|christen\w*|christelijk\w*|katholiek\w*|protestant\w*|gereformeerd\w*|hervormd\w*|evangelisch\w*|jehova\w*|getuigen? van jehova|jood|joods\w*|jodendom|synagoge|hindoe(?:s|isme|istisch)?|boeddhis\w*|sikh|gelovig\w*|geloof|religie\w*|religieus|religieuze|kerkelijk\w*|hoofddoek|bidden|gebed\w*|ramadan|sabbat|halal|koosjer|imam|dominee|pastoor|bekeerd|atheist\w*)\b/g,
  crime:
    /\b(?:strafblad|strafrechtelijk\w*|veroordeel\w*|veroordeling\w*|gevangen(?:is|schap|isstraf)|gedetineerd\w*|detentie\w*|ex-?gedetineerde|vastgezeten|vast gezeten|in de bak|cel(?:straf)?|tbs|jeugddetentie|reclassering\w*|enkelband|taakstraf\w*|werkstraf|justitie|justitieel|verdacht(?:e|en)?|aangehouden|gearresteerd|arrestatie|delict\w*|misdrijf|misdrijven|diefstal|gestolen|inbraak|overval|fraude\w*|oplichting|mishandel\w*|geweld\w*|zedendelict|zeden|drugshandel|dealen|dealer|wapenbezit|stalking|vog (?:geweigerd|afgewezen|wordt geweigerd)|geen vog|proeftijd van de rechter|strafzaak|huiselijk geweld|uitkeringsfraude)\b/g,
  politics:
    /\b(?:lid van (?:de )?(?:pvv|vvd|pvda|groenlinks|cda|d66|sp|fvd|denk|sgp|christenunie|bbb|nsc|volt|ja21)|politiek vluchteling|politieke vluchteling|politiek actief|pvv-?stemmer|activist\w*|raadslid)\b/g,
  orientation:
    /\b(?:homo(?:seksue\w+)?|lesbi\w+|biseksue\w+|transgender\w*|transvrouw|transman|transitie naar (?:man|vrouw)|lhbti?\w*|non-?binair\w*|uit de kast|geaardheid|queer)\b/g,
}

/** Where a text may not be sensitive. */
export const SENSITIVE_ADVICE =
  'Schrijf hier niets over gezondheid, vakbond, geloof, politiek, geaardheid of strafzaken. In een notitie bij een overdracht kan het, als de bezoeker daar uitdrukkelijk ja op zegt.'

/** What is said of work, a course or a place to work is not said of the visitor. */
const AS_WORK =
  /\b(?:werk(?:en|t|te|zaam)?|stage|opleiding|cursus|functie|baan|vacature|vacatures|beroep|diploma|als|student|studeert|studie|sector|branche|woord|team|zorg voor|begeleider|begeleiden)\b(?:\s[\w-]{1,14}){0,3}\s$/
const OF_WORK =
  /^(?:therapie|therapeut|psycholo\w+|psychiat\w+|fysio\w*|huisarts|imam|dominee|pastoor|ggz|reclassering\w*|justitie|gevangenis|gehandicapt\w*|verslaving\w*|moskee|justitieel)$/

export type Hint = Omit<Found, 'kind'> & Readonly<{ topic: Topic }>

/** `lower` is the plain text in small letters. */
export function findSensitive(lower: string): Hint[] {
  const hints: Hint[] = []
  for (const topic of TOPICS)
    for (const { start, end, match } of places(PATTERNS[topic], lower))
      if (!OF_WORK.test(match[0]) || !AS_WORK.test(lower.slice(Math.max(0, start - 60), start))) hints.push({ start, end, topic })
  return hints.sort((a, b) => a.start - b.start)
}
