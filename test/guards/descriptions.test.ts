// Whoever reads the schema reads what each thing is and its Dutch term: nothing in it is without a description.
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { expect, test } from 'vitest'
import { ERROR_CODES } from '#app/errors.js'
import { bareSchema, printedSchema } from '#app/graphql/schema.js'

/** Every place of the schema with what is said of it. */
function* descriptions(): Generator<[place: string, description: string | null | undefined]> {
  const schema = bareSchema()
  const roots = [schema.getQueryType(), schema.getMutationType()]
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue
    if (!roots.includes(type as never)) yield [type.name, type.description]
    if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description]
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field.description]
    if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) {
        yield [`${type.name}.${field.name}`, field.description]
        for (const arg of field.args) yield [`${type.name}.${field.name}(${arg.name})`, arg.description]
      }
  }
}

test('every type, field, argument, enum value and input field has a description', () => {
  const all = [...descriptions()]
  expect(all.length).toBeGreaterThan(300)
  expect(all.filter(([, description]) => !description?.trim()).map(([place]) => place)).toEqual([])
})

test('the closed list of error codes, with what each means, is in the description of the schema', () => {
  const { description } = buildSchema(printedSchema())
  for (const [code, meaning] of Object.entries(ERROR_CODES)) expect(description).toContain(`\`${code}\`: ${meaning}`)
})
