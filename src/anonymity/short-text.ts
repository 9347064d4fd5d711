// A note or a remark as it is kept: short, without spaces around it; and where it goes when it is sensitive.
import { badInput } from '../errors.js'
import { checkText } from './guard/check.js'

/** Longest note or remark, in UTF-16 units: what can be read at a glance. */
export const LONGEST_NOTE = 280

/** Nothing but spaces is nothing. @throws Refusal BAD_INPUT */
export function shortText(typed: string | null | undefined, name: string): string | null {
  const text = typed?.trim() ?? ''
  if (text.length > LONGEST_NOTE) throw badInput(`${name} must be at most ${LONGEST_NOTE} characters.`)
  return text === '' ? null : text
}

/** One note, as it is shared: ordinary, or raised to `sensitive` by what it hints at (AVG art. 9 and 10). */
export type SharedNote = { note: string | null; sensitiveNote: string | null }

export const sharedNote = (text: string | null): SharedNote =>
  text !== null && checkText(text).sensitive.length > 0
    ? { note: null, sensitiveNote: text }
    : { note: text, sensitiveNote: null }
