// Pages of a list, after the Relay cursor connections specification: opaque cursors, at most 50 at a time.
import { badInput } from '../errors.js'

export const PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 50

export type PageRequest = { first: number; after: string | null }

/** A page of `items`; each cursor belongs to the item at the same place. */
export type Page<T> = { items: T[]; cursors: string[]; hasNextPage: boolean }

/** @throws Refusal BAD_INPUT when `first` is not 1 to 50. */
export function pageRequest(first: number | null | undefined, after: string | null | undefined): PageRequest {
  const size = first ?? PAGE_SIZE
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) throw badInput(`first must be 1 to ${MAX_PAGE_SIZE}.`)
  return { first: size, after: after ?? null }
}

/**
 * `found` holds one more than was asked for, if there is more. `key` must be visible to whoever sees the list: cursors can be read.
 * `order` names the order of the list, so that a cursor of another one is refused.
 */
export function pageOf<T>(found: T[], { first }: PageRequest, order: string, key: (item: T) => readonly string[]): Page<T> {
  const items = found.slice(0, first)
  return { items, cursors: items.map((item) => cursor([order, ...key(item)])), hasNextPage: found.length > first }
}

export const badCursor = () => badInput('This cursor was not given by this list.')

const cursor = (key: readonly string[]): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/** @throws Refusal BAD_INPUT for whatever is not a list of words in this order. */
export function readCursor(text: string, order: string): string[] {
  if (text.length <= 500)
    try {
      const key: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
      if (Array.isArray(key) && key[0] === order && key.every((part) => typeof part === 'string')) return key.slice(1)
    } catch {
      // Falls through: a broken cursor is bad input, whatever is broken about it.
    }
  throw badCursor()
}
