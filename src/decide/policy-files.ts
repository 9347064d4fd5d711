// Reads policies/*.yaml: strict, and every mistake at once, with its line, in words that a privacy officer can act on.
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml'
import { z } from 'zod'
import { PlainError } from '../errors.js'
import {
  BUILT_IN_RULES,
  CATEGORIES,
  type Category,
  cellsOf,
  inWords,
  NEEDS,
  PARTNER_KINDS,
  type PartnerKind,
  type Policy,
  PURPOSES,
  type Purpose,
  RELATIONS,
  RELATIONS_OF,
  ROLES,
  type Role,
  type Scope,
  squareOf,
  symbolOf,
} from './decide.js'
import { BASIS_OF_THE_PARTNER } from './sentence.js'

/** A legal basis as data. No lawyer has confirmed one with `needs-lawyer: true`. */
export type Basis = z.infer<typeof basis>

export interface Sharing extends Policy {
  readonly bases: ReadonlyMap<string, Basis>
  /** What a rule means that says `of-the-partner`. */
  readonly basisOfPartner: Readonly<Record<PartnerKind, string>>
}

/** Which category each field of a governed type is in; `open` fields and types hold nothing that needs a decision. */
export interface Fields {
  readonly governed: ReadonlyMap<string, ReadonlyMap<string, Category | 'open'>>
  /** Types that are reached only through a field of this category. */
  readonly parts: ReadonlyMap<string, Category>
  /** Open types, each with the reason why. */
  readonly open: ReadonlyMap<string, string>
  /** Numbers in open types, by type and field: 'one' for a number of the thing itself, else the type of which it is a count. */
  readonly numbers: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/**
 * What comes in by each argument or input field: `given` (the asker's own words, to be kept), `asked` (which answer is wanted), `page`, `code`,
 * the name of an input type, or the field that it is compared with ('HandOff.state').
 */
export type Asked = Readonly<Record<string, string>>

/** Who may run an operation, and for which purpose: either per role, or anyone, with the reason why that is right. */
export interface Action {
  readonly kind: 'query' | 'mutation'
  readonly purposes?: Readonly<Partial<Record<Role, Purpose>>> | undefined
  readonly anyone?: Purpose | undefined
  readonly because?: string | undefined
  readonly arguments?: Asked | undefined
  /** The fields on which it depends whether something is in the answer, whatever was asked ('HandOff.loopStatus'). */
  readonly only?: readonly string[] | undefined
  /** The fields by which a list is in order; a cursor holds them. */
  readonly order?: readonly string[] | undefined
  /** What a cursor holds besides, that no field shows; each with the reason why that may be known. */
  readonly unseen?: Readonly<Record<string, string>> | undefined
}

export interface Policies {
  readonly sharing: Sharing
  readonly fields: Fields
  readonly actions: ReadonlyMap<string, Action>
  /** What is in each input type, field by field. */
  readonly inputs: ReadonlyMap<string, Asked>
  /** SHA-256 of the two files as they are, comments and all: it names this version of the policy for ever. */
  readonly hash: string
  /** What the hash is of, so that a version can be kept and read again. */
  readonly texts: PolicyTexts
}
export interface PolicyTexts {
  readonly sharing: string
  readonly actions: string
}

/** For which purpose this role runs this operation; undefined means that it may not. */
export const purposeFor = (action: Action | undefined, role: Role | 'NOBODY'): Purpose | undefined =>
  action?.anyone ?? (role === 'NOBODY' ? undefined : action?.purposes?.[role])

/** The names of the legal bases on which a rule shares something with this kind of partner. */
export const basesFor = (sharing: Sharing, rule: { bases: readonly string[] }, kind: PartnerKind): string[] =>
  rule.bases.map((name) => (name === OF_THE_PARTNER ? sharing.basisOfPartner[kind] : name))

const OF_THE_PARTNER = 'of-the-partner'

/* The shape of the files. */

const listOf = <T extends z.ZodType>(item: T, least = 1) =>
  z
    .array(item)
    .min(least)
    .superRefine((items, ctx) => {
      for (const [index, item] of items.entries())
        if (items.indexOf(item) < index)
          ctx.addIssue({ code: 'custom', path: [index], message: `${shown(item)} stands here twice` })
    })
const id = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*$/, { error: (issue) => `expected words-with-dashes but found ${shown(issue.input)}` })
const typeName = z
  .string()
  .regex(/^[A-Z]\w*$/, { error: (issue) => `expected the name of a type but found ${shown(issue.input)}` })
