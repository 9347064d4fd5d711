// What is kept and for how long, in GraphQL.
import { Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { perform } from '../operations/perform.js'
import { type KeptData, listKept } from './kept.js'

const FadingList = closedList('Fading', 'Wat er na de termijn gebeurt.', {
  WEEK: 'de dag wordt een week',
  QUARTER: 'de dag wordt een kwartaal',
  REMOVE: 'weg',
  KEEP: 'blijft, of is de termijn zelf',
})
const CountedFromList = closedList('CountedFrom', 'Vanaf wanneer een bewaartermijn telt.', {
  CONTACT: 'de dag van het contactmoment',
  CLOSED_HAND_OFF: 'het laatste wat aan een gesloten overdracht werd toegevoegd',
  OPEN_LOOP: 'het laatste wat aan een open overdracht werd toegevoegd',
  CLOSED_CONSENT: 'de dag waarop de toestemming ophield',
  CONSENT: 'de dag van de toestemming',
  OFFER: 'de dag van aanbieden',
  ROW: 'de dag in de rij zelf',
  SEAL: 'de jongste regel van een zegel',
  NEVER: 'geen termijn',
})

@ObjectType({
  description: 'Bewaartermijn: wat er hoe lang bewaard wordt, en wat er dan gebeurt. Zo staat het in policies/retention.yaml.',
})
class RetentionRule {
  @Field(() => String, { description: 'Naam van de regel.' })
  subject!: string
  @Field(() => String, { description: 'Categorie; log, technical en kept horen bij geen bezoeker.' })
  category!: string
  @Field(() => CountedFromList, { description: 'Vanaf wanneer de termijn telt.' })
  countedFrom!: string
  @Field(() => FadingList, { description: 'Wat er dan gebeurt.' })
  does!: string
  @Field(() => Int, { nullable: true, description: 'Termijn in dagen.' })
  days!: number | null
  @Field(() => Int, { nullable: true, description: 'Termijn in maanden.' })
  months!: number | null
  @Field(() => [String], { description: 'Tabellen waar het over gaat.' })
  tables!: string[]
  @Field(() => String, { description: 'Waar de termijn vandaan komt, of waarom iets blijft.' })
  source!: string
  @Field(() => String, { description: 'Wet.' })
  law!: string
  @Field(() => Boolean, { description: 'Moet een jurist de termijn nog bevestigen?' })
  needsLawyer!: boolean
  @Field(() => String, { nullable: true, description: 'Wanneer dit voor het laatst gebeurde (ISO 8601, UTC); leeg: nog niet.' })
  lastDoneAt!: string | null
}

@Resolver()
export class RetentionResolver {
  @Query(() => [RetentionRule], { nullable: true, description: 'Wat er per categorie bewaard wordt, hoe lang, en waarom.' })
  retention(@Ask() { world, capacity }: Context): Promise<KeptData[]> {
    return perform(world, capacity, 'retention', listKept)
  }
}
