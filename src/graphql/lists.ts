// Closed lists as GraphQL enums, with the Dutch label as the description of each value.
import { registerEnumType } from 'type-graphql'

/** `labels` maps each value to its Dutch label. The enum object is what @Field and @Arg take as their type. */
export function closedList<T extends string>(
  name: string,
  description: string,
  labels: Readonly<Record<T, string>>,
): { readonly [K in T]: K } {
  const values = Object.fromEntries(Object.keys(labels).map((value) => [value, value])) as { readonly [K in T]: K }
  const valuesConfig = Object.fromEntries(Object.entries<string>(labels).map(([value, label]) => [value, { description: label }]))
  registerEnumType(values, { name, description, valuesConfig: valuesConfig as never })
  return values
}
