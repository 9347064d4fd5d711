// The two codes a visitor leaves with: one to say aloud, which opens nothing, and one secret, which opens the visitor's page (design 1).
import { WORDS } from './words.js'

/** Gives so many random bytes; `crypto.randomBytes` fits. It comes in, so that tests and the demo story are the same every time. */
export type Random = (bytes: number) => Uint8Array

/** A whole number from 0 up to, not including, `size`; each as likely as the next, so what would tip the scale is drawn again. */
function pick(size: number, random: Random): number {
  const fair = 65_536 - (65_536 % size)
  for (let tries = 0; tries < 100; tries++) {
    const [high = 255, low = 255] = random(2)
    const drawn = high * 256 + low
    if (drawn < fair) return drawn % size
  }
  throw new Error('the source of randomness keeps giving the same bytes')
}

/** What people type where a hyphen is meant: all of Unicode's dashes and spaces, and the minus sign. */
const SEPARATORS = /[\p{Pd}\p{White_Space}\u2212]+/gu

/** A recognition code: two different words and a number of two digits, like `molen-appel-42`. Some 23 million exist: not a secret. */
export function makeRecognitionCode(random: Random): string {
  const first = pick(WORDS.length, random)
  const second = (first + 1 + pick(WORDS.length - 1, random)) % WORDS.length
  return `${WORDS[first]}-${WORDS[second]}-${10 + pick(90, random)}`
}

const known: ReadonlySet<string> = new Set(WORDS)

/** The recognition code that somebody typed, or nothing when it can't be one. Forgives capitals, spaces and missing hyphens before the number. */
export function readRecognitionCode(text: string): string | undefined {
  if (text.length > 100) return undefined
  const tidy = text.normalize('NFKC').trim().toLowerCase().replace(SEPARATORS, '-')
  const [, first = '', second = '', number] = /^([a-z]+)-([a-z]+)-?([1-9][0-9])$/.exec(tidy) ?? []
  return first !== second && known.has(first) && known.has(second) ? `${first}-${second}-${number}` : undefined
}

/**
 * The characters of a follow-up code, in the order of their value. No vowels, so that no words appear; no O, I, L and U, which look
 * like 0, 1, 1 and V and are read as those. The 31st value of the check is never issued: 31 is prime, and that makes the check work.
 */
export const FOLLOW_UP_ALPHABET = '0123456789BCDFGHJKMNPQRSTVWXYZ'

/** How long a follow-up code opens the visitor's page, in days from the offer; after that it is a code like any that never was. */
export const CODE_DAYS = 365

const PRIME = 31
const SECRET_LENGTH = 13

/**
 * A follow-up code, like `7KXPB-30WZD-RT4Q`: 13 random characters and one that checks them. 13 × log2(30) = 63.8 bits, of which
 * leaving out the codes that need the 31st check value costs 0.05.
 */
export function makeFollowUpCode(random: Random): string {
  for (let tries = 0; tries < 100; tries++) {
    const secret = Array.from({ length: SECRET_LENGTH }, () => pick(FOLLOW_UP_ALPHABET.length, random))
    const check = FOLLOW_UP_ALPHABET[(PRIME - weightedSum([...secret, 0])) % PRIME]
    if (check !== undefined) return grouped(secret.map((value) => FOLLOW_UP_ALPHABET[value]).join('') + check)
  }
  throw new Error('the source of randomness keeps giving the same bytes')
}

/** The follow-up code that somebody typed, written as it was issued, or nothing when a character is wrong, missing or swapped. */
export function readFollowUpCode(text: string): string | undefined {
  if (text.length > 100) return undefined
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(SEPARATORS, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
    .replaceAll('U', 'V')
  const values = Array.from(plain, (character) => FOLLOW_UP_ALPHABET.indexOf(character))
  if (values.length !== SECRET_LENGTH + 1 || values.includes(-1)) return undefined
  return weightedSum(values) % PRIME === 0 ? grouped(plain) : undefined
}

/**
 * Weighs each place differently, the check character by 1. Modulo a prime larger than any weight or difference of values, one wrong
 * character or two swapped ones (adjacent or not) never give the same sum.
 */
function weightedSum(values: readonly number[]): number {
  return values.reduce((sum, value, place) => sum + value * (SECRET_LENGTH + 1 - place), 0) % PRIME
}

const grouped = (plain: string) => `${plain.slice(0, 5)}-${plain.slice(5, 10)}-${plain.slice(10)}`
