// Reads a text as a person would who means to see through its disguise: plain Latin letters and digits, and where each one came from.

/** `text` is what the detectors read. Its unit `i` came from the original's units `starts[i]` up to `ends[i]` (UTF-16). */
export type Plain = Readonly<{ text: string; starts: Int32Array; ends: Int32Array }>

/** Letters that look like Latin ones, from Cyrillic, Greek, Armenian and phonetic script: each followed by what it is read as. */
const LOOKALIKES = pairs(
  'аaвbеeкkмmнhоoрpсcтtуyхxіiїiјjѕsһhԁdԛqԝwґrгrзz',
  'АAВBЕEКKМMНHОOРPСCТTУYХXІIЇIЈJЅSԌGҺHԚQԜW',
  'αaβbγyεeηnιiκkνvοoρpτtυuχxωwςcϲcϳj',
  'ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXϹC',
  'օoսuհhցgոnԼLՏSՕOаa',
  'ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz',
  "ɑaɡgɩiɪiıiłlŁLøoØOđdĐDħhĦHŧtŦTðdÐDƒfɓbɗdɨiʉuəeʼ'ꞌ'©@ⓐ@",
)

/** Letters that are written as two. */
const LIGATURES = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['Æ', 'AE'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['þ', 'th'],
  ['Þ', 'Th'],
])

const DASH = /[\u2010-\u2015\u2212\u2043\u30fc\ufe58\ufe63\u2500\u058a\u1806]/
const DOT = /[\u00b7\u2022\u2024\u2027\u2219\u22c5\u30fb\u3002\uff61\u06d4\u0589]/
const QUOTE = /[\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\u00b4`]/
const UNSEEN = /[\p{Cf}\p{M}\u115f\u1160\u3164\uffa0\u2800\p{Cc}]/u
const DIGIT = /\p{Nd}/u
/** Stars, arrows and pictures: they stand between, and say nothing. */
const SYMBOL = /[\p{So}\p{Sm}]/u

/** Never throws, whatever the text; lone surrogates stay what they are. */
export function normalise(original: string): Plain {
  const pieces: string[] = []
  // What one character is read as is at most a few units long; the arrays grow when that is not enough.
  let starts = new Int32Array(original.length + 16)
  let ends = new Int32Array(original.length + 16)
  let length = 0
  const met = new Map<string, string>()
  const put = (piece: string, from: number, to: number) => {
    if (length + piece.length > starts.length) {
      starts = grown(starts, length + piece.length)
      ends = grown(ends, length + piece.length)
    }
    pieces.push(piece)
    for (let i = 0; i < piece.length; i++) {
      starts[length] = from
      ends[length++] = to
    }
  }
  for (let at = 0; at < original.length; ) {
    const code = original.charCodeAt(at)
    if (code < 0x80 && (code >= 0x20 || code === 10)) {
      const copied = at
      while (at < original.length && isPlain(original.charCodeAt(at))) {
        if (length === starts.length) {
          starts = grown(starts, length + 1)
          ends = grown(ends, length + 1)
        }
        starts[length] = at
        ends[length++] = ++at
      }
      pieces.push(original.slice(copied, at))
      continue
    }
    const char = String.fromCodePoint(original.codePointAt(at)!)
    const read = met.get(char) ?? readAs(char)
    met.set(char, read)
    put(read, at, at + char.length)
    at += char.length
  }
  return { text: pieces.join(''), starts, ends }
}

const isPlain = (code: number) => code < 0x80 && (code >= 0x20 || code === 10)

function grown(array: Int32Array, atLeast: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(atLeast, array.length * 2))
  larger.set(array)
  return larger
}

function readAs(char: string): string {
  if (char === '\r' || char === '\u2028' || char === '\u2029' || char === '\u0085') return '\n'
  // The byte order mark is white space to a pattern, and nothing to an eye.
  if (char !== '\ufeff' && /\s/.test(char)) return ' '
  if (DASH.test(char)) return '-'
  if (DOT.test(char)) return '.'
  if (QUOTE.test(char)) return "'"
  if (UNSEEN.test(char)) return ''
  const known = LOOKALIKES.get(char) ?? LIGATURES.get(char) ?? enclosed(char.codePointAt(0)!)
  if (known !== undefined) return known
  if (DIGIT.test(char)) return digitOf(char)
  if (SYMBOL.test(char) && char.normalize('NFKD') === char) return '*'
  let read = ''
  for (const part of char.normalize('NFKD')) {
    if (/\p{M}/u.test(part)) continue
    if (part !== char && !isPlain(part.charCodeAt(0))) read += readAs(part)
    else read += part
  }
  return read
}

/** Encircled and framed digits and letters that Unicode does not take apart itself. */
function enclosed(code: number): string | undefined {
  for (const first of [0x2776, 0x2780, 0x278a, 0x24f5]) if (code >= first && code <= first + 9) return String(code - first + 1)
  if (code === 0x24ff || code === 0x1f10c) return '0'
  for (const first of [0x1f150, 0x1f170, 0x1f1e6])
    if (code >= first && code < first + 26) return String.fromCharCode(0x41 + code - first)
  return undefined
}

/** Digits of a script stand in ten consecutive places, from zero on. */
function digitOf(char: string): string {
  const plain = char.normalize('NFKC')
  if (/^[0-9]$/.test(plain)) return plain
  const code = char.codePointAt(0)!
  let zero = code
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero--
  return String((code - zero) % 10)
}

function pairs(...lists: string[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const list of lists) {
    const chars = [...list]
    for (let i = 0; i + 1 < chars.length; i += 2) map.set(chars[i]!, chars[i + 1]!)
  }
  return map
}
