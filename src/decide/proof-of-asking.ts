// Nobody learns by asking what they are not shown: arguments, filters, sort keys, cursors and counts.
import { type GraphQLObjectType, getNamedType } from 'graphql'
import { incoming, isCompared, type Telling, tellingFields } from './asked-with.js'
import { count, type Ground, kinds, type Proof } from './proof.js'

export function inArguments(ground: Ground): Proof {
  const { policies } = ground
  const tables = [...[...policies.actions.values()].map(({ arguments: asked = {} }) => asked), ...policies.inputs.values()]
  const words = tables.flatMap((asked) => Object.values(asked))
  const gaps: string[] = []
  let telling = 0
  for (const [name, action] of policies.actions) {
    // A question keeps nothing, and a change answers with what it made.
    const wrong = action.kind === 'query' ? 'given' : 'asked'
    for (const [path, word] of incoming(policies, action.arguments))
      if (word === wrong) gaps.push(`actions.yaml: ${name} is a ${action.kind}, so ${path} is not \`${word}\``)
    for (const told of tellingFields(policies, action)) {
      telling++
      const gap = whoWouldLearn(ground, name, told)
      if (gap) gaps.push(`actions.yaml: ${name} would tell ${told.place} by ${TELLS[told.how]}${told.path}: ${gap}`)
    }
  }
  return {
    counts: [
      [
        'arguments and input fields',
        words.length,
        kinds(
          [count(words, (word) => word === 'given'), "the asker's own words"],
          [count(words, (word) => word === 'asked'), 'which answer is wanted'],
          [count(words, (word) => word === 'code'), 'the code'],
          [count(words, (word) => word === 'page'), 'page or cursor'],
          [count(words, (word) => policies.inputs.has(word)), 'an input type'],
          [count(words, isCompared), 'compared with a field'],
        ),
      ],
      ['comparisons, filters and sort keys of operations', telling, 'each seen by whoever has it, wherever they see the row'],
    ],
    gaps,
  }
}

const TELLS = { argument: 'the argument ', only: 'what is in the answer at all', order: 'its order' } as const

/** Who would learn what stands in a field that they do not see; undefined: nobody. */
function whoWouldLearn(
  { policies, sights, runners, comesTo }: Ground,
  operation: string,
  { place }: Telling,
): string | undefined {
  const [type = '', field = ''] = place.split('.')
  const category = policies.fields.governed.get(type)?.get(field) ?? policies.fields.parts.get(type)
  for (const [role, purpose] of runners(operation)) {
    if (!comesTo(role, type)) return `a ${role} comes to no ${type} by any operation`
    const where = category && category !== 'open' && sights.closedWhereKnown(role, purpose, category)
    if (where) return `a ${role} (${where}) can see that there is one, and not its ${category}`
  }
  return undefined
}

export function inLists({ policies }: Ground): Proof {
  const isPaged = ({ arguments: asked = {} }: { arguments?: object | undefined }) => Object.values(asked).includes('page')
  const lists = [...policies.actions].filter(([, { order }]) => order)
  const gaps = [...policies.actions].flatMap(([name, action]) => [
    ...(isPaged(action) && !action.order ? [`actions.yaml: ${name} gives pages, and does not say in which order`] : []),
    ...(action.unseen && !isPaged(action) ? [`actions.yaml: ${name} has no cursor that could hold anything unseen`] : []),
  ])
  const unseen = lists.flatMap(([, action]) => Object.keys(action.unseen ?? {})).length
  return {
    counts: [
      [
        'lists with an order',
        lists.length,
        kinds(
          [count(lists, ([, action]) => isPaged(action)), 'with cursors, which hold the fields of that order'],
          [unseen, 'value in a cursor that no field shows, with a reason'],
        ),
      ],
    ],
    gaps,
  }
}

export function inNumbers({ schema, policies, places, runners, comesTo }: Ground): Proof {
  const gaps: string[] = []
  const numbers = new Map<string, string>(
    [...policies.fields.numbers].flatMap(([type, of]) =>
      Object.entries(of).map(([field, what]) => [`${type}.${field}`, what] as const),
    ),
  )
  const present: string[] = [...policies.fields.open.keys()].flatMap((name) =>
    Object.values((schema.getType(name) as GraphQLObjectType).getFields())
      .filter(({ type }) => ['Int', 'Float'].includes(getNamedType(type).name))
      .map((field) => `${name}.${field.name}`),
  )
  for (const name of present)
    if (!numbers.has(name)) gaps.push(`sharing.yaml: ${name} is a number, and \`numbers\` does not say of what`)
  for (const [name, what] of numbers) {
    if (!present.includes(name)) gaps.push(`sharing.yaml: ${name} is no number of an open type`)
    const hearers = places.filter(({ type, field }) => what !== 'one' && `${type}.${field}` === name)
    for (const { operation } of hearers)
      for (const [role] of runners(operation))
        if (!comesTo(role, what))
          gaps.push(`sharing.yaml: ${name} counts ${what}, and a ${role} hears of it by ${operation} without coming to any`)
  }
  const single = count([...numbers.values()], (what) => what === 'one')
  return {
    counts: [
      [
        'numbers in open types',
        numbers.size,
        kinds([single, 'of the thing itself'], [numbers.size - single, 'counts, heard by those who may read what is counted']),
      ],
    ],
    gaps,
  }
}