const fieldName = z
  .string()
  .regex(/^[a-z]\w*$/, { error: (issue) => `expected the name of a field but found ${shown(issue.input)}` })
/** A field of a type, as 'HandOff.state'. */
const place = z.string().regex(/^[A-Z]\w*\.[a-z]\w*$/, {
  error: (issue) => `expected a field of a type, as HandOff.state, but found ${shown(issue.input)}`,
})
const asked = z.record(
  fieldName,
  z.string().regex(/^(given|asked|page|code|[A-Z]\w*(\.[a-z]\w*)?)$/, {
    error: (issue) =>
      `expected given, asked, page, code, an input type, or the field that it is compared with, but found ${shown(issue.input)}`,
  }),
)
const reason = z.string().min(10, { error: 'a reason is needed, in a sentence' })

const scope = {
  rule: id,
  role: z.enum(ROLES),
  relations: listOf(z.enum(RELATIONS)),
  purposes: listOf(z.enum(PURPOSES)),
  partnerKinds: id,
  categories: listOf(z.enum(CATEGORIES)),
}
const line = z.string().regex(/^\S(.*\S)?$/, { error: (issue) => `expected one line of text but found ${shown(issue.input)}` })
/** INVARIANT: nothing that separates words in a sentence, so that a sentence can be taken apart again (sentence.ts). */
const dutchWords = z.string().regex(/^(?!.* (en|of) )\p{L}[\p{L}\d-]*( [\p{L}\d-]+)*$/u, {
  error: (issue) => `expected a few Dutch words, without "en", "of" or a comma, but found ${shown(issue.input)}`,
})
const basis = z.strictObject({
  version: z.int().min(1),
  /** How the sentence of a rule says it. */
  words: dutchWords.optional(),
  article: line,
  law: line,
  consent: z.enum(['BASIS', 'SAFEGUARD']).optional(),
  'needs-lawyer': z.boolean(),
})
const categoryFields = Object.fromEntries(CATEGORIES.map((category) => [category, listOf(fieldName).optional()])) as Record<
  Category,
  z.ZodOptional<ReturnType<typeof listOf<typeof fieldName>>>
>
const sharingFile = z.strictObject({
  kinds: z.record(id, listOf(z.enum(PARTNER_KINDS))),
  share: z
    .array(
      z.strictObject({
        ...scope,
        needs: listOf(z.enum(NEEDS), 0),
        bases: listOf(id),
      }),
    )
    .min(1),
  never: z.array(z.strictObject(scope)),
  bases: z.record(id, basis),
  basisOfPartner: z.record(z.enum(PARTNER_KINDS), id),
  fields: z.record(typeName, z.strictObject({ ...categoryFields, open: z.record(fieldName, reason).optional() })),
  parts: z.record(typeName, z.enum(CATEGORIES)),
  open: z.record(typeName, reason),
  // Older versions have none.
  numbers: z
    .record(
      typeName,
      z.record(
        fieldName,
        z.string().regex(/^(one|[A-Z]\w*)$/, {
          error: (issue) => `expected one, or the type that is counted, but found ${shown(issue.input)}`,
        }),
      ),
    )
    .optional(),
})
// A visitor is nobody until the code in the arguments is found, so CODE_HOLDER is no role to begin an operation with.
const signedIn = z.enum(ROLES).exclude(['CODE_HOLDER'])
const action = z
  .strictObject({
    kind: z.enum(['query', 'mutation']),
    purposes: z
      .partialRecord(signedIn, z.enum(PURPOSES))
      .refine((purposes) => Object.keys(purposes).length > 0, { error: 'no role may run this: list one, or leave it out' })
      .optional(),
    anyone: z.enum(PURPOSES).optional(),
    because: reason.optional(),
    arguments: asked.optional(),
    only: listOf(place).optional(),
    order: listOf(place).optional(),
    unseen: z.record(fieldName, reason).optional(),
  })
  .refine(
    ({ purposes, anyone, because }) => (purposes ? !anyone && !because : anyone && because),
    'expected either `purposes` per role, or `anyone` and `because`',
  )
const actionsFile = z.object({ inputs: z.record(typeName, asked).optional() }).catchall(action)

/* What the shape cannot say. */

type Path = readonly PropertyKey[]
type Mistake = { readonly path: Path; readonly text: string }

