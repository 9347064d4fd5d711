// graphql-shield, compiled from the policies for every type and field of the schema; what no policy names is denied (design 4, steps 3 and 6).
import { createRequire } from 'node:module'
import {
  GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql'
import { PlainError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { notAllowed } from '../operations/perform.js'
import type { Category } from './decide.js'
import { isRoot, mistakesInPlaces } from './places.js'
import { type Policies, purposeFor } from './policy-files.js'
import { sightOf, withheldOf } from './seen.js'

// Both through require: as ES modules shield does not load on Node 23 and newer, and shield alone meets a second copy of graphql.
const require = createRequire(import.meta.url)
const { shield, rule, allow, deny } = require('graphql-shield') as typeof import('graphql-shield')
const { applyMiddleware } = require('graphql-middleware') as typeof import('graphql-middleware')

type Made = ReturnType<ReturnType<typeof rule>>
type Rule = Made | typeof allow | typeof deny

export type ShieldOptions = {
  /** Only for the test of the second wall: every field rule says yes, as if the first wall had fallen. */
  forcedOpen?: boolean
}

/**
 * The schema with the first wall around it.
 * @throws PlainError when schema and policies do not fit each other: every mistake in one message.
 */
export function behindShield(
  schema: GraphQLSchema,
  policies: Policies,
  { forcedOpen = false }: ShieldOptions = {},
): GraphQLSchema {
  const mistakes = [...mistakesBetween(schema, policies), ...mistakesInPlaces(schema, policies)]
  if (mistakes.length > 0)
    throw new PlainError(`Schema and policies do not fit:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`)

  const mayRun: Rule = rule('may-run', { cache: 'no_cache' })(
    (_parent, _args, { world, capacity }: Context, { fieldName }: GraphQLResolveInfo) =>
      purposeFor(policies.actions.get(fieldName), capacity.role) !== undefined ||
      // A rule that throws is swallowed; what it gives back is the answer, also when the log could not be written.
      notAllowed(world, capacity, fieldName).catch((fault: Error) => fault),
  )
  // One rule object per category; the decision was taken once per object, here it is only looked up. Never cached: shield's caches
  // either ignore the parent or hash all of it.
  const rules = new Map<Category, Rule>()
  const shows = (category: Category): Rule => {
    const known = rules.get(category)
    if (known) return known
    const made: Rule = rule(`shows-${category}`, { cache: 'no_cache' })(
      (parent: unknown, _args, _context, info: GraphQLResolveInfo) => {
        const sight = sightOf(parent)
        if (!sight) throw new Error('no decision on this object')
        // What is allowed but not there is refused as well where the two must look alike (invariant 17).
        return forcedOpen || (sight.get(category)?.allowed === true && !isWithheld(parent, info.fieldName))
      },
    )
    rules.set(category, made)
    return made
  }

  const tree: Record<string, Record<string, Rule>> = {}
  for (const type of objectTypes(schema)) {
    const fields: Record<string, Rule> = {}
    tree[type.name] = fields
    const governed = policies.fields.governed.get(type.name)
    for (const name of Object.keys(type.getFields())) {
      if (isRoot(schema, type)) fields[name] = mayRun
      else if (governed) {
        const category = governed.get(name)
        fields[name] = category === 'open' ? allow : category ? shows(category) : deny
      } else fields[name] = policies.fields.parts.has(type.name) || policies.fields.open.has(type.name) ? allow : deny
    }
  }

  // shield's types know no fallback function that answers null: test/decide/shield.test.ts pins that it works.
  const fallbackError = ((_error: unknown, parent: unknown, _args: unknown, context: Context, info: GraphQLResolveInfo) => {
    const withheld = sightOf(parent) && withheldOf(parent as object).find(({ field }) => field === info.fieldName)
    // Refused, but not by a decision: a rule that threw, or an object that nobody decided about.
    if (!withheld) return new Error(`no decision on ${info.parentType.name}.${info.fieldName}`)
    context.withheld.push({ ...withheld, path: pathOf(info) })
    return null
  }) as never
  const wall = shield(tree, { fallbackRule: deny, fallbackError, allowExternalErrors: true, debug: false })
  return applyMiddleware(schema, wall) as unknown as GraphQLSchema
}

const isWithheld = (object: unknown, name: string) => withheldOf(object as object).some(({ field }) => field === name)

function pathOf(info: GraphQLResolveInfo): (string | number)[] {
  const path: (string | number)[] = []
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev) path.unshift(at.key)
  return path
}

const objectTypes = (schema: GraphQLSchema): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  )

/** Every way in which the schema and the policies can miss each other. */
export function mistakesBetween(schema: GraphQLSchema, { fields, actions }: Policies): string[] {
  const mistakes: string[] = []
  const types = objectTypes(schema)
  const byName = new Map(types.map((type) => [type.name, type]))

  for (const type of Object.values(schema.getTypeMap()))
    if (isUnionType(type)) mistakes.push(`${type.name} is a union: shield ignores rules on unions`)
    else if (isInterfaceType(type)) mistakes.push(`${type.name} is an interface: it hides which type is reached`)

  const operations = new Map<string, 'query' | 'mutation'>()
  for (const name of Object.keys(schema.getQueryType()?.getFields() ?? {})) operations.set(name, 'query')
  for (const name of Object.keys(schema.getMutationType()?.getFields() ?? {})) operations.set(name, 'mutation')
  for (const [name, kind] of operations) {
    const action = actions.get(name)
    if (!action) mistakes.push(`actions.yaml: the operation ${name} has no action`)
    else if (action.kind !== kind) mistakes.push(`actions.yaml: ${name} is a ${kind}, not a ${action.kind}`)
  }
  for (const name of actions.keys())
    if (!operations.has(name)) mistakes.push(`actions.yaml: ${name} is no operation of the schema`)

  for (const type of types) {
    const homes = [fields.governed.has(type.name), fields.parts.has(type.name), fields.open.has(type.name), isRoot(schema, type)]
    const count = homes.filter(Boolean).length
    if (count === 0) mistakes.push(`sharing.yaml: the type ${type.name} is neither governed, nor a part, nor open`)
    if (count > 1) mistakes.push(`sharing.yaml: the type ${type.name} stands in more than one list`)
    const governed = fields.governed.get(type.name)
    for (const field of Object.values(type.getFields())) {
      const where = `${type.name}.${field.name}`
      if (governed && !governed.has(field.name)) mistakes.push(`sharing.yaml: the field ${where} has no category`)
      const category = governed?.get(field.name) ?? fields.parts.get(type.name)
      if (category && category !== 'open' && isNonNullType(field.type)) mistakes.push(`${where} is governed and must be nullable`)
      // A part is reached through a field of its own category only, so that the decision on the way in covers all of it.
      let target = field.type
      while (isNonNullType(target) || isListType(target)) target = target.ofType
      const part = fields.parts.get((target as { name: string }).name)
      if (part && part !== category) mistakes.push(`${where} leads to ${String(target)}, which belongs to ${part}`)
    }
    for (const name of governed?.keys() ?? [])
      if (!type.getFields()[name]) mistakes.push(`sharing.yaml: ${type.name}.${name} does not exist`)
  }
  for (const name of [...fields.governed.keys(), ...fields.parts.keys(), ...fields.open.keys()])
    if (!byName.has(name)) mistakes.push(`sharing.yaml: the type ${name} does not exist`)
  return mistakes
}
