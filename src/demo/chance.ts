// Chance that is the same on every machine: a small generator (sfc32), started from a text.
import { createHash } from 'node:crypto'

export type Weights<T extends string> = Readonly<Partial<Record<T, number>>>

export type Chance = Readonly<{
  /** From 0 up to, not including, 1. */
  part: () => number
  /** A whole number from `low` to `high`, both included. */
  whole: (low: number, high: number) => number
  bytes: (count: number) => Uint8Array
  /** Shaped like a random UUID (version 4). */
  uuid: () => string
  oneOf: <T>(list: readonly T[]) => T
  /** One of the keys, each as likely as its weight says. */
  weighted: <T extends string>(weights: Weights<T>) => T
  shuffled: <T>(list: readonly T[]) => T[]
  /** `count` keys in a random order, each as often as its weight says (rounded), so that proportions hold exactly. */
  dealt: <T extends string>(count: number, weights: Weights<T>) => T[]
}>

export function chanceFrom(text: string): Chance {
  const seed = createHash('sha256').update(text).digest()
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => seed.readUInt32LE(at)) as [number, number, number, number]
  const word = () => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const part = () => word() / 2 ** 32
  const whole = (low: number, high: number) => low + Math.floor(part() * (high - low + 1))
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => word() >>> 24)
  const uuid = () => {
    const id = bytes(16)
    id[6] = (id[6]! & 0x0f) | 0x40
    id[8] = (id[8]! & 0x3f) | 0x80
    return Buffer.from(id)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
  const oneOf = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new Error('there is nothing to choose from')
    return list[whole(0, list.length - 1)]!
  }
  const weighted = <T extends string>(weights: Weights<T>): T => {
    const entries = Object.entries(weights) as [T, number][]
    let left = part() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      left -= weight
      if (left < 0) return key
    }
    return entries.at(-1)![0]
  }
  const shuffled = <T>(list: readonly T[]): T[] => {
    const copy = [...list]
    for (let last = copy.length - 1; last > 0; last--) {
      const other = whole(0, last)
      ;[copy[last], copy[other]] = [copy[other]!, copy[last]!]
    }
    return copy
  }
  const dealt = <T extends string>(count: number, weights: Weights<T>): T[] => {
    const entries = Object.entries(weights) as [T, number][]
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0)
    const cards: T[] = []
    let reached = 0
    for (const [key, weight] of entries) {
      reached += weight
      while (cards.length < Math.round((reached / total) * count)) cards.push(key)
    }
    return shuffled(cards)
  }
  return Object.freeze({ part, whole, bytes, uuid, oneOf, weighted, shuffled, dealt })
}