function mistakesInSharing(file: z.infer<typeof sharingFile>): Mistake[] {
  const mistakes: Mistake[] = []
  const mistake = (path: Path, text: string) => mistakes.push({ path, text })
  const rules = [
    ...file.never.map((rule, index) => ({ ...rule, path: ['never', index], needs: undefined, bases: undefined })),
    ...file.share.map((rule, index) => ({ ...rule, path: ['share', index] })),
  ]

  const ids = new Set(BUILT_IN_RULES)
  for (const { rule, path } of rules) {
    if (ids.has(rule)) mistake([...path, 'rule'], `"${rule}" is the name of another rule already`)
    ids.add(rule)
  }

  const names = new Set<string>(Object.values(file.basisOfPartner))
  for (const { path, role, relations, partnerKinds, needs, bases } of rules) {
    for (const [index, relation] of relations.entries())
      if (!RELATIONS_OF[role].includes(relation))
        mistake(
          [...path, 'relations', index],
          `a ${role} never stands in "${relation}", so this decides nothing; expected ${RELATIONS_OF[role].join(', ') || 'no rule for this role'}`,
        )
    if (!Object.hasOwn(file.kinds, partnerKinds))
      mistake([...path, 'partnerKinds'], expected(Object.keys(file.kinds), partnerKinds))
    names.add(partnerKinds)
    if (needs && !symbolOf(needs)) mistake([...path, 'needs'], `the matrix has no sign for needs [${needs.join(', ')}]`)
    for (const [index, name] of (bases ?? []).entries()) {
      if (name !== OF_THE_PARTNER && !Object.hasOwn(file.bases, name))
        mistake([...path, 'bases', index], expected([OF_THE_PARTNER, ...Object.keys(file.bases)], name))
      names.add(name)
    }
  }
  const said = new Set([BASIS_OF_THE_PARTNER])
  for (const [name, { words }] of Object.entries(file.bases)) {
    if (name === OF_THE_PARTNER) mistake(['bases', name], `"${name}" means the basis of the receiving partner already`)
    if (words && said.has(words)) mistake(['bases', name, 'words'], `"${words}" is said of another basis already`)
    if (words) said.add(words)
  }
  for (const [kind, name] of Object.entries(file.basisOfPartner))
    if (!Object.hasOwn(file.bases, name)) mistake(['basisOfPartner', kind], expected(Object.keys(file.bases), name))
  for (const section of ['kinds', 'bases'] as const)
    for (const name of Object.keys(file[section])) if (!names.has(name)) mistake([section, name], `"${name}" is used nowhere`)

  mistakes.push(...overlaps(rules.map((rule) => ({ ...rule, partnerKinds: file.kinds[rule.partnerKinds] ?? [] }))))
  mistakes.push(...mistakesInFields(file))
  return mistakes
}

function mistakesInActions(file: z.infer<typeof actionsFile>): Mistake[] {
  const mistakes: Mistake[] = []
  const { inputs = {}, ...operations } = file
  for (const name of Object.keys(operations))
    if (!/^[a-z]\w*$/.test(name))
      mistakes.push({ path: [name], text: `expected the name of an operation but found ${shown(name)}` })
  const used = new Set<string>()
  const tables = [
    ...Object.entries(operations as Record<string, Action>).map(([name, action]) => ({
      path: [name, 'arguments'],
      asked: action.arguments,
    })),
    ...Object.entries(inputs).map(([name, asked]) => ({ path: ['inputs', name], asked })),
  ]
  for (const { path, asked = {} } of tables)
    for (const [name, word] of Object.entries(asked)) {
      if (!/^[A-Z]\w*$/.test(word)) continue
      used.add(word)
      if (!Object.hasOwn(inputs, word)) mistakes.push({ path: [...path, name], text: expected(Object.keys(inputs), word) })
    }
  for (const name of Object.keys(inputs))
    if (!used.has(name)) mistakes.push({ path: ['inputs', name], text: `"${name}" is used nowhere` })
  return mistakes
}

/** Every decision names exactly one rule, so no two rules may claim one square; and a rule that `never` silences is a trap. */
function overlaps(rules: readonly (Scope & { rule: string; path: Path; needs: readonly string[] | undefined })[]): Mistake[] {
  const mistakes: Mistake[] = []
  const owners = { share: new Map<number, string>(), never: new Map<number, string>() }
  for (const { rule, path, needs, ...scope } of rules) {
    const cells = [...cellsOf(scope)]
    const own = needs ? owners.share : owners.never
    const rivals = new Map(cells.map((cell) => [own.get(squareOf(cell)), cell]))
    for (const [rival, cell] of rivals)
      if (rival) mistakes.push({ path, text: `"${rule}" and "${rival}" both decide ${inWords(cell)}` })
    for (const cell of cells) own.set(squareOf(cell), rule)
    // INVARIANT: the bans come first in the list, so all of them are known by now.
    if (needs && cells.length > 0 && cells.every((cell) => owners.never.has(squareOf(cell))))
      mistakes.push({ path, text: `"${rule}" can never share anything: never rules cover all of it` })
  }
  return mistakes
}

