// The fields of one mutation together: also what is split over two of them, "06 1234" here and "5678" there.
import { type Checked, checkText } from './check.js'
import { readDates } from './dates.js'
import type { Finding, Kind } from './kinds.js'
import { normalise } from './normalise.js'
import { passesElevenProof } from './numbers.js'
import { reading } from './text.js'

type Field = Readonly<{ name: string; text: string }>
type Part = Finding & Readonly<{ name: string }>

/** How much of the end of one field and of the start of another is read as one text. */
const EDGE = 160

/** Of what is split, each field says where its part stands. The order of the fields does not matter, but for what is split over three. */
export function checkFields(fields: Readonly<Record<string, string>>): Readonly<Record<string, Checked>> {
  const all = Object.entries(fields).map(([name, text]) => ({ name, text }))
  const alone = new Map(all.map(({ name, text }) => [name, checkText(text)]))
  const findings = new Map([...alone].map(([name, checked]) => [name, [...checked.findings]]))
  const pairs = all.flatMap((first) => all.filter((second) => second !== first).map((second) => [first, second] as const))
  const parts = [
    ...pairs.flatMap(([first, second]) => acrossBorders([ending(first), beginning(second)])),
    ...(all.length > 2
      ? acrossBorders(all.map((field) => (field.text.length > EDGE ? beginning(field) : { ...field, shift: 0 })))
      : []),
    ...pairs.flatMap(([first, second]) => splitNumbers(first, second, alone)),
  ]
  for (const { name, ...part } of parts) {
    const own = findings.get(name)!
    if (!own.some(({ start, end }) => start < part.end && part.start < end)) own.push(part)
  }
  return Object.fromEntries(
    [...alone].map(([name, { sensitive }]) => [
      name,
      { findings: findings.get(name)!.sort((a, b) => a.start - b.start), sensitive },
    ]),
  )
}

/** `shift`: how much of the field was left out before it. */
type Piece = Field & Readonly<{ shift: number }>

const ending = ({ name, text }: Field): Piece => {
  const shift = Math.max(0, text.length - EDGE)
  return { name, text: text.slice(shift), shift }
}
const beginning = ({ name, text }: Field): Piece => ({ name, text: text.slice(0, EDGE), shift: 0 })

/** What shows only when the texts are read one after the other, as if nothing, or a space, stood between. */
function acrossBorders(pieces: readonly Piece[]): Part[] {
  const parts: Part[] = []
  const filled = pieces.filter(({ text }) => text.trim() !== '')
  for (const joint of ['', ' ']) {
    let at = 0
    const placed = filled.map((piece) => {
      const start = at
      at += piece.text.length + joint.length
      return { ...piece, start, end: start + piece.text.length }
    })
    for (const { start, end, kind } of checkText(filled.map(({ text }) => text).join(joint)).findings) {
      const touched = placed.filter((piece) => piece.start < end && start < piece.end)
      // Without a space two words become one, which may look like a name.
      if (touched.length < 2 || kind === 'description' || (kind === 'name' && joint === '')) continue
      for (const piece of touched)
        parts.push({
          name: piece.name,
          kind,
          start: Math.max(start, piece.start) - piece.start + piece.shift,
          end: Math.min(end, piece.end) - piece.start + piece.shift,
        })
    }
  }
  return parts
}

/** Numbers that nothing explains, of both fields together, whatever words stand around them: "eerst 0612", "en dan 345678". */
function splitNumbers(first: Field, second: Field, alone: ReadonlyMap<string, Checked>): Part[] {
  const a = looseNumbers(first, alone.get(first.name)!)
  const b = looseNumbers(second, alone.get(second.name)!)
  if (a.length === 0 || b.length === 0) return []
  const digits = [...a, ...b].map((number) => number.digits).join('')
  const kind: Kind | undefined = /^(?:0[1-9]\d{8}|(?:00)?316\d{8})$/.test(digits)
    ? 'phone'
    : digits.length === 9 && passesElevenProof(digits)
      ? 'bsn'
      : undefined
  if (kind === undefined) return []
  return [...a, ...b].map(({ name, start, end }) => ({ name, kind, start, end }))
}

function looseNumbers({ name, text }: Field, { findings }: Checked) {
  const plain = normalise(text)
  const read = reading(plain.text)
  const { harmless } = readDates(read)
  return read.numerals
    .filter(
      ({ digits, start, end, spoken }) =>
        !harmless.covers(start, end) && (digits.length > 1 || (spoken && digits !== '1')) && !/^(?:19|20)\d\d$/.test(digits),
    )
    .map(({ digits, start, end }) => ({ name, digits, start: plain.starts[start]!, end: plain.ends[end - 1]! }))
    .filter(({ start, end }) => !findings.some((other) => other.start < end && start < other.end))
}
