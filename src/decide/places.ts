// Every place in the schema where something comes in or goes out, and what policies/ says of it. Start-up refuses a place of which it says nothing.
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql'
import { isCompared } from './asked-with.js'
import type { Category } from './decide.js'
import type { Asked, Policies } from './policy-files.js'

/** A field of a type in the answer of an operation, and the category of the nearest governed field above it. */
export type Place = Readonly<{ operation: string; type: string; field: string; above: Category | null }>

/** Every root operation. */
export function operationsOf(schema: GraphQLSchema): GraphQLField<unknown, unknown>[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {}),
  )
}

/** Every place below every operation: what hangs below two operations, or below two categories, is two places. */
export function placesOf(schema: GraphQLSchema, { fields }: Pick<Policies, 'fields'>): Place[] {
  const places: Place[] = []
  for (const { name: operation, type } of operationsOf(schema)) {
    const seen = new Set<string>()
    const walk = (of: GraphQLNamedType, above: Category | null) => {
      if (!isObjectType(of) || seen.has(`${of.name} ${above}`)) return
      seen.add(`${of.name} ${above}`)
      for (const field of Object.values(of.getFields())) {
        places.push({ operation, type: of.name, field: field.name, above })
        const own = fields.governed.get(of.name)?.get(field.name)
        walk(getNamedType(field.type), own && own !== 'open' ? own : above)
      }
    }
    walk(getNamedType(type), null)
  }
  return places
}

/** The one thing that decides about a place. */
export type Decider =
  | Readonly<{ kind: 'category'; category: Category; of: 'field' | 'part' | 'above' }>
  | Readonly<{ kind: 'open' | 'operation' }>

/**
 * INVARIANT: exactly one. A governed field has its category, a part that of the field it hangs on; what is in an open type is as closed as
 * the field above it that is governed, and without one as the operation.
 */
export function deciderOf({ fields }: Pick<Policies, 'fields'>, { type, field, above }: Place): Decider {
  const governed = fields.governed.get(type)?.get(field)
  if (governed === 'open') return { kind: 'open' }
  if (governed) return { kind: 'category', category: governed, of: 'field' }
  const part = fields.parts.get(type)
  if (part) return { kind: 'category', category: part, of: 'part' }
  return above ? { kind: 'category', category: above, of: 'above' } : { kind: 'operation' }
}

/** Every argument, input field and list of which the policies say nothing, or what is not so. */
export function mistakesInPlaces(schema: GraphQLSchema, { actions, inputs }: Policies): string[] {
  const mistakes: string[] = []
  const mistake = (text: string) => mistakes.push(`actions.yaml: ${text}`)
  const compare = (where: string, present: readonly (GraphQLArgument | GraphQLInputField)[], asked: Asked) => {
    const byName = new Map(present.map((one) => [one.name, one]))
    for (const { name } of present) if (!asked[name]) mistake(`${where} says nothing of ${name}`)
    for (const [name, word] of Object.entries(asked)) {
      const found = byName.get(name)
      const type = found && getNamedType(found.type)
      if (!type) mistake(`${where} has no ${name}`)
      else if (isInputObjectType(type) ? word !== type.name : /^[A-Z]\w*$/.test(word))
        mistake(`${where}: ${name} is of the type ${type.name}, not ${word}`)
      else if (isCompared(word)) exists(`${where}: ${name}`, word)
    }
  }
  const exists = (where: string, place: string) => {
    const [type = '', field = ''] = place.split('.')
    const found = schema.getType(type)
    if (!isObjectType(found) || !found.getFields()[field]) mistake(`${where} is compared with ${place}, which does not exist`)
  }

  for (const { name, args, type } of operationsOf(schema)) {
    const action = actions.get(name)
    if (!action) continue
    compare(name, args, action.arguments ?? {})
    for (const place of [...(action.only ?? []), ...(action.order ?? [])]) exists(name, place)
    const isList = isListType(getNullableType(type)) || isPaged(getNamedType(type))
    if (isList && !action.order) mistake(`${name} gives a list and does not say in which order`)
    if (!isList && action.order) mistake(`${name} gives no list, and says in which order`)
  }
  const types = Object.values(schema.getTypeMap()).filter(isInputObjectType)
  for (const type of types) compare(type.name, Object.values(type.getFields()), inputs.get(type.name) ?? {})
  for (const name of inputs.keys())
    if (!types.some((type) => type.name === name)) mistake(`the input type ${name} does not exist`)
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    if (!isRoot(schema, type) && !type.name.startsWith('__'))
      for (const field of Object.values(type.getFields()))
        if (field.args.length > 0)
          mistake(`${type.name}.${field.name} takes arguments, and only an operation can say what they are`)
  return mistakes
}

/** Is it a page of a list (Relay cursor connections)? */
const isPaged = (type: GraphQLNamedType): boolean => isObjectType(type) && 'pageInfo' in type.getFields()

export const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType): boolean =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type)