function mistakesInFields(file: z.infer<typeof sharingFile>): Mistake[] {
  const mistakes: Mistake[] = []
  const types = new Set<string>()
  for (const section of ['fields', 'parts', 'open'] as const)
    for (const type of Object.keys(file[section])) {
      if (types.has(type)) mistakes.push({ path: [section, type], text: `"${type}" is listed already` })
      types.add(type)
    }
  for (const [type, categories] of Object.entries(file.fields)) {
    const owners = new Map<string, string>()
    for (const { field, category, path } of fieldsOf(categories)) {
      const owner = owners.get(field)
      if (owner) mistakes.push({ path: ['fields', type, ...path], text: `"${type}.${field}" is in "${owner}" already` })
      owners.set(field, category)
    }
  }
  return mistakes
}

type TypeFields = z.infer<typeof sharingFile>['fields'][string]
function fieldsOf({ open = {}, ...categories }: TypeFields) {
  return [
    ...CATEGORIES.flatMap((category) =>
      (categories[category] ?? []).map((field, index) => ({ field, category, path: [category, index] })),
    ),
    ...Object.keys(open).map((field) => ({ field, category: 'open' as const, path: ['open', field] })),
  ]
}

/* Reading. */

/** Reads both files of a folder, or throws one PlainError that lists every mistake in them. */
export const readPolicies = (folder: string): Policies =>
  parsePolicies({ sharing: policyText(folder, 'sharing.yaml'), actions: policyText(folder, 'actions.yaml') })

/** @throws PlainError */
export function policyText(folder: string, file: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(join(folder, file))
  } catch {
    throw new PlainError(`${join(folder, file)} cannot be read.`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    const lines = bytes.toString('latin1').split('\n')
    const line = lines.findIndex((text) => !isUtf8(Buffer.from(text, 'latin1'))) + 1
    throw new PlainError(`The policies have mistakes:\n${file}:${line}: this is not text in UTF-8`)
  }
}

/** The same from text, for a version that was kept. */
export function parsePolicies(texts: PolicyTexts): Policies {
  const sharing = parsePolicyFile('sharing.yaml', texts.sharing, sharingFile, mistakesInSharing)
  const actions = parsePolicyFile('actions.yaml', texts.actions, actionsFile, mistakesInActions)
  if (!sharing.value || !actions.value)
    throw new PlainError(['The policies have mistakes:', ...sharing.mistakes, ...actions.mistakes].join('\n'))
  const { kinds, share, never, bases, basisOfPartner, fields, parts, open, numbers = {} } = sharing.value
  const { inputs = {}, ...operations } = actions.value
  const withKinds = <R extends { partnerKinds: string }>(rule: R) => ({ ...rule, partnerKinds: kinds[rule.partnerKinds] ?? [] })
  return {
    sharing: { share: share.map(withKinds), never: never.map(withKinds), bases: mapOf(bases), basisOfPartner },
    fields: {
      governed: mapOf(fields, (type) => new Map(fieldsOf(type).map(({ field, category }) => [field, category]))),
      parts: mapOf(parts),
      open: mapOf(open),
      numbers: mapOf(numbers),
    },
    actions: mapOf(operations as Record<string, Action>),
    inputs: mapOf(inputs),
    hash: createHash('sha256').update(`${texts.sharing}\0${texts.actions}`).digest('hex'),
    texts,
  }
}

