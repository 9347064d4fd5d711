// The wrappers that every list shares, after the Relay cursor connections specification.
import { type ClassType, Field, ObjectType } from 'type-graphql'
import type { WITHHELD_REASONS } from '../decide/decide.js'
import { CATEGORY_LABELS } from '../decide/sentence.js'
import type { Page } from '../operations/page.js'
import { closedList } from './lists.js'

export const CategoryList = closedList('Category', 'Categorie: groep velden waarover in één keer wordt beslist.', CATEGORY_LABELS)

export const WithheldReasonList = closedList(
  'WithheldReason',
  'Waarom een veld niet getoond wordt. Een partner hoort altijd NOT_SHARED.',
  {
    POLICY: 'het beleid staat het niet toe',
    AGREEMENT: 'er is geen geldende afspraak die dit dekt',
    CONSENT: 'er is geen toestemming die dit dekt',
    UNDER_SIXTEEN: 'jonger dan 16 en geen vertegenwoordiger erbij',
    OWN_SIDE: 'geschreven door een andere kant',
    NOT_SHARED: 'niet gedeeld',
  } satisfies Record<(typeof WITHHELD_REASONS)[number] | 'NOT_SHARED', string>,
)

@ObjectType({ description: 'Een veld dat niet getoond wordt (withheld), en waarom.' })
export class Withheld {
  @Field(() => String, { description: 'De naam van het veld.' })
  field!: string
  @Field(() => CategoryList, { description: 'De categorie van het veld.' })
  category!: string
  @Field(() => WithheldReasonList, { description: 'De reden; voor een partner altijd NOT_SHARED.' })
  reason!: string
  @Field(() => String, { description: 'De regel die besliste; voor een partner altijd dezelfde.' })
  rule!: string
}

@ObjectType({ description: 'Waar een pagina begint en eindigt.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Is er nog een pagina hierna?' })
  hasNextPage!: boolean
  @Field(() => Boolean, {
    description: 'Is er een pagina hiervoor? Bladeren gaat alleen vooruit, dus altijd onwaar op de eerste pagina.',
  })
  hasPreviousPage!: boolean
  @Field(() => String, { nullable: true, description: 'Cursor van het eerste op deze pagina.' })
  startCursor!: string | null
  @Field(() => String, { nullable: true, description: 'Cursor van het laatste op deze pagina; geef die mee als `after`.' })
  endCursor!: string | null
}

export type ConnectionOf<T> = { edges: { node: T; cursor: string }[]; pageInfo: PageInfo }

/** Declares `<name>Edge` and `<name>Connection` for a node type. `plural` is the Dutch word for what is listed. */
export function connectionType<T extends object>(
  name: string,
  plural: string,
  node: () => ClassType<T>,
): ClassType<ConnectionOf<T>> {
  @ObjectType(`${name}Edge`, { description: `Eén van de ${plural} met zijn cursor.` })
  class Edge {
    @Field(node, { description: 'Het ding zelf.' })
    node!: T
    @Field(() => String, { description: 'Cursor: ondoorzichtig, om verder te bladeren.' })
    cursor!: string
  }
  @ObjectType(`${name}Connection`, { description: `Een pagina met ${plural}.` })
  class Connection {
    @Field(() => [Edge], { description: 'Wat op deze pagina staat.' })
    edges!: Edge[]
    @Field(() => PageInfo, { description: 'Waar deze pagina begint en eindigt.' })
    pageInfo!: PageInfo
  }
  return Connection
}

export function connectionOf<T>(page: Page<T>, after: string | null | undefined): ConnectionOf<T> {
  return {
    edges: page.items.map((node, index) => ({ node, cursor: page.cursors[index]! })),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: after != null,
      startCursor: page.cursors[0] ?? null,
      endCursor: page.cursors.at(-1) ?? null,
    },
  }
}
