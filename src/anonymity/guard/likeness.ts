// Does an unknown word look like a name? Three letters at a time: how often do names have them, and how often Dutch words?

const SIZE = 27
const END = 10

export type Likeness = Readonly<{
  like: (word: string) => number
  /** Could somebody say it? Not when its letters stand so in next to no name and no word: "kpoa" is an abbreviation. */
  isSayable: (word: string) => boolean
}>

/** Fewer words and names than this have three letters so. */
const RARE = 3

/**
 * Both lists have a word to a line, in small plain letters. The answer to a word is the average over its letters of the logarithm of how
 * much likelier names have them: above 0 it looks like a name.
 */
export function likeness(names: Uint8Array, others: Uint8Array): Likeness {
  const ofNames = counted(names)
  const ofOthers = counted(others)
  const weights = new Float32Array(SIZE ** 3)
  for (let i = 0; i < weights.length; i++)
    weights[i] = Math.log(
      ((ofNames.seen[i]! + 0.5) * (others.length + 9000)) / ((ofOthers.seen[i]! + 0.5) * (names.length + 9000)),
    )
  const each = (word: string, see: (three: number) => void) => {
    let before = 0
    let letter = 0
    for (let at = 0; at <= word.length; at++) {
      const next = at < word.length ? numberOf(word.charCodeAt(at)) : 0
      see((before * SIZE + letter) * SIZE + next)
      before = letter
      letter = next
    }
  }
  return {
    like: (word) => {
      let sum = 0
      each(word, (three) => {
        sum += weights[three]!
      })
      return sum / (word.length + 1)
    },
    isSayable: (word) => {
      let rarest = Number.POSITIVE_INFINITY
      each(word, (three) => {
        rarest = Math.min(rarest, ofNames.seen[three]! + ofOthers.seen[three]!)
      })
      return rarest >= RARE
    },
  }
}

/** Letters count from 1; what is before and after a word, and any other sign, is 0. */
const numberOf = (code: number) => (code >= 97 && code <= 122 ? code - 96 : 0)

function counted(list: Uint8Array) {
  const seen = new Int32Array(SIZE ** 3)
  let before = 0
  let letter = 0
  for (let at = 0; at < list.length; at++) {
    const code = list[at]!
    const next = code === END ? 0 : code - 96
    seen[(before * SIZE + letter) * SIZE + next]!++
    before = code === END ? 0 : letter
    letter = next
  }
  return { seen }
}
