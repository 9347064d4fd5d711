// The recognition code and the follow-up code: made fairly, read forgivingly, and wrong ones caught.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  FOLLOW_UP_ALPHABET,
  makeFollowUpCode,
  makeRecognitionCode,
  type Random,
  readFollowUpCode,
  readRecognitionCode,
} from '#app/handoffs/codes.js'
import { WORDS } from '#app/handoffs/words.js'

/** Gives these bytes over and over. */
function repeating(bytes: readonly number[]): Random {
  let at = 0
  return (count) => Uint8Array.from({ length: count }, () => bytes[at++ % bytes.length] ?? 0)
}

/** Gives every pair of bytes once, in order. */
function everyPair(): Random {
  let at = 0
  return () => {
    const pair = Uint8Array.of(at >> 8, at & 255)
    at++
    return pair
  }
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}

/** Roughly how Dutch sounds: letters that are heard as one another are written as one. */
function sound(word: string): string {
  return [
    ['sch', 'S'],
    ['ij', 'Y'],
    ['ei', 'Y'],
    ['ou', 'W'],
    ['au', 'W'],
    ['ch', 'g'],
    ['dt', 't'],
    ['th', 't'],
    ['x', 'ks'],
  ]
    .reduce((text, [from, to]) => text.replaceAll(from!, to!), word)
    .replace(/[vzc]/g, (letter) => ({ v: 'f', z: 's', c: 'k' })[letter]!)
    .replace(/d$/, 't')
    .replace(/b$/, 'p')
    .replace(/(.)\1/g, '$1')
}

describe('The words', () => {
  test('are 512 different ones in plain lower-case letters', () => {
    expect(new Set(WORDS).size).toBe(512)
    expect(WORDS.length).toBe(512)
    expect(WORDS.filter((word) => !/^[a-z]{3,16}$/.test(word))).toEqual([])
  })

  test('differ by more than one letter, or one swap', () => {
    const close = WORDS.flatMap((a, i) =>
      WORDS.slice(i + 1)
        .filter((b) => Math.abs(a.length - b.length) < 2)
        .filter(
          (b) =>
            editDistance(a, b) < 2 ||
            [...a].some((_, at) => at > 0 && a.slice(0, at - 1) + a[at] + a[at - 1] + a.slice(at + 1) === b),
        )
        .map((b) => [a, b]),
    )
    expect(close).toEqual([])
  })

  test('do not sound alike', () => {
    expect(new Set(WORDS.map(sound)).size).toBe(WORDS.length)
  })
})

