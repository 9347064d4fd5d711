// How large a request may be, judged on the parsed document before anything is validated or run (design 4, step 1).
import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql'
import type { ErrorCode } from '../errors.js'

export type Limits = Readonly<{
  /** Operations in one document. Each is weighed, as validation reads each. */
  operations: number
  /** Fields at the root of one operation; two aliases of one field are two. */
  rootFields: number
  /** Levels of fields below each other, introspection apart. */
  depth: number
  /** The same below `__schema` and `__type`; the standard introspection query needs 15. */
  introspectionDepth: number
  /** Fields of one operation with all its fragments written out. The standard introspection query has 230. */
  fields: number
  /** Aliases of one operation with all its fragments written out. */
  aliases: number
  /** Directives in the document, as written. */
  directives: number
  /** Fields times the length of the lists they stand in: what may be answered at most; and more for what takes long to find out. */
  cost: number
  /** The length of a page for which no `first` was given. */
  page: number
}>

/** Room for everything that our own pages send, several times over, and for introspection. */
export const LIMITS: Limits = {
  operations: 20,
  rootFields: 10,
  depth: 10,
  introspectionDepth: 16,
  fields: 500,
  aliases: 30,
  directives: 50,
  cost: 5_000,
  page: 20,
}

/** What reads a year of the log or of figures, or every agreement with its use, costs this on top of its fields: two fit in one request. */
const HEAVY_COST = 2_400
export const HEAVY: ReadonlySet<string> = new Set([
  'replayAccess',
  'whatIf',
  'unusedGrants',
  'agreementDrift',
  'accessLogExport',
  'processingRegister',
  'figuresReport',
])

/** Words and signs of a document; what is longer is not even parsed. */
export const MOST_TOKENS = 2000

/**
 * Why the body of a request isn't answered, or nothing when it may go on. Before validation, because validating a small query of nested
 * fragments can cost seconds; and before Apollo, because what one of its plugins throws there is a 500.
 */
export function checkRequest(body: unknown): { code: ErrorCode; message: string } | undefined {
  const { query, variables } = (body ?? {}) as { query?: unknown; variables?: unknown }
  if (typeof query !== 'string') return { code: 'BAD_INPUT', message: 'The body must be an object with a query.' }
  const text = checkStrings(body)
  if (text) return { code: 'BAD_INPUT', message: text }
  const document = parsed(query)
  if (document === 'too long')
    return { code: 'LIMIT_EXCEEDED', message: `The document has more than ${MOST_TOKENS} words and signs.` }
  const known = typeof variables === 'object' && !Array.isArray(variables) ? (variables as Variables | null) : null
  const message = document && checkDocument(document, LIMITS, known)
  return message ? { code: message === BAD_TEXT ? 'BAD_INPUT' : 'LIMIT_EXCEEDED', message } : undefined
}

/** Nothing for a document with a mistake in it: Apollo says where. */
function parsed(query: string): DocumentNode | 'too long' | undefined {
  try {
    return parse(query, { maxTokens: MOST_TOKENS, noLocation: true })
  } catch (fault) {
    // Two thousand brackets can be more than the stack holds.
    if (fault instanceof RangeError) return 'too long'
    return fault instanceof GraphQLError && !fault.message.includes('tokens. Parsing aborted') ? undefined : 'too long'
  }
}

/** What a set of selections comes to, fragments written out. */
type Weight = {
  width: number
  depth: number
  introspectionDepth: number
  fields: number
  aliases: number
  cost: number
  paged: boolean
}

type Variables = Readonly<Record<string, unknown>>

/** Chains of fragments and of inline fragments have no depth of their own, but they do take stack. */
const NESTING = 200

/** Numbers stop here: fragments that double each other would otherwise pass what a number can hold, and infinity times zero is no number. */
const CEILING = 1e9

