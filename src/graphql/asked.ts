// What a question asks for, type by type: the access record then says what was seen, not what could have been.
import { type GraphQLObjectType, type GraphQLResolveInfo, getNamedType, isObjectType, Kind, type SelectionSetNode } from 'graphql'
import { createParameterDecorator } from 'type-graphql'
import type { Asked } from '../operations/perform.js'
import type { Context } from './context.js'

/** Like @Ctx, with a world that knows what this root operation asks for. */
export const Ask = () =>
  createParameterDecorator<Context>(({ context, info }) => ({ ...context, world: { ...context.world, asked: askedBy(info) } }))

/** The fields per type below one root field, fragments included. Directives are not weighed: a skipped field counts as asked. */
export function askedBy(info: GraphQLResolveInfo): Asked {
  const asked = new Map<string, Set<string>>()
  const walk = (type: unknown, selections: SelectionSetNode | undefined, above: ReadonlySet<string>) => {
    if (!selections || !isObjectType(type)) return
    const fields = asked.get(type.name) ?? new Set<string>()
    asked.set(type.name, fields)
    for (const node of selections.selections) {
      if (node.kind === Kind.FIELD) {
        fields.add(node.name.value)
        walk(typeOf(type, node.name.value), node.selectionSet, above)
      } else if (node.kind === Kind.INLINE_FRAGMENT) walk(type, node.selectionSet, above)
      // Validation has refused circles; `above` is for whoever calls this without it.
      else if (!above.has(node.name.value))
        walk(type, info.fragments[node.name.value]?.selectionSet, new Set([...above, node.name.value]))
    }
  }
  for (const node of info.fieldNodes) walk(getNamedType(info.returnType), node.selectionSet, new Set())
  return asked
}

const typeOf = (type: GraphQLObjectType, field: string) => {
  const found = type.getFields()[field]
  return found && getNamedType(found.type)
}
