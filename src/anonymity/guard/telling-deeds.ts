// What somebody did or was that a place remembers: set a hall on fire, saved a child, lost both legs, lived to a hundred and two.
import { type Rule, seek } from './telling-rules.js'
import * as tell from './telling-words.js'

const OF = /^(?:van|v|vd|vh)$/
const RELATIVE = /^(?:die|dat|wie|who)$/
const SOMEBODY =
  /^(?:trainer|trainster|coach|leraar|lerares|docent|docente|moeder|vader|jongen|gozer|vent|kerel|buurman|buurvrouw|leerling|student)$/
/** Rare enough by itself for a paper. */
const DEED =
  /^(?:aanstak|aangestoken|redde|gered|ramde|geramd|kaapte|ontvoerde|gijzelde|overviel|verduisterde|verduisterd|neerstak|neerschoot|ontsnapte|ontsnapt|bezette|beklom|onthulde|omreed|opblies|vernielde|bekladde)$/
/** These are, of such a thing. */
const DONE_TO: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(?:verloor|verloren|kwijtraakte|mist)$/,
    /^(?:benen|been|armen|arm|handen|hand|oog|ogen|vingers|gezichtsvermogen|gehoor|ledematen|gezin)$/,
  ],
  [/^(?:sloot|gesloten|opdoekte)$/, /(?:school|fabriek|ziekenhuis|kerk|zwembad|werf|bibliotheek)$/],
  [/^(?:reed|knalde|crashte|vloog)$/, /^(?:kerk|winkel|gevel|huis|vaart|kanaal|gracht|sloot|molen|school|terras)$/],
  [/^(?:kreeg|beviel)$/, /^(?:podium|vliegtuig|trein|ambulance|lift)$/],
]
/** "die geschorst werd" */
const PUT_OUT = /^(?:geschorst|geroyeerd|aangehouden|opgepakt|gearresteerd|betrapt|ontheven|veroordeeld)$/
const HOUSE = /(?:club|vereniging|school|kerk|moskee|koor|korps|brandweer|politie|zwembad|manege|harmonie|fanfare|college)$/

/** "hij is de man die vorig jaar de brand in het dorpshuis van eext aanstak" */
export const whoDidIt: Rule = ({ folds, placeAfter, isPerson }) => {
  for (let index = 0; index < folds.length - 3; index++) {
    const fold = folds[index]!
    if (!isPerson(fold) && !tell.ROLES.has(fold) && !SOMEBODY.test(fold) && !tell.LEADERS.test(fold)) continue
    const relative = seek(folds, RELATIVE, index + 1, index + 10)
    if (relative < 0) continue
    const deed = seek(folds, DEED, relative + 1, relative + 18)
    const done = deed > 0 ? deed : doneAfter(folds, relative)
    const place = placeAfter(index, 18)
    if (done > 0 && place > 0) return [index, Math.max(done, place)]
    const out = seek(folds, PUT_OUT, relative + 1, relative + 10)
    if (out > 0 && place > 0 && seek(folds, HOUSE, index + 1, relative + 8) > 0) return [index, Math.max(out, place)]
  }
  return undefined
}

function doneAfter(folds: readonly string[], relative: number): number {
  for (const [verb, object] of DONE_TO) {
    const at = seek(folds, verb, relative + 1, relative + 14)
    const of = at < 0 ? -1 : seek(folds, object, relative + 1, relative + 16)
    if (of > 0 && of !== at) return Math.max(at, of)
  }
  return -1
}

/** "de man van 102 die in ootmarsum werkt", "moeder van negen uit emmeloord" */
export const howOldOrManyFold: Rule = ({ clause, folds, placeAfter, isPerson }) => {
  for (let index = 1; index < folds.length; index++) {
    const isOld = clause[index]!.isNumber && Number(folds[index]) > 94 && Number(folds[index]) < 116
    const isAge = isOld && (OF.test(folds[index - 1]!) || /^(?:jaar|jr|jarige)$/.test(folds[index + 1] ?? ''))
    const isMother =
      OF.test(folds[index - 1]!) &&
      /^(?:moeder|vader|oma|opa)$/.test(folds[index - 2] ?? '') &&
      /^(?:zeven|acht|negen|tien|elf|twaalf|dertien|veertien|[789]|1[0-9])$/.test(folds[index]!) &&
      !/^(?:maanden|weken|jaar|jr|dagen)$/.test(folds[index + 1] ?? '')
    if (!isAge && !isMother) continue
    const who = folds.slice(Math.max(0, index - 5), index).findIndex((fold) => isPerson(fold) || SOMEBODY.test(fold))
    const place = placeAfter(index, 12)
    if (who >= 0 && place > 0) return [Math.max(0, index - 5) + who, place]
  }
  return undefined
}

/** Of which a place has one. */
const ONE_OF_A_PLACE =
  /(?:chef|meester|meesteres|commandant|wachter|hoofd|voorzitter|voorzitster|opzichter|beheerder|beheerster|kastelein|omroeper|veerman|koster|molenaar|bode|dokter|veldwachter)$/
/** "oud-stationschef van roodeschool", "het grootste poppenmuseum van zeeland", "..., de enige daar" */
export const whatNobodyElseIs: Rule = ({ folds, placeAfter, isTown, isPerson }) => {
  for (let index = 0; index < folds.length - 1; index++) {
    const fold = folds[index]!
    const next = folds[index + 1]!
    if (/^(?:oud|ex|voormalig)$/.test(fold) && ONE_OF_A_PLACE.test(next) && OF.test(folds[index + 2] ?? '')) {
      const town = placeAfter(index + 2, 3)
      if (town > 0 && isTown(town)) return [index, town]
    }
    if (
      /^(?:grootste|oudste|kleinste|langste|enige|bekendste)$/.test(fold) &&
      /^(?:met|heeft|bezit|runt)$/.test(folds[index - 2] ?? '') &&
      OF.test(folds[index + 2] ?? '') &&
      placeAfter(index + 2, 3) > 0
    )
      return [index - 2, placeAfter(index + 2, 3)]
    if (fold === 'enige' && folds[index - 1] === 'de' && /^(?:daar|hier|er|aldaar)$/.test(next)) {
      const who = folds.slice(0, index).findIndex((word) => isPerson(word) || tell.ROLES.has(word))
      const place = who < 0 ? -1 : placeAfter(who, index - who)
      if (place > 0) return [who, index + 1]
    }
    if (tell.FIRST_OR_LAST.has(fold)) {
      const seat = seek(folds, /^(?:gemeenteraad|raad|kerkenraad|college|tweede|provincie)$/, index + 1, index + 7)
      const isIn = seat > 0 && (folds[seat - 1] === 'in' || folds[seat - 2] === 'in')
      const place = isIn ? placeAfter(seat, 3) : -1
      if (place > 0) return [index, place]
    }
    if (tell.RARE_TRADE.test(fold) && seek(folds, RELATIVE, index + 1, index + 3) > 0 && placeAfter(index, 9) > 0)
      return [index, placeAfter(index, 9)]
  }
  return undefined
}

/** Without one of these no clause tells anything by these rules. */
export const MARKS_OF_DEEDS = [DEED, PUT_OUT, ...DONE_TO.map(([verb]) => verb)]
