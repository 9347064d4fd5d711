// Is every place in the schema decided by exactly one rule, or public for a reason, and does every rule decide something? `policies -- prove`.
import { type GraphQLObjectType, type GraphQLSchema, isInputObjectType, isObjectType, specifiedDirectives } from 'graphql'
import { runnersOf } from './asked-with.js'
import { BUILT_IN_RULES, CATEGORIES, cellsOf } from './decide.js'
import { deciderOf, isRoot, mistakesInPlaces, operationsOf } from './places.js'
import type { Policies } from './policy-files.js'
import { count, type Ground, groundOf, kinds, type Proof } from './proof.js'
import { inArguments, inLists, inNumbers } from './proof-of-asking.js'
import { mistakesBetween } from './shield.js'
import { bestWitness } from './witness-query.js'

export function prove(schema: GraphQLSchema, policies: Policies): Proof {
  const misfits = [...mistakesBetween(schema, policies), ...mistakesInPlaces(schema, policies)]
  // What does not fit has no places that could be counted.
  if (misfits.length > 0) return { counts: [], gaps: misfits }
  const ground = groundOf(schema, policies)
  const proofs = [inTypes, inFields, inOperations, inArguments, inLists, inNumbers, inRules].map((part) => part(ground))
  return { counts: proofs.flatMap(({ counts }) => counts), gaps: proofs.flatMap(({ gaps }) => gaps) }
}

function inTypes({ schema, policies, places }: Ground): Proof {
  const { governed, parts, open } = policies.fields
  const reached = new Set(places.map(({ type }) => type))
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
  const objects = types.filter((type): type is GraphQLObjectType => isObjectType(type) && !isRoot(schema, type))
  const strange = schema.getDirectives().filter((directive) => !specifiedDirectives.includes(directive))
  return {
    counts: [
      [
        'types that go out',
        objects.length,
        kinds(
          [governed.size, 'governed field by field'],
          [parts.size, 'part of one category'],
          [open.size, 'open with a reason'],
        ),
      ],
      ['types that come in', count(types, isInputObjectType)],
      ['subscriptions, unions, interfaces, directives of our own', strange.length],
    ],
    gaps: [
      ...objects.filter(({ name }) => !reached.has(name)).map(({ name }) => `sharing.yaml: no operation leads to ${name}`),
      ...strange.map(({ name }) => `the directive @${name} is decided by no rule`),
      ...(schema.getSubscriptionType()
        ? ['a subscription would be decided once and answered many times: there may be none']
        : []),
    ],
  }
}

function inFields({ policies, places, runners, sights }: Ground): Proof {
  const { governed } = policies.fields
  const deciders = new Map<string, Set<string>>()
  for (const place of places) {
    const name = `${place.type}.${place.field}`
    const by = deciderOf(policies, place)
    deciders.set(name, (deciders.get(name) ?? new Set()).add(by.kind === 'category' ? by.of : by.kind))
  }
  const all = [...deciders.values()].map((kinds) => [...kinds].sort().join(' or '))
  const gaps = places
    .filter(({ above, type }) => above && governed.has(type))
    .map(
      ({ operation, type, field, above }) =>
        `${type}.${field} is decided twice: below ${operation} it hangs on a field of the category ${above}`,
    )
  for (const [type, categories] of governed) {
    const operations = new Set(places.filter((place) => place.type === type).map(({ operation }) => operation))
    const all = [...operations].flatMap(runners)
    for (const [field, category] of categories)
      if (category !== 'open' && !all.some(([role, purpose]) => sights.isEver(role, purpose, category)))
        gaps.push(`sharing.yaml: ${type}.${field} (${category}) is never shown to anybody who can ask for it`)
  }
  return {
    counts: [
      [
        'fields',
        deciders.size,
        kinds(
          [count(all, (by) => by === 'field'), 'decided by their category'],
          [count(all, (by) => by === 'part'), 'by the category of the part'],
          [count(all, (by) => by === 'operation'), 'by the operation'],
          [count(all, (by) => by === 'above'), 'by the field above'],
          [count(all, (by) => by === 'above or operation'), 'by the operation or the field above, whichever leads there'],
          [count(all, (by) => by === 'open'), 'public with a reason'],
        ),
      ],
      ['places of these fields below operations', places.length, 'each with exactly one of these'],
    ],
    gaps,
  }
}

function inOperations({ schema, policies, places, runners, sights }: Ground): Proof {
  const gaps: string[] = []
  for (const { name, args } of operationsOf(schema)) {
    const action = policies.actions.get(name)!
    const hasCode = args.some((arg) => action.arguments?.[arg.name] === 'code' && String(arg.type).endsWith('!'))
    if (action.anyone === 'RIGHTS' && !hasCode)
      gaps.push(`actions.yaml: ${name} is for the rights of a code-holder, and does not ask for the code`)
  }
  const governed = places.filter(({ type }) => policies.fields.governed.has(type)).map(({ operation }) => operation)
  for (const name of new Set(governed))
    for (const [role, purpose] of runners(name))
      if (!CATEGORIES.some((category) => sights.isEver(role, purpose, category)))
        gaps.push(`actions.yaml: a ${role} may run ${name} for ${purpose}, and would never see anything`)
  const actions = [...policies.actions.values()]
  return {
    counts: [
      [
        'operations',
        actions.length,
        kinds(
          [actions.flatMap(({ purposes = {} }) => Object.keys(purposes)).length, 'grants to a role'],
          [count(actions, ({ anyone }) => anyone === 'RIGHTS'), 'for whoever has the code'],
          [count(actions, ({ anyone }) => anyone !== undefined && anyone !== 'RIGHTS'), 'for anyone with a reason'],
        ),
      ],
    ],
    gaps,
  }
}

function inRules({ schema, policies }: Ground): Proof {
  const { share, never } = policies.sharing
  const ofFile = [...share, ...never].map(({ rule }) => rule)
  const found = [...ofFile, ...BUILT_IN_RULES].map((rule) => ({ rule, ...bestWitness(schema, policies, rule) }))
  const asked = new Set([...policies.actions.values()].flatMap((action) => runnersOf(action).map(String)))
  const cells = share.flatMap((rule) => [...cellsOf(rule)])
  return {
    counts: [
      [
        'rules',
        found.length,
        kinds([share.length, 'that share'], [never.length, 'that close'], [BUILT_IN_RULES.length, 'built in']),
      ],
      [
        'rules with a question that comes out otherwise without them',
        count(found, ({ witness }) => witness !== undefined),
        kinds(
          [count(found, ({ query }) => query !== undefined && query.shows !== 'explanation'), 'that a query shows by a field'],
          [count(found, ({ query }) => query?.shows === 'explanation'), 'by an explanation'],
          [count(found, ({ witness, query }) => witness !== undefined && query === undefined), 'that no query can hold'],
        ),
      ],
      [
        'squares that are shared',
        cells.length,
        kinds([
          count(cells, ({ role, purpose }) => !asked.has(`${role},${purpose}`)),
          'for a purpose that no operation of the role has',
        ]),
      ],
    ],
    gaps: found
      .filter(({ witness }) => !witness)
      .map(({ rule }) =>
        ofFile.includes(rule)
          ? `sharing.yaml: the rule "${rule}" never decides anything`
          : `sharing.yaml: nothing leads to the rule "${rule}", which is built in, so it never decides anything`,
      ),
  }
}