/**
 * Why this document isn't answered, in plain English without anything the caller wrote, or nothing when it is fine.
 *
 * Each selection is visited once per operation, however often its fragment is spread, so 1.2 KB of fragments that double each
 * other thirty times cost thirty steps. Knows no schema but the names in HEAVY: a field is a list when it takes `first` or `last`, or when `edges` or
 * `nodes` is selected on it, as the Relay connections of this API do. What is wrong in other ways is left to validation.
 *
 * @param visited is called once for each selection that is weighed; for tests.
 */
export function checkDocument(
  document: DocumentNode,
  limits: Limits,
  variables?: Variables | null,
  visited: () => void = () => {},
): string | undefined {
  const written = checkAsWritten(document, limits)
  if (written) return written

  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (operations.length > limits.operations) return `The document has more than ${limits.operations} operations.`

  const fragments = new Map<string, SelectionSetNode>()
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    if (fragments.has(definition.name.value)) return 'Two fragments have the same name.'
    fragments.set(definition.name.value, definition.selectionSet)
  }

  const sizes = { limits, fragments, visited }
  // Validation reads fragments that nobody uses too, so they are weighed too.
  // Depth and cost depend on where a fragment is used, and wait for the operations.
  const unused = weigher(sizes, () => undefined)
  for (const name of fragments.keys()) {
    const weight = unused.fragment(name)
    const refusal =
      typeof weight === 'string' ? weight : exceeded({ ...nothing(), fields: weight.fields, aliases: weight.aliases }, limits)
    if (refusal) return refusal
  }
  for (const operation of operations) {
    const weight = weigher(sizes, valuesOf(operation, variables ?? {})).selections(operation.selectionSet)
    const refusal = typeof weight === 'string' ? weight : exceeded(weight, limits)
    if (refusal) return refusal
  }
  return undefined
}

function exceeded(weight: Weight, limits: Limits): string | undefined {
  if (weight.width > limits.rootFields) return `The operation has more than ${limits.rootFields} root fields.`
  if (weight.depth > limits.depth) return `The operation is deeper than ${limits.depth} levels.`
  if (weight.introspectionDepth > limits.introspectionDepth) {
    return `The introspection is deeper than ${limits.introspectionDepth} levels.`
  }
  if (weight.fields > limits.fields) return `The operation has more than ${limits.fields} fields, fragments written out.`
  if (weight.aliases > limits.aliases) return `The operation has more than ${limits.aliases} aliases, fragments written out.`
  if (weight.cost > limits.cost) return `The operation costs more than ${limits.cost}: ask for shorter pages or fewer fields.`
  return undefined
}

/** What is counted on the document as it was written: directives, and strings that no database can keep. */
function checkAsWritten(document: DocumentNode, limits: Limits): string | undefined {
  let directives = 0
  let refusal: string | undefined
  let depth = 0
  const nested = {
    enter() {
      if (++depth <= NESTING) return undefined
      refusal = `Values are nested more than ${NESTING} times.`
      return BREAK
    },
    leave() {
      depth--
    },
  }
  visit(document, {
    ListValue: nested,
    ObjectValue: nested,
    Directive() {
      if (++directives <= limits.directives) return undefined
      refusal = `The document has more than ${limits.directives} directives.`
      return BREAK
    },
    StringValue({ value }) {
      refusal = checkStrings(value)
      return refusal ? BREAK : undefined
    },
  })
  return refusal
}

