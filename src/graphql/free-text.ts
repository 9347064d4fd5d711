// Free text: the one string that a person may type, and the guard before every operation that takes one (design 6). Reduces the risk.
import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLInputType,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
} from 'graphql'
import { checkFields } from '../anonymity/guard/check-fields.js'
import { advice } from '../anonymity/guard/kinds.js'
import { SENSITIVE_ADVICE } from '../anonymity/guard/sensitive.js'
import { PlainError, Refusal } from '../errors.js'
import { recordRefusedText } from '../operations/perform.js'
import type { Context } from './context.js'

const text = (value: unknown): string => {
  // No code of ours: graphql-js puts the value into the message, and only without a code is it taken out again (errors.ts).
  if (typeof value !== 'string') throw new GraphQLError('Free text is a string.')
  return value
}

export const FreeText = new GraphQLScalarType<string, string>({
  name: 'FreeText',
  description:
    'Vrije tekst. De server leest mee voordat er iets gebeurt: staat er iets in dat een persoon kan aanwijzen, dan is het antwoord TEXT_REFUSED, met de plaatsen en een advies, en is er niets bewaard.',
  serialize: text,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : undefined),
})

/**
 * Every other string that comes in, and why nobody reads it first: in none of them does anybody tell about a visitor, and none is kept as it was typed.
 * By the name that it has everywhere, or by that of its type and its own. An ID is compared with what is there, and never kept.
 */
export const NOT_TYPED: Readonly<Record<string, string>> = {
  after: 'A cursor of ours.',
  from: 'A day or an instant, checked as one.',
  until: 'A day or an instant, checked as one.',
  on: 'A day, checked as one.',
  at: 'An instant, checked as one.',
  day: 'A day, checked as one.',
  expiresOn: 'A day, checked as one.',
  reviewOn: 'A day, checked as one.',
  validFrom: 'A day, checked as one.',
  validTo: 'A day, checked as one.',
  amCode: 'The key of a region, compared with those there are.',
  origin: 'The key of a municipality, compared with those there are.',
  field: 'The name of a field, compared with those there are.',
  legalBasis: 'The name of a basis in the policy, compared with those there are.',
  period: 'A quarter, half year or year, checked as one.',
  'setFigureGoal.row': 'A row of a figure, compared with those there are.',
  hash: 'A hash of ours.',
  termsHash: 'A hash of ours.',
  code: 'A code of ours; only its keyed hash is looked up.',
  followUpCode: 'A code of ours; only its keyed hash is looked up.',
  recognitionCode: 'A code of ours, compared with those there are.',
  idempotencyKey: 'Chosen by a program; only its keyed hash is kept.',
  'WhatIfInput.sharing': 'A policy file: tried out, never kept.',
  'WhatIfInput.actions': 'A policy file: tried out, never kept.',
  'AgreementTermsInput.csv': 'A table of words of closed lists; with any other word it is refused, and it is never kept.',
  'checkText.text': 'It is what the guard is asked about; never kept.',
}

/** Where nothing may be told of what AVG art. 9 or 10 protects, also when it points at nobody, and why. */
const NEVER_SENSITIVE: Readonly<Record<string, string>> = {
  'LogContactInput.note': 'A contact never holds anything sensitive (INVARIANT 4).',
  'CorrectionInput.note': 'Correcting adds no category; consent for what is sensitive is asked anew.',
  'recordRemark.remark': 'No explicit consent stands before a remark.',
}

type Typed = Readonly<{ path: string; place: string; text: string }>

/** Every free text in a value, at its path. */
function typedIn(type: GraphQLInputType, value: unknown, path: string, place: string): Typed[] {
  if (value === null || value === undefined) return []
  if (isNonNullType(type)) return typedIn(type.ofType, value, path, place)
  if (isListType(type)) return [value].flat().flatMap((one, index) => typedIn(type.ofType, one, `${path}.${index}`, place))
  if (type === FreeText) return [{ path, place, text: value as string }]
  if (!isInputObjectType(type)) return []
  return Object.values(type.getFields()).flatMap((field) =>
    typedIn(field.type, (value as Record<string, unknown>)[field.name], `${path}.${field.name}`, `${type.name}.${field.name}`),
  )
}

/** What has to go before an operation may begin. `field` is the path of the argument; the text itself is not repeated. */
export type TextFinding = Readonly<{ field: string; start: number; end: number; kind: string; advice: string }>

function findingsIn(typed: readonly Typed[], check: typeof checkFields): TextFinding[] {
  const checked = check(Object.fromEntries(typed.map(({ path, text }) => [path, text])))
  return typed.flatMap(({ path: field, place }) => {
    const { findings, sensitive } = checked[field]!
    return [
      ...findings.map(({ start, end, kind }) => ({ field, start, end, kind, advice: advice(kind) })),
      ...(place in NEVER_SENSITIVE ? sensitive : []).map(({ start, end }) => ({
        ...{ field, start, end, kind: 'sensitive', advice: SENSITIVE_ADVICE },
      })),
    ]
  })
}

/**
 * The schema with the guard before every operation that takes free text: all of one operation is read together, before the operation begins. A
 * guard that throws is a fault like any other: then nothing is done either.
 * @throws PlainError when a string comes in that is neither free text nor named above.
 */
export function guarded(schema: GraphQLSchema, check = checkFields): GraphQLSchema {
  const unnamed = stringsOf(schema).filter(({ place, name }) => !(place in NOT_TYPED || name in NOT_TYPED))
  if (unnamed.length > 0)
    throw new PlainError(
      `A string comes in that nobody guards: ${unnamed.map(({ place }) => place).join(', ')}. Make it FreeText, or say in src/graphql/free-text.ts why not.`,
    )
  for (const root of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(root?.getFields() ?? {})) {
      const { name, args: all, resolve = defaultFieldResolver } = field
      field.resolve = async (source, args, context: Context, info) => {
        const typed = all.flatMap((arg) => typedIn(arg.type, args[arg.name], arg.name, `${name}.${arg.name}`))
        if (typed.length > 0) {
          const findings = findingsIn(typed, check)
          if (findings.length > 0) {
            const kinds = [...new Set(findings.map(({ kind }) => kind))].sort()
            await recordRefusedText(context.world, context.capacity, name, kinds)
            throw new Refusal('TEXT_REFUSED', 'What was typed may point at a person; nothing was kept.', { findings })
          }
        }
        return resolve(source, args, context, info)
      }
    }
  return schema
}

/** Every place where a string comes in that is not free text; or where something of another type does. */
export function stringsOf(schema: GraphQLSchema, called = 'String'): { place: string; name: string }[] {
  const isString = (type: GraphQLInputType) => getNamedType(type).name === called
  const operations = [schema.getQueryType(), schema.getMutationType()].flatMap((root) => Object.values(root?.getFields() ?? {}))
  const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType)
  return [
    ...operations.flatMap(({ name: of, args }) =>
      args.filter(({ type }) => isString(type)).map(({ name }) => ({ place: `${of}.${name}`, name })),
    ),
    ...inputs.flatMap((of) =>
      Object.values(of.getFields())
        .filter(({ type }) => isString(type))
        .map(({ name }) => ({ place: `${of.name}.${name}`, name })),
    ),
  ]
}
