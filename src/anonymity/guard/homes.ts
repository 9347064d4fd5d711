// Homes that have a number and no street: "chalet 112", "Postbus 4471", "azc kamer 214", "huisnr is 240".
import type { Found, Reading } from './text.js'
import { perWord } from './tokens.js'
import { OFFICE, UNIT } from './whereabouts.js'

/** "huisnr is 240": nothing else has such a number. */
const HOUSE_NUMBER = new Set(['huisnummer', 'huisnr', 'hnr', 'huisno', 'huisnmr'])
/** These have, when the street was told. */
const APART = new Set(['cijfer', 'deur', 'deurnummer', 'nr', 'nummer'])
const STREET_TOLD = /\b(?:straat|straatnaam)\s?(?:is|=|:|heet)\s?([a-z'][a-z' -]{2,30})(?=[,.;\s])/
/** Who gets post in a box of its own. */
export const OF_AN_OFFICE =
  /\b(?:uwv|gemeente|svb|belastingdienst|duo|ind|kvk|cak|cjib|rdw|werkcentrum|wsp|sociaal domein|bezwaren|folder|gefrankeerd|postzegel|opsturen naar de)\b/
const BEFORE_NUMBER = /^(?:is|daarvan|daar|ervan|dan|van|nr|was|wordt|het|nu|nl|op)$/
/** Who lives in one of these has its number for an address; the others are also in offices. */
const UNIT_HOUSE = new Set(
  'chalet stacaravan kavel staanplaats ligplaats woonwagen woonboot bungalow vakantiehuisje woonunit postbus antwoordnummer'.split(
    ' ',
  ),
)
const UNIT_ROOM = new Set(
  'kamer unit flat appartement app studio caravan huisje blok plek woning barak gebouw portiek'.split(' '),
)
const AT_HOME =
  /\b(?:woont|woon|slaapt|logeert|verblijft|azc|coa|noodopvang|camping|vakantiepark|park|opvang|asielzoekerscentrum|thuis|adres|inwonend)\b[^\n]{0,24}$/

export function findHomes(reading: Reading): Found[] {
  const { tokens, lower, numerals } = reading
  const found: Found[] = []
  const couldTell = perWord((fold) => [HOUSE_NUMBER, APART, UNIT_HOUSE, UNIT_ROOM].some((words) => words.has(fold)))
  tokens.forEach((token, index) => {
    if (!couldTell(token)) return
    // "straat is Havikshorst, Lelystad, huisnr daarvan 117"
    const streetFrom = Math.max(0, token.start - 80)
    const isOfHouse = HOUSE_NUMBER.has(token.fold)
    const street = isOfHouse || APART.has(token.fold) ? STREET_TOLD.exec(lower.slice(streetFrom, token.start)) : null
    const isNumber = isOfHouse || street !== null
    if (!isNumber && !UNIT_HOUSE.has(token.fold) && !UNIT_ROOM.has(token.fold)) return
    let at = index + 1
    while (at < index + 3 && BEFORE_NUMBER.test(tokens[at]?.fold ?? '')) at++
    const number = tokens[at]
    if (!number || number.start - token.end > 12) return
    const isSpoken = !number.isNumber && isNumber && numerals.some((numeral) => numeral.first === at)
    if (!(number.isNumber && number.fold.length < 6) && !isSpoken) return
    if (UNIT.test(lower.slice(number.end, number.end + 12))) return
    if (/^ (?:op|van) (?:het |een )?(?:bedrijven|industrie)/.test(lower.slice(number.end, number.end + 28))) return
    const isHome = AT_HOME.test(lower.slice(Math.max(0, token.start - 44), token.start))
    if (UNIT_ROOM.has(token.fold) && !isHome) return
    if (
      /^(?:postbus|antwoordnummer)$/.test(token.fold) &&
      OF_AN_OFFICE.test(lower.slice(Math.max(0, token.start - 40), number.end + 50))
    )
      return
    if (street) {
      const from = streetFrom + street.index + street[0].indexOf(street[1]!, 7)
      found.push({ start: from, end: from + street[1]!.length, kind: 'address' })
    }
    for (let back = index - 1; back > index - 5 && tokens[back]; back--) if (!isHome && OFFICE.has(tokens[back]!.fold)) return
    found.push({ start: token.start, end: number.end, kind: 'address' })
  })
  return found
}