/** Weighs selections, each fragment once; the answer is a string when it refuses to go on. */
function weigher(
  { limits, fragments, visited }: { limits: Limits; fragments: ReadonlyMap<string, SelectionSetNode>; visited: () => void },
  valueFor: (variable: string) => unknown,
) {
  const known = new Map<string, Weight | 'being weighed'>()

  function fragment(name: string, nesting = 0): Weight | string {
    const earlier = known.get(name)
    if (earlier === 'being weighed') return 'A fragment contains itself.'
    if (earlier) return earlier
    const set = fragments.get(name)
    if (!set) return nothing()
    known.set(name, 'being weighed')
    const weight = selections(set, nesting)
    if (typeof weight !== 'string') known.set(name, weight)
    return weight
  }

  function selections(set: SelectionSetNode, nesting = 0): Weight | string {
    if (nesting > NESTING) return `Selections and fragments are nested more than ${NESTING} times.`
    const total = nothing()
    for (const selection of set.selections) {
      visited()
      const weight =
        selection.kind === Kind.FIELD
          ? field(selection, nesting)
          : selection.kind === Kind.FRAGMENT_SPREAD
            ? fragment(selection.name.value, nesting + 1)
            : selections(selection.selectionSet, nesting + 1)
      if (typeof weight === 'string') return weight
      add(total, weight)
    }
    return total
  }

  function field(node: FieldNode, nesting: number): Weight | string {
    const children = node.selectionSet ? selections(node.selectionSet, nesting + 1) : nothing()
    if (typeof children === 'string') return children
    const name = node.name.value
    const introspects = name === '__schema' || name === '__type'
    return {
      width: 1,
      depth: introspects ? 1 : 1 + children.depth,
      introspectionDepth: introspects ? 1 + children.depth : children.introspectionDepth,
      fields: atMost(1 + children.fields),
      aliases: atMost((node.alias ? 1 : 0) + children.aliases),
      cost: atMost(1 + pageOf(node, children.paged) * children.cost + (HEAVY.has(name) ? HEAVY_COST : 0)),
      paged: name === 'edges' || name === 'nodes',
    }
  }

  /** How many objects a field may give: what `first` says, and the length of a page where it says nothing that can be read. */
  function pageOf(node: FieldNode, paged: boolean): number {
    const asked = node.arguments?.filter(({ name }) => name.value === 'first' || name.value === 'last') ?? []
    if (asked.length === 0) return paged ? limits.page : 1
    const sizes = asked.map(({ value }) => {
      const size =
        value.kind === Kind.INT ? Number(value.value) : value.kind === Kind.VARIABLE ? valueFor(value.name.value) : undefined
      return typeof size === 'number' && size >= 0 ? size : limits.page
    })
    return atMost(Math.max(1, ...sizes))
  }

  return { fragment, selections }
}

/** A variable's value as it was sent, else the default that the operation gives it. */
function valuesOf(operation: OperationDefinitionNode, variables: Variables): (name: string) => unknown {
  const defaults = new Map<string, number>()
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults.set(variable.name.value, Number(defaultValue.value))
  }
  return (name) => (Object.hasOwn(variables, name) ? variables[name] : defaults.get(name))
}

const nothing = (): Weight => ({ width: 0, depth: 0, introspectionDepth: 0, fields: 0, aliases: 0, cost: 0, paged: false })

const atMost = (size: number) => Math.min(size, CEILING)

function add(total: Weight, more: Weight): void {
  total.width = atMost(total.width + more.width)
  total.depth = Math.max(total.depth, more.depth)
  total.introspectionDepth = Math.max(total.introspectionDepth, more.introspectionDepth)
  total.fields = atMost(total.fields + more.fields)
  total.aliases = atMost(total.aliases + more.aliases)
  total.cost = atMost(total.cost + more.cost)
  total.paged ||= more.paged
}

const BAD_TEXT = 'A text holds a character that is not allowed.'

/**
 * Refuses text with a NUL, which PostgreSQL can't store, or half a surrogate pair, which UTF-8 can't write; keys count too. Takes
 * what JSON.parse gives and keeps no stack of its own, so depth is no danger.
 */
export function checkStrings(value: unknown): string | undefined {
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') {
      if (next.includes('\0') || /\p{Surrogate}/u.test(next)) return BAD_TEXT
    } else if (Array.isArray(next)) {
      for (const item of next) left.push(item)
    } else if (typeof next === 'object' && next !== null) {
      for (const [key, item] of Object.entries(next)) left.push(key, item)
    }
  }
  return undefined
}
