// Questions over the whole schema, made by chance from the schema itself: every operation, argument and field, with aliases, fragments,
// directives and variables, and with things of the world in the arguments, in sight and out of it.
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  print,
} from 'graphql'
import type { Chance } from '#app/demo/chance.js'
import { checkRequest } from '#app/graphql/limits.js'
import { bareSchema } from '#app/graphql/schema.js'
import { fitted } from './fitting.js'
import type { Who } from './people.js'
import { type Body, policies } from './side.js'
import type { Things } from './things.js'

/** A field with what is asked below it. Plain, so that a smaller question can be made of it. */
export type Asked = {
  name: string
  of: string
  alias?: string
  args: { name: string; value: unknown; inline: boolean }[]
  below: Asked[]
  /** How what is below is written: as it is, or in a fragment. */
  how: 'plain' | 'inline' | 'fragment'
  directive?: '@include' | '@skip'
}
export type Question = { kind: 'query' | 'mutation'; roots: Asked[]; broken?: string }

export const schema = bareSchema()
const ROOTS = { query: schema.getQueryType()!, mutation: schema.getMutationType()! }

/** Deeper than this the same types come back. */
const DEEPEST = 8

/** Types in which something can be hidden from somebody. */
const GUARDED = [
  'HandOff',
  'VisitorContact',
  'AccessRecord',
  'ConsentVersion',
  'ConsentReceipt',
  'FollowUp',
  'AccessExplanation',
  'AccessSeers',
]

/** Does something of these types stand below? */
function leadsTo(type: GraphQLOutputType, names: readonly string[], above: readonly string[] = []): boolean {
  const named = getNamedType(type)
  if (names.includes(named.name)) return true
  if (!isObjectType(named) || above.includes(named.name)) return false
  return Object.values(named.getFields()).some((field) => leadsTo(field.type, names, [...above, named.name]))
}

/** Public reference data is asked for least. */
const WEIGHTS = new Map(
  Object.values(ROOTS).flatMap((root) =>
    Object.values(root.getFields()).map(({ name, type }) => [
      name,
      leadsTo(type, GUARDED) ? 6 : policies.actions.get(name)?.anyone ? 1 : 3,
    ]),
  ),
)
const weightOf = (name: string): number => WEIGHTS.get(name)!

export type Asker = { next(kind: Question['kind']): Question }

