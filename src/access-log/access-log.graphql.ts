// The access log in GraphQL, for privacy officers.
import { Arg, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { PurposeList } from '../agreements/agreements.graphql.js'
import type { RecordedRefusal } from '../errors.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { CategoryList, type ConnectionOf, connectionOf, connectionType, WithheldReasonList } from '../graphql/types.js'
import { pageRequest } from '../operations/page.js'
import { perform } from '../operations/perform.js'
import { RoleList } from '../partners/partners.graphql.js'
import { type AccessRecordData, listAccessRecords } from './access-log.js'

const RefusalList = closedList('Refusal', 'Waarom een operatie is geweigerd. Ook een weigering is een besluit.', {
  FORBIDDEN: 'deze hoedanigheid mag deze operatie niet doen',
  NOT_FOUND: 'het is er niet, of het is niet te zien',
  BAD_INPUT: 'wat gevraagd is, kan zo niet',
  HANDOFF_MOVED_ON: 'een ander was eerder: de overdracht is verder; de nieuwe stand is gezegd',
  AGREEMENT_MOVED_ON: 'een ander was eerder: de afspraak is verder; de nieuwe stand is gezegd',
  CONSENT_REQUIRED: 'er is geen geldige toestemming voor',
  TEXT_REFUSED: 'er stond iets in de tekst dat een persoon kan aanwijzen',
  IDEMPOTENCY_CONFLICT: 'de sleutel van de aanvraag is al voor iets anders gebruikt',
} satisfies Record<RecordedRefusal, string>)

@ObjectType({ description: 'Eén categorie van één ding: getoond of niet, en door welke regel.' })
class AccessedCategory {
  @Field(() => CategoryList, { description: 'Categorie.' })
  category!: string
  @Field(() => Boolean, { description: 'Getoond?' })
  shown!: boolean
  @Field(() => String, { description: 'De regel die besliste.' })
  rule!: string
  @Field(() => WithheldReasonList, { nullable: true, description: 'Waarom niet getoond; leeg als het getoond is.' })
  reason!: string | null
}

@ObjectType({ description: 'Eén ding waarvan iets gezien is. Nooit een waarde.' })
class AccessedObject {
  @Field(() => String, { description: 'Soort: HandOff of VisitorContact.' })
  type!: string
  @Field(() => ID, { description: 'Kenmerk; van een contactmoment een verwijzing die met het contactmoment vervaagt.' })
  reference!: string
  @Field(() => String, { description: 'Hoe de lezer ertoe stond (relatie).' })
  relation!: string
  @Field(() => ID, { nullable: true, description: 'Afspraak die toen gold.' })
  agreementId!: string | null
  @Field(() => Int, { nullable: true, description: 'Versie van die afspraak.' })
  agreementVersion!: number | null
  @Field(() => Int, { nullable: true, description: 'Versie van de toestemming die toen gold.' })
  consentVersion!: number | null
  @Field(() => [AccessedCategory], { description: 'Per categorie het besluit.' })
  categories!: AccessedCategory[]
}

@ObjectType({
  description: 'Toegangsbesluit: een regel van het logboek. Eén operatie, wat die toonde van één werkcentrum en één partner.',
})
class AccessRecord {
  @Field(() => ID, { description: 'Kenmerk van de operatie.' })
  id!: string
  @Field(() => String, { description: 'Tijdstip (ISO 8601, UTC). Alleen het logboek bewaart tijdstippen.' })
  at!: string
  @Field(() => RoleList, { description: 'Rol van de lezer.' })
  role!: string
  @Field(() => String, { nullable: true, description: 'Organisatie van de lezer; leeg voor een bezoeker.' })
  actingOrganisation!: string | null
  @Field(() => String, { nullable: true, description: 'Pseudoniem van de lezer, alleen van uw eigen organisatie.' })
  actor!: string | null
  @Field(() => String, { description: 'Operatie.' })
  operation!: string
  @Field(() => PurposeList, { nullable: true, description: 'Doel; leeg als deze rol de operatie voor geen enkel doel mag doen.' })
  purpose!: string | null
  @Field(() => RefusalList, { nullable: true, description: 'Waarmee de operatie is geweigerd; leeg als er antwoord is gegeven.' })
  refusal!: string | null
  @Field(() => [String], {
    description: 'Bij TEXT_REFUSED: wat er in de tekst stond, naar soort. De tekst zelf is nergens bewaard.',
  })
  refusedKinds!: string[]
  @Field(() => String, { description: 'Versie van het beleid (SHA-256 van de bestanden).' })
  policyHash!: string
  @Field(() => String, { nullable: true, description: 'Werkcentrum waar het over ging.' })
  werkcentrum!: string | null
  @Field(() => String, { nullable: true, description: 'Partner waar het over ging.' })
  partner!: string | null
  @Field(() => [AccessedObject], { description: 'Wat er gezien is. Bij een weigering: waarvan het antwoord iets zei.' })
  objects!: AccessedObject[]
}

const AccessRecordConnection = connectionType('AccessRecord', 'toegangsbesluiten', () => AccessRecord)

@Resolver()
export class AccessLogResolver {
  @Query(() => AccessRecordConnection, {
    nullable: true,
    description: 'Het logboek van uw organisatie, nieuwste eerst. Ook dit lezen wordt vastgelegd.',
  })
  accessLog(
    @Arg('handOffId', () => ID, { nullable: true, description: 'Alleen over deze overdracht.' }) handOffId: string | null,
    @Arg('from', () => String, { nullable: true, description: 'Vanaf dit tijdstip (ISO 8601).' }) from: string | null,
    @Arg('until', () => String, { nullable: true, description: 'Vóór dit tijdstip (ISO 8601).' }) until: string | null,
    @Arg('first', () => Int, { nullable: true, description: 'Hoeveel, 1 tot en met 50; standaard 20.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Na deze cursor.' }) after: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<ConnectionOf<AccessRecordData>> {
    const request = pageRequest(first, after)
    const filter = { handOffId: handOffId ?? null, from: from ?? null, until: until ?? null }
    return perform(world, capacity, 'accessLog', async (act) =>
      connectionOf(await listAccessRecords(act, filter, request), after),
    )
  }
}