describe('A recognition code', () => {
  test('is two different words and a number of two digits, and is read as it was made', () => {
    for (let i = 0; i < 5_000; i++) {
      const code = makeRecognitionCode(randomBytes)
      expect(code).toMatch(/^[a-z]+-[a-z]+-[1-9][0-9]$/)
      const [first, second] = code.split('-')
      expect(first).not.toBe(second)
      expect(readRecognitionCode(code)).toBe(code)
    }
  })

  test('draws every word as often as any other', () => {
    const counts = new Map<string, number>()
    const pairs = everyPair()
    // The first draw walks through all pairs of bytes; the other two are held still.
    for (let i = 0; i < 65_536; i++) {
      const held = repeating([0, 0])
      let draws = 0
      const word = makeRecognitionCode((count) => (draws++ === 0 ? pairs(count) : held(count))).split('-')[0]!
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
    expect(new Set(counts.values())).toEqual(new Set([128]))
    expect(counts.size).toBe(512)
  })

  const [a, b] = [WORDS[0]!, WORDS[100]!]
  test.each([
    `${a}-${b}-42`,
    `${a.toUpperCase()} ${b} 42`,
    `  ${a}  -  ${b} - 42 `,
    `${a}\u2013${b}\u2011${42}`,
    `${a}\u00a0${b}\t42`,
    `${a} ${b}42`,
    `${a} ${b} ４２`,
  ])('is read from %j', (text) => expect(readRecognitionCode(text)).toBe(`${a}-${b}-42`))

  test.each([
    '',
    a,
    `${a}-${b}`,
    `${a}-${b}-4`,
    `${a}-${b}-04`,
    `${a}-${b}-421`,
    `${a}-${a}-42`,
    `${a}-nietbestaand-42`,
    `${a}-${b}-42-`,
    `${a}-${b}-42'; --`,
    `${a}-constructor-42`,
    'x'.repeat(1_000_000),
  ])('is not read from %.40j', (text) => expect(readRecognitionCode(text)).toBeUndefined())
})

describe('A follow-up code', () => {
  test('has at least 60 bits, no vowels, and nothing that looks like something else', () => {
    expect(new Set(FOLLOW_UP_ALPHABET).size).toBe(30)
    expect(FOLLOW_UP_ALPHABET).not.toMatch(/[AEIOUL]/)
    expect(13 * Math.log2(30) + Math.log2(30 / 31)).toBeGreaterThan(63.7)
  })

  test('is read as it was made, and no two are the same', () => {
    const codes = Array.from({ length: 5_000 }, () => makeFollowUpCode(randomBytes))
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) {
      expect(code).toMatch(/^[0-9B-Z]{5}-[0-9B-Z]{5}-[0-9B-Z]{4}$/)
      expect(readFollowUpCode(code)).toBe(code)
    }
  })

  test('draws every character as often as any other', () => {
    const pairs = everyPair()
    const counts = new Map<string, number>()
    // 65,520 of the 65,536 pairs are used, 2,184 for each character; the last 16 would favour some and are drawn again.
    for (let i = 0; i < 65_520; i++) {
      let draws = 0
      // The second character is moved along where the check value would be the one that is never issued.
      const code = makeFollowUpCode((count) => (draws++ === 0 ? pairs(count) : Uint8Array.of(0, draws === 15 ? 1 : 0)))
      if (draws > 13) continue
      counts.set(code[0]!, (counts.get(code[0]!) ?? 0) + 1)
    }
    // One first character needs the unissued check value when all others are 0, and is then drawn again as a whole.
    expect(new Set(counts.values())).toEqual(new Set([2_184]))
    expect(counts.size).toBe(29)
  })

  test('never comes from a source of randomness that is stuck', () => {
    expect(() => makeFollowUpCode(repeating([255]))).toThrow('randomness')
    expect(() => makeRecognitionCode(() => new Uint8Array(0))).toThrow('randomness')
  })

  test('shows every single wrong character', () => {
    for (const code of Array.from({ length: 50 }, () => makeFollowUpCode(randomBytes))) {
      for (let at = 0; at < code.length; at++) {
        if (code[at] === '-') continue
        for (const other of FOLLOW_UP_ALPHABET) {
          if (other !== code[at]) expect(readFollowUpCode(code.slice(0, at) + other + code.slice(at + 1))).toBeUndefined()
        }
      }
    }
  })

  test('shows every pair of different characters that were swapped, next to each other or not', () => {
    for (const code of Array.from({ length: 200 }, () => makeFollowUpCode(randomBytes))) {
      const plain = code.replaceAll('-', '')
      for (let i = 0; i < plain.length; i++) {
        for (let j = i + 1; j < plain.length; j++) {
          if (plain[i] === plain[j]) continue
          const swapped = [...plain]
          ;[swapped[i], swapped[j]] = [plain[j]!, plain[i]!]
          expect(readFollowUpCode(swapped.join(''))).toBeUndefined()
        }
      }
    }
  })

  test('cannot miss either: no product of a weight, or a difference of weights, with a difference of values is a multiple of 31', () => {
    for (let factor = 1; factor <= 14; factor++) {
      for (let difference = 1; difference < 31; difference++) expect((factor * difference) % 31).not.toBe(0)
    }
  })

  test('shows characters left out or added', () => {
    const code = makeFollowUpCode(randomBytes)
    expect(readFollowUpCode(code.slice(1))).toBeUndefined()
    expect(readFollowUpCode(`${code}0`)).toBeUndefined()
  })

  test('is read with other capitals, spaces, dashes and look-alikes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 200, maxLength: 200 }), (bytes) => {
        let code: string
        try {
          code = makeFollowUpCode(repeating([...bytes]))
        } catch {
          return true
        }
        const typed = [
          code.toLowerCase(),
          code.replaceAll('-', ' '),
          code.replaceAll('-', ''),
          ` ${code.replaceAll('-', '\u2013')}\n`,
          code.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('V', 'u'),
          code.replaceAll('0', 'O').replaceAll('1', 'I'),
        ]
        return typed.every((text) => readFollowUpCode(text) === code)
      }),
    )
  })

  test.each(['', '-', '00000-00000-000A', 'AAAAA-AAAAA-AAAA', '\u0000', 'x'.repeat(1_000_000)])(
    'is not read from %.40j',
    (text) => expect(readFollowUpCode(text)).toBeUndefined(),
  )
})
