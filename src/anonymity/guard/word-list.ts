// A sorted list of plain words, one to a line: kept as its bytes with an index of hashes, a fifth of the room and time of a Set.

export type WordList = Readonly<{
  has: (word: string) => boolean
  /** Is a word of the list, of four letters or more, one slip of the finger away: one letter too many, too few, other, or two changed about? */
  isNear: (word: string) => boolean
  /** Does a word of the list begin so? */
  begins: (letters: string) => boolean
}>

const END = 10
const LONGEST = 64
const SEED = 0x811c9dc5 | 0
const mix = (hash: number, byte: number) => Math.imul(hash ^ byte, 0x01000193)
/** The low bits of that hash are close to those of its neighbours; the high ones are not. */
const spread = (hash: number) => hash ^ (hash >>> 15)

/** INVARIANT: every line ends with a newline, the last one, too. */
export function wordList(bytes: Uint8Array): WordList {
  // Words are eleven letters long in the mean: so at most half of the places are taken.
  const mask = 2 ** Math.ceil(Math.log2(bytes.length / 4 + 2)) - 1
  const index = new Int32Array(mask + 1)
  for (let at = 0, start = 0, hash = SEED; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte !== END) {
      hash = Math.imul(hash ^ byte, 0x01000193)
      continue
    }
    let place = (hash ^ (hash >>> 15)) & mask
    while (index[place] !== 0) place = (place + 1) & mask
    index[place] = start + 1
    start = at + 1
    hash = SEED
  }
  const letters = new Uint8Array(LONGEST + 2)

  /** Do the first `length` letters spell a word, whose hash this is? */
  const isWord = (length: number, hash: number): boolean => {
    for (let place = spread(hash) & mask; index[place] !== 0; place = (place + 1) & mask) {
      const begin = index[place]! - 1
      let at = 0
      while (at < length && bytes[begin + at] === letters[at]) at++
      if (at === length && bytes[begin + at] === END) return true
    }
    return false
  }

  /** Does a word begin with the first `length` letters? Looked up by halves, as in a paper dictionary. */
  const isBeginning = (length: number): boolean => {
    let low = 0
    let high = bytes.length
    while (low < high) {
      let begin = (low + high) >> 1
      while (begin > low && bytes[begin - 1] !== END) begin--
      let at = 0
      while (at < length && bytes[begin + at] === letters[at]) at++
      if (at === length) return true
      // The end of a line is lower than any letter.
      if (bytes[begin + at]! < letters[at]!) {
        low = begin
        while (bytes[low] !== END) low++
        low++
      } else high = begin
    }
    return false
  }

  return {
    has(word) {
      const { length } = word
      if (length > LONGEST) return false
      let hash = SEED
      for (let at = 0; at < length; at++) {
        const code = word.charCodeAt(at)
        if (code > 127) return false
        letters[at] = code
        hash = mix(hash, code)
      }
      return isWord(length, hash)
    },

    begins(word) {
      if (word.length > LONGEST) return false
      for (let at = 0; at < word.length; at++) letters[at] = word.charCodeAt(at)
      return isBeginning(word.length)
    },

    isNear(word) {
      const { length } = word
      if (length < 4 || length > 32) return false
      const codes = Array.from(word, (letter) => letter.charCodeAt(0))
      const isWith = (head: number, letter: number, from: number, hash: number): boolean => {
        let last = hash
        let to = head
        if (letter > 0) {
          letters[to++] = letter
          last = mix(last, letter)
        }
        for (let at = from; at < length; at++) {
          letters[to++] = codes[at]!
          last = mix(last, codes[at]!)
        }
        return to > 3 && isWord(to, last)
      }
      for (let head = 0, hash = SEED; head <= length; head++) {
        const isInside = head < length
        if (isInside && isWith(head, 0, head + 1, hash)) return true
        for (let letter = 97; letter <= 122; letter++)
          if (isWith(head, letter, head, hash) || (isInside && isWith(head, letter, head + 1, hash))) return true
        if (head < length - 1) {
          letters[head] = codes[head + 1]!
          if (isWith(head + 1, codes[head]!, head + 2, mix(hash, codes[head + 1]!))) return true
        }
        if (!isInside) break
        // What no word begins with no later change makes good.
        for (let at = 0; at <= head; at++) letters[at] = codes[at]!
        if (!isBeginning(head + 1)) return false
        hash = mix(hash, codes[head]!)
      }
      return false
    },
  }
}
