// Licence plates: the forms of all Dutch side codes, with any sign between their groups or none, and in either case.
import { codePlaces, type Found, places, type Reading } from './text.js'
import { WORD, type Words } from './words.js'

/** RDW: side codes 1 to 14; X is a letter, N a digit. */
const FORMS =
  'XX-NN-NN NN-NN-XX NN-XX-NN XX-NN-XX XX-XX-NN NN-XX-XX NN-XXX-N N-XXX-NN XX-NNN-X X-NNN-XX XXX-NN-X X-NN-XXX N-XX-NNN NNN-XX-N'.split(
    ' ',
  )
/** A sign too many: nobody else writes consonants and digits so. */
const LONGER_FORMS = 'N-XXX-NNN NNN-XXX-N XX-NNN-XX NN-XXX-NN'.split(' ')
const CONSONANT = '[bdfghjklmnprstvwxz]'

const patternOf = (forms: readonly string[], letter: string, between: string) =>
  `(?:${forms.map((form) => form.replace(/[-XN]/g, (sign) => (sign === '-' ? between : sign === 'X' ? letter : '\\d'))).join('|')})`

/** A whole code without dashes. */
export const SIDE_CODE = new RegExp(`^${patternOf(FORMS, '[a-z]', '')}$`)
const DASHED = new RegExp(
  `(?<![\\w-])(?:${patternOf(FORMS, '[a-z]', '-')}|${patternOf(LONGER_FORMS, CONSONANT, '-')})(?![\\w-])`,
  'y',
)
/** Four letters together are a word more often: those have no vowel. */
const HAS_FOUR = /XX-XX/
const FOUR = FORMS.filter((form) => HAS_FOUR.test(form))
const OTHERS = FORMS.filter((form) => !HAS_FOUR.test(form))
const ANYHOW = new RegExp(
  `(?<![\\w-])(?:${patternOf(OTHERS, '[a-z]', '[ ./-]{0,3}')}|${patternOf(FOUR, CONSONANT, '[ ./-]{0,3}')})(?![\\w-])`,
  'y',
)
/** Forms that hardly anything else has, when they are in capitals; the others may be a word and a time. */
const LOUD = new RegExp(
  `(?<![\\w-])(?:${patternOf(
    FORMS.filter((form) => !/NN-NN|XX-XX/.test(form) && form !== 'X-NN-XXX'),
    '[A-Z]',
    '[ .]?',
  )}|${patternOf(['XX-XX-NN', 'NN-XX-XX'], '[A-Z]', ' ')}|${patternOf(['X-NN-XXX'], CONSONANT.toUpperCase(), '[ .]?')})(?![\\w-])`,
  'y',
)
/** "WGM 7Y214" */
const ABROAD = /(?<![\w-])[A-Z]{2,3} (?=\d+[A-Z]\d+(?!\w))[0-9A-Z]{4,6}(?![\w-])/y
const LOUD_WORDS =
  /\b(?:UUR|JAAR|DAG|MBO|HBO|VCA|MAX|MIN|OF|EN|IN|OP|TE|OM|TOT|AAN|NA|ZO|MA|DI|WO|DO|VR|ZA|BV|NV|CV|MW|HR|PW|ZW|WW|UWV|KM|JAN|FEB|MRT|APR|MEI|JUN|JUL|AUG|SEP|OKT|NOV|DEC|WK|PER|BBL|BOL|VMBO|HAVO|NEN|ISO)\b/
const NO_PLATE =
  /^(?:ma|di|wo|do|vr|za|zo)-\d|^\d{1,2}-(?:jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec|uur)-|^(?:nr|wk|wv|kw|q)-|-(?:uu|pm|am)$/
/** "lokaal GB-101-A": rooms, shelves and lines have such codes, too. */
const OF_A_ROOM =
  /\b(?:heftruck|stapelaar|reachtruck|\w*truck|machine|kraan|shovel|hoogwerker|robot|laptop|monitor|\w*schoen(?:en)?|maat|broek|jas|helm|handschoen(?:en)?|lokaal|lokalen|lok|zaal|ruimte|kamer|gebouw|vleugel|gang|verdieping|locker|kluisje|kast|stelling|vak|rij|hal|perron|formulier|model|type|artikel|order|module|versie)(?:nr|nummer)?[.:]?\s$/
/** Said before it or after it. */
const CALLED_BEFORE =
  /\b(?:kent(?:eken\w*)?|nummerbord|nummerplaat|plaat|auto|auto'?s|lease\w*|scooter|brommer|motor|bus|busje|bestel(?:bus|auto)|voertuig|wagen|aanhanger|caravan|camper|rijdt|rijden|reed|parkeer\w*|geparkeerd|parkeert|boete|rdw|apk)\b[^\n]{0,24}$/
const CALLED_AFTER = /^.{0,12}\b(?:kenteken|nummerbord|nummerplaat|als plaat)\b/
/** Of these words and times are made, too. */
const OF_THE_CALENDAR =
  /(?:^|[^a-z])(?:jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec|uur|om|op|en|of|te|in|na|is|ma|di|wo|do|vr|za|zo|jr|km|wk|mbo|hbo|vca|per|tot|max|min|van|dus|kg|pk|cc|mm|cm|lijn)(?:$|[^a-z])/

export function findPlates({ lower, text, codes }: Reading, { sortOf }: Words): Found[] {
  const found: Found[] = []
  const add = (start: number, end: number) => found.push({ start, end, kind: 'plate' })
  const isRoom = (start: number) => OF_A_ROOM.test(lower.slice(Math.max(0, start - 24), start))
  for (const { start, end, match } of codePlaces(DASHED, lower, codes))
    if (!NO_PLATE.test(match[0]) && !isRoom(start)) add(start, end)
  for (const { start, end, match } of codePlaces(LOUD, text, codes))
    if (!(/[ .]/.test(match[0]) && LOUD_WORDS.test(match[0])) && !isRoom(start)) add(start, end)
  for (const { start, end, match } of codePlaces(ANYHOW, lower, codes)) {
    const isCalled =
      CALLED_BEFORE.test(lower.slice(Math.max(0, start - 44), start)) || CALLED_AFTER.test(lower.slice(end, end + 28))
    const isWord = match[0].split(/[^a-z]+/).some((part) => part.length > 2 && sortOf(part) & WORD)
    if (isCalled && !isWord && !isRoom(start) && !OF_THE_CALENDAR.test(match[0])) add(start, end)
  }
  for (const { start, end, match } of codePlaces(ABROAD, text, codes))
    if (
      match[0].replace(/\D/g, '').length > 2 &&
      CALLED_BEFORE.test(lower.slice(Math.max(0, start - 44), start)) &&
      !isRoom(start)
    )
      add(start, end)
  for (const { end, match } of places(SAID_SO, lower)) if (looksLikeOne(match[1]!)) add(end - match[1]!.length, end)
  return found
}

/** "plaat JXl2OF met een 1 en een nul": after its own word also with letters that look like digits. */
const SAID_SO =
  /\b(?:kenteken|nummerbord|nummerplaat|plaat)(?:nr|nummer)?(?:\s?[:=]|\s(?:is|van|luidt))?\s(?=[a-z]*\d)([a-z0-9]{6})(?![\w-])/g
const LIKE_A_DIGIT = /[\doilsbzgq]/
const LIKE_A_LETTER = /[a-z0158]/
const looksLikeOne = (code: string) =>
  FORMS.some((form) =>
    [...form.replaceAll('-', '')].every((sign, nth) => (sign === 'N' ? LIKE_A_DIGIT : LIKE_A_LETTER).test(code[nth]!)),
  )
