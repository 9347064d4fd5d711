// How far generated questions came: which operations, arguments, inputs and fields of the schema were answered, and which never were.
import { type GraphQLInputType, getNullableType, isInputObjectType, isListType, isObjectType } from 'graphql'
import { type Asked, type Question, schema } from './questions-of-schema.js'

export type Reached = {
  note(question: Question, answer: string): void
  /** Of each: how many there are, and those that were never reached. */
  missing(): Record<'operations' | 'arguments' | 'fields', { of: number; never: string[] }>
}

export function reached(): Reached {
  const seen = { operations: new Set<string>(), arguments: new Set<string>(), fields: new Set<string>() }
  const all = everything()

  function noteInput(value: unknown, type: GraphQLInputType): void {
    const nullable = getNullableType(type)
    if (isListType(nullable) && Array.isArray(value)) for (const item of value) noteInput(item, nullable.ofType)
    if (!isInputObjectType(nullable) || typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      seen.arguments.add(`${nullable.name}.${name}`)
      noteInput(inner, nullable.getFields()[name]!.type)
    }
  }
  function noteField({ name, of, args, below }: Asked): void {
    const type = schema.getType(of)
    if (!isObjectType(type)) return
    seen.fields.add(`${of}.${name}`)
    for (const { name: arg, value } of args) {
      if (value === null) continue
      seen.arguments.add(`${name}(${arg})`)
      noteInput(value, type.getFields()[name]!.args.find((each) => each.name === arg)!.type)
    }
    below.forEach(noteField)
  }

  return {
    note({ roots }, answer) {
      const { data } = JSON.parse(answer) as { data?: Record<string, unknown> | null }
      for (const root of roots) {
        if (!data || !((root.alias ?? root.name) in data)) continue
        // Arguments count when they were looked at; fields and operations when something came of it.
        if (data[root.alias ?? root.name] === null) noteField({ ...root, below: [] })
        else {
          seen.operations.add(root.name)
          noteField(root)
        }
      }
    },
    missing() {
      const never = (what: keyof typeof all) => all[what].filter((name) => !seen[what].has(name)).sort()
      return {
        operations: { of: all.operations.length, never: never('operations') },
        arguments: { of: all.arguments.length, never: never('arguments') },
        fields: { of: all.fields.length, never: never('fields') },
      }
    },
  }
}

function everything() {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'))
  const roots = [schema.getQueryType()!, schema.getMutationType()!]
  const operations = roots.flatMap((root) => Object.values(root.getFields()))
  return {
    operations: operations.map(({ name }) => name),
    arguments: [
      ...operations.flatMap(({ name, args }) => args.map((arg) => `${name}(${arg.name})`)),
      ...types.filter(isInputObjectType).flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)),
    ],
    fields: types.filter(isObjectType).flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)),
  }
}