export function askerFor(who: Who, things: Things, chance: Chance): Asker {
  const often = (part: number) => chance.part() < part
  const mayRun = (name: string) => {
    const action = policies.actions.get(name)
    return who.role === 'NOBODY' || who.role === 'CODE_HOLDER'
      ? action?.anyone !== undefined
      : Object.hasOwn(action?.purposes ?? {}, who.role)
  }

  function valueFor(root: string, name: string, type: GraphQLInputType): unknown {
    const nullable = getNullableType(type)
    if (isListType(nullable)) {
      const length = chance.whole(0, 3)
      return [...new Set(Array.from({ length }, () => valueFor(root, name, nullable.ofType)))]
    }
    if (isInputObjectType(nullable)) return inputFor(root, Object.values(nullable.getFields()))
    if (isEnumType(nullable))
      return things.wordFor(
        root,
        name,
        nullable.getValues().map((word) => word.name),
      )
    return things.valueFor(root, name, nullable.toString())
  }

  function inputFor(root: string, fields: readonly GraphQLInputField[]): Record<string, unknown> {
    const given = fields.filter((field) => isRequiredInputField(field) || often(0.5))
    return Object.fromEntries(given.map((field) => [field.name, valueFor(root, field.name, field.type)]))
  }

  function argumentsFor(root: string, args: readonly GraphQLArgument[]): Asked['args'] {
    if (args.length === 0) return []
    const given = args.filter((arg) => isRequiredArgument(arg) || often(0.4))
    const values = Object.fromEntries(given.map((arg) => [arg.name, valueFor(root, arg.name, arg.type)]))
    return Object.entries(fitted(who, root, values, things, chance)).map(([name, value]) => ({ name, value, inline: often(0.3) }))
  }

  function ask(
    type: GraphQLObjectType,
    { name, args, type: gives }: GraphQLField<unknown, unknown>,
    depth: number,
    all: boolean,
    root = name,
  ): Asked {
    const below = getNamedType(gives)
    return {
      name,
      of: type.name,
      args: argumentsFor(root, args),
      below: isObjectType(below) ? selection(below, depth + 1, all, root) : [],
      how: often(0.85) ? 'plain' : often(0.5) ? 'inline' : 'fragment',
      ...(often(0.1) ? { alias: `${name}_${chance.whole(1, 9)}` } : {}),
      ...(depth > 1 && often(0.02) ? { directive: chance.oneOf(['@include', '@skip'] as const) } : {}),
    }
  }

  function selection(type: GraphQLObjectType, depth: number, all: boolean, root: string): Asked[] {
    const fields = Object.values(type.getFields()).filter((field) => depth < DEEPEST || !isObjectType(getNamedType(field.type)))
    const share = all ? 1 : chance.oneOf([0.15, 0.4, 0.7])
    // The wrappers of a page are nothing by themselves.
    const isWrapper = type.name.endsWith('Connection') || type.name.endsWith('Edge')
    const chosen = fields.filter(() => often(isWrapper ? 0.9 : share))
    const asked = (chosen.length > 0 ? chosen : [chance.oneOf(fields)]).map((field) => ask(type, field, depth, all, root))
    // A type that comes back to itself is asked for once more, and not for ever.
    return asked.filter((field) => field.below.length > 0 || !isObjectType(getNamedType(type.getFields()[field.name]!.type)))
  }

  function question(kind: Question['kind']): Question {
    const fields = Object.values(ROOTS[kind].getFields())
    const own = fields.filter(({ name }) => mayRun(name))
    const all = often(0.1)
    const count = all ? 1 : chance.oneOf([1, 1, 1, 2, 3])
    const roots = Array.from({ length: count }, (_, place) => {
      const those = own.length > 0 && often(0.9) ? own : fields
      const field = ROOTS[kind].getFields()[chance.weighted(Object.fromEntries(those.map(({ name }) => [name, weightOf(name)])))]!
      const asked = ask(ROOTS[kind], field, 1, all)
      return count > 1 ? { ...asked, alias: `r${place}` } : asked
    })
    return { kind, roots, ...(often(0.01) ? { broken: chance.oneOf(['{', 'nothing', '$x', '"', '...F']) } : {}) }
  }

  return {
    next(kind) {
      for (let tries = 0; ; tries++) {
        const made = question(kind)
        // What is too large is refused before anybody looks: one in many will do.
        if (tries === 20 || !checkRequest(bodyOf(made)) || often(0.03)) return made
      }
    },
  }
}

/** As it is sent. */
export function bodyOf({ kind, roots, broken }: Question): Body {
  const variables: Record<string, unknown> = {}
  const declared: string[] = []
  const fragments: string[] = []
  const write = ({ name, of, alias, args, below, how, directive }: Asked): string => {
    const field = (schema.getType(of) as GraphQLObjectType).getFields()[name]!
    const given = args.map(({ name, value, inline }) => {
      const { type } = field.args.find((arg) => arg.name === name)!
      const ast = inline ? inlined(value, type) : undefined
      if (ast) return `${name}: ${ast}`
      const variable = `v${declared.length}`
      declared.push(`$${variable}: ${type}`)
      variables[variable] = value
      return `${name}: $${variable}`
    })
    const inner = below.map(write).join(' ')
    const type = getNamedType(field.type).name
    let selected = ''
    if (below.length > 0 && how === 'plain') selected = ` { ${inner} }`
    if (below.length > 0 && how === 'inline') selected = ` { __typename ... on ${type} { ${inner} } }`
    if (below.length > 0 && how === 'fragment') {
      fragments.push(`fragment F${fragments.length} on ${type} { ${inner} }`)
      selected = ` { ...F${fragments.length - 1} }`
    }
    if (directive && !declared.includes('$yes: Boolean!')) {
      declared.push('$yes: Boolean!')
      variables.yes = true
    }
    return `${alias ? `${alias}: ` : ''}${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${directive ? ` ${directive}(if: $yes)` : ''}${selected}`
  }
  const inside = roots.map(write).join(' ')
  const head = declared.length > 0 ? ` (${declared.join(', ')})` : ''
  return { query: [`${kind}${head} { ${inside}${broken ? ` ${broken}` : ''} }`, ...fragments].join(' '), variables }
}

/** A value written into the document; nothing where it cannot be written so. */
function inlined(value: unknown, type: GraphQLInputType): string | undefined {
  try {
    const ast = astFromValue(value, type)
    return ast ? print(ast) : undefined
  } catch {
    return undefined
  }
}