function mapOf<V>(record: Readonly<Record<string, V>>): Map<string, V>
function mapOf<V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Map<string, W>
function mapOf<V>(record: Readonly<Record<string, V>>, change: (value: V) => unknown = (value) => value) {
  return new Map(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

/** Characters, of one file; our longest has some 16,000. What is larger was not written by people for people. */
const LONGEST_FILE = 100_000
/** Mistakes that are told, of one file. */
const MOST_MISTAKES = 20
/** What people who review a file cannot see, or see in another order than it is read in. */
const UNSEEN = /[^\P{Cc}\t\r\n]|[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufffd\ufffe\uffff]|(?<!^)\ufeff/gu

/** A file as its shape wants it, or every mistake in it, with its line. */
export function parsePolicyFile<T>(file: string, text: string, shape: z.ZodType<T>, meaning: (value: T) => Mistake[]) {
  const lines = new LineCounter()
  const found = new Map<string, number>()
  let others = 0
  // Where the others stand is not looked up: of ten thousand that takes long.
  const at = (where: number | Path, text: string) => {
    if (found.size === MOST_MISTAKES) {
      others++
      return
    }
    const { line } = lines.linePos(typeof where === 'number' ? where : offsetOf(document.contents, where))
    found.set(`${file}:${line}: ${text}`, line)
  }
  const told = () => {
    const mistakes = [...found].sort(([, a], [, b]) => a - b).map(([text]) => text)
    return others > 0 ? [...mistakes, `${file}: and ${others} mistakes more`] : mistakes
  }

  if (text.length > LONGEST_FILE)
    return { value: undefined, mistakes: [`${file}:1: expected at most ${LONGEST_FILE} characters but found ${text.length}`] }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false })
  for (const { index, 0: character } of text.matchAll(UNSEEN))
    at(
      index,
      `a character that nobody sees (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}) has no place here`,
    )
  for (const { index } of text.matchAll(/^%/gm)) at(index, 'no directives (%): a file means the same everywhere')
  for (const fault of [...document.errors, ...document.warnings]) at(fault.pos[0], inPlainYaml(fault))
  if (document.errors.length === 0)
    visit(document, {
      Node: (_, node) => {
        if (isAlias(node) || ('anchor' in node && node.anchor))
          at(node.range?.[0] ?? 0, 'no anchors or aliases (& and *): write the list out, so that it can be read where it stands')
        if (isMap(node)) for (const again of namesAgain(node)) at(again, 'this name stands here twice')
      },
      Pair: (_, { key }) => {
        if (isAlias(key)) return
        // JavaScript keeps no entry of this name in a table: it would be read, and be gone.
        if (!isScalar(key) || typeof key.value !== 'string' || key.value === '__proto__')
          at(isNode(key) ? (key.range?.[0] ?? 0) : 0, `expected a name but found ${shown(isScalar(key) ? key.value : [])}`)
      },
    })

  let value: T | undefined
  if (found.size === 0) {
    const result = shape.safeParse(document.toJS(), { error: inPlainWords })
    const mistakes = result.success ? meaning(result.data) : result.error.issues.flatMap(mistakesOf)
    for (const { path, text } of mistakes) at(path, text)
    if (result.success && mistakes.length === 0) value = result.data
  }
  return { value, mistakes: told() }
}

/** Where a name begins that its table has already. The parser's own check compares each name with each, for seconds. */
function namesAgain({ items }: YAMLMap): number[] {
  const names = new Set<unknown>()
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return []
    if (names.has(key.value)) return [key.range?.[0] ?? 0]
    names.add(key.value)
    return []
  })
}

function inPlainYaml({ code, message }: YAMLParseError | YAMLWarning): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here (---): expected one'
  if (message.includes('call stack')) return 'this is nested too deep'
  return `this is not plain YAML: ${message}`
}

/** Where a path begins in the text, or the nearest thing around it that is there. */
function offsetOf(node: unknown, path: Path): number {
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const step of path) {
    let next: unknown
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset
      next = pair?.value
    } else if (isSeq(node)) {
      next = node.items[Number(step)]
      if (isNode(next)) offset = next.range?.[0] ?? offset
    }
    node = next
  }
  return offset
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a table'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 80)} ...` : text
}
const expected = (words: readonly unknown[], found: unknown) => `expected one of ${words.join(', ')} but found ${shown(found)}`

function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `expected one of ${keysOf(issue.inst).join(', ')}`
  if (issue.input === undefined) return `"${String(issue.path?.at(-1))}" is missing`
  if (issue.code === 'invalid_value') return expected(issue.values, issue.input)
  if (issue.code === 'invalid_type') return `expected ${SHAPES[issue.expected] ?? issue.expected} but found ${shown(issue.input)}`
  if (issue.code === 'too_small') return 'this is empty or too small'
  if (issue.code === 'too_big') return 'this is too large'
  return undefined
}
const SHAPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a table',
  record: 'a table',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function keysOf(shape: unknown): string[] {
  if (shape instanceof z.ZodObject) return Object.keys(shape.shape)
  return shape instanceof z.ZodRecord && shape.keyType instanceof z.ZodEnum ? shape.keyType.options.map(String) : []
}

/** One issue of zod as mistakes of ours: every unknown word at its own place. */
function mistakesOf({ path, message, ...issue }: z.core.$ZodIssue): Mistake[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], text: `${message} but found "${key}"` }))
  if (issue.code === 'invalid_key') return [{ path, text: issue.issues[0]?.message ?? message }]
  return [{ path, text: message }]
}
