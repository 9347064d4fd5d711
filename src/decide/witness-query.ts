// The query on which somebody would see a decision: the field of the category, below an operation that this role has for this purpose.
import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType, isRequiredArgument } from 'graphql'
import { runnersOf } from './asked-with.js'
import { AGREEMENT_STATES, CONSENT_STATES, type Question, type Role } from './decide.js'
import { operationsOf } from './places.js'
import type { Policies } from './policy-files.js'
import { type Witness, witnessesOf } from './witness.js'

export type WitnessQuery = Readonly<{
  /** As whom it is asked. */
  role: Role
  /** With the variables $id (the object), $code (of the visitor) or $partner (another one than the receiving), as far as it names them. */
  document: string
  /** Of what the answer tells: whether this field is shown, or what an explanation says. */
  shows: Readonly<{ field: string }> | 'explanation'
}>

/** Undefined where no query can put this question. What has no field yet is asked for in words, by a privacy officer. */
export function witnessQuery(schema: GraphQLSchema, policies: Policies, question: Question): WitnessQuery | undefined {
  // A closed list of the schema has no words that nobody knows.
  if (!AGREEMENT_STATES.includes(question.agreement) || !CONSENT_STATES.includes(question.consent)) return undefined
  return (question.relation === 'none' ? undefined : direct(schema, policies, question)) ?? explained(schema, question)
}

function direct(schema: GraphQLSchema, policies: Policies, { role, purpose, category }: Question): WitnessQuery | undefined {
  for (const [type, fields] of policies.fields.governed) {
    const [field] = [...fields].find(([, own]) => own === category) ?? []
    const governed = schema.getType(type)
    if (!field || !isObjectType(governed)) continue
    const selection = `{ ${[...new Set(['id', fieldIn(governed, field)])].join(' ')} withheld { field rule } }`
    for (const { name, args, type: gives } of operationsOf(schema)) {
      const action = policies.actions.get(name)
      if (action?.kind !== 'query' || !runnersOf(action).some(([runner, own]) => runner === role && own === purpose)) continue
      const path = pathTo(getNamedType(gives), type)
      const variables: Record<string, string> = { [`${type}.id`]: '$id', code: '$code' }
      const needed = args
        .filter(isRequiredArgument)
        .map((arg) => [arg.name, variables[action.arguments?.[arg.name] ?? '']] as const)
      if (!path || needed.some(([, variable]) => !variable)) continue
      const declared = needed.map(([, variable]) => `${variable}: ${variable === '$id' ? 'ID!' : 'String!'}`).join(', ')
      // Without an id or a code it is a list, in which the object is to be found.
      const given = needed.map(([argument, variable]) => `${argument}: ${variable}`).join(', ') || 'first: 50'
      const below = path.reduceRight((inner, step) => `{ ${step} ${inner} }`, selection)
      return { role, document: `query ${declared && `(${declared}) `}{ ${name}(${given}) ${below} }`, shows: { field } }
    }
  }
  return undefined
}

/** A field with something below it, where it needs that. */
function fieldIn(type: GraphQLObjectType, name: string): string {
  const of = getNamedType(type.getFields()[name]!.type)
  if (!isObjectType(of)) return name
  return `${name} { ${fieldIn(of, Object.keys(of.getFields())[0]!)} }`
}

/** The fields that lead from one type to another, the shortest way; undefined: none do. */
function pathTo(from: unknown, to: string): string[] | undefined {
  const ways: [unknown, string[]][] = [[from, []]]
  const seen = new Set<string>()
  for (const [type, path] of ways) {
    if (!isObjectType(type) || seen.has(type.name)) continue
    if (type.name === to) return path
    seen.add(type.name)
    for (const field of Object.values(type.getFields())) ways.push([getNamedType(field.type), [...path, field.name]])
  }
  return undefined
}

function explained(schema: GraphQLSchema, { role, relation, purpose, category }: Question): WitnessQuery | undefined {
  // To whom a hand-off was not made: another partner than the one that it was made to.
  const [declared, other] = relation === 'none' ? [', $partner: ID!', ', partnerId: $partner'] : ['', '']
  if (!schema.getQueryType()?.getFields().explainAccess || (other && role !== 'HANDLER')) return undefined
  return {
    role: 'PRIVACY_OFFICER',
    document: `query ($id: ID!${declared}) { explainAccess(handOffId: $id, role: ${role}, purpose: ${purpose}, category: ${category}${other}) { answers { allowed rule } } }`,
    shows: 'explanation',
  }
}

/** Witnesses looked at for one that a field shows. */
const MOST = 500

/** A question that hangs on this rule, and how to put it: by a field where that is possible. Nothing: the rule decides nothing. */
export function bestWitness(
  schema: GraphQLSchema,
  policies: Policies,
  rule: string,
): { witness?: Witness; query?: WitnessQuery | undefined } {
  let best: { witness?: Witness; query?: WitnessQuery | undefined } = {}
  let looked = 0
  const known = new Map<string, WitnessQuery | undefined>()
  for (const witness of witnessesOf(policies.sharing, rule)) {
    const { role, relation, purpose, category, agreement } = witness.question
    const key = [role, relation, purpose, category, agreement].join()
    if (!known.has(key)) known.set(key, witnessQuery(schema, policies, witness.question))
    const query = known.get(key)
    if (!best.witness || (query && (!best.query || query.shows !== 'explanation'))) best = { witness, query }
    if ((query && query.shows !== 'explanation') || ++looked === MOST) break
  }
  return best
}
