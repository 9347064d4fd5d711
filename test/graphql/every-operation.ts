// Every root operation of the schema, asked with arguments made from its types: a new operation is tested without anybody's doing.
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { demoId } from '#app/demo/ids.js'
import { bareSchema } from '#app/graphql/schema.js'

export const NOWHERE = '00000000-0000-4000-8000-000000000000'

/** What a place of this name needs to be let through as far as its id; all other places take anything of their type. */
const FITTING: Record<string, unknown> = {
  deskId: demoId('desk-amersfoort-stadhuis'),
  partnerId: demoId('uwv-amersfoort'),
  code: '00000-00000-0000',
  followUpCode: '00000-00000-0000',
  outcome: 'WORK',
  visitorKind: 'JOB_SEEKER',
  kind: 'VISITOR_COMES',
  from: '2026-11-18T00:00:00Z',
  at: '2026-11-18T00:00:00Z',
  until: '2026-11-19T00:00:00Z',
}

export type Operation = Readonly<{
  name: string
  kind: 'query' | 'mutation'
  document: string
  variables: Readonly<Record<string, unknown>>
  /** Where ids go, as paths into the variables: `id`, `input.contactId`. */
  ids: readonly string[]
}>

const schema = bareSchema()

export const OPERATIONS: readonly Operation[] = [
  ...Object.values(schema.getQueryType()!.getFields()).map((field) => operation('query', field)),
  ...Object.values(schema.getMutationType()!.getFields()).map((field) => operation('mutation', field)),
]

export const operationCalled = (name: string): Operation => OPERATIONS.find((each) => each.name === name)!

/** The variables of an operation with another value at one path. */
export function changed(variables: Readonly<Record<string, unknown>>, path: string, value: unknown): Record<string, unknown> {
  const [first = '', ...rest] = path.split('.')
  const inner = (variables[first] ?? {}) as Record<string, unknown>
  return { ...variables, [first]: rest.length === 0 ? value : changed(inner, rest.join('.'), value) }
}

function operation(kind: 'query' | 'mutation', { name, args: all, type }: GraphQLField<unknown, unknown>): Operation {
  // What has a default is left to it.
  const args = all.filter(({ defaultValue }) => defaultValue === undefined)
  const given = args.length === 0 ? '' : `(${args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')})`
  const declared = args.length === 0 ? '' : `(${args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')})`
  const selection = isLeafType(getNamedType(type)) ? '' : ' { __typename }'
  return {
    name,
    kind,
    document: `${kind} ${declared} { ${name}${given}${selection} }`,
    variables: Object.fromEntries(args.filter(isRequiredArgument).map((arg) => [arg.name, sample(arg.name, arg.type)])),
    ids: idsIn(args, []),
  }
}

function sample(name: string, type: GraphQLInputType): unknown {
  if (name in FITTING) return FITTING[name]
  const nullable = getNullableType(type)
  if (isListType(nullable)) return [sample(name, nullable.ofType)]
  if (isEnumType(nullable)) return nullable.getValues()[0]!.name
  if (isInputObjectType(nullable))
    return Object.fromEntries(
      Object.values(nullable.getFields())
        .filter(isRequiredInputField)
        .map((field) => [field.name, sample(field.name, field.type)]),
    )
  return { ID: NOWHERE, String: 'tekst', FreeText: 'tekst', Boolean: true, Int: 1 }[(nullable as { name: string }).name]
}

function idsIn(places: readonly (GraphQLArgument | GraphQLInputField)[], above: readonly string[]): string[] {
  return places.flatMap(({ name, type }) => {
    const named = getNamedType(type)
    if (isInputObjectType(named)) return idsIn(Object.values(named.getFields()), [...above, name])
    return named.name === 'ID' ? [[...above, name].join('.')] : []
  })
}
