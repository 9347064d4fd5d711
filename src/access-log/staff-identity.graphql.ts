// Who is behind a pseudonym, in GraphQL: for privacy officers, two at a time.
import { Arg, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { perform } from '../operations/perform.js'
import {
  answerStaffIdentityRequest,
  IDENTITY_REASONS,
  type IdentityReason,
  type IdentityRequest,
  listStaffIdentityRequests,
  readStaffIdentity,
  requestStaffIdentity,
} from './staff-identity.js'

const ReasonList = closedList('StaffIdentityReason', 'Waarom iemand bij naam bekend moet worden.', IDENTITY_REASONS)
const StateList = closedList('StaffIdentityState', 'Stand van zo een verzoek.', {
  ASKED: 'gevraagd, nog niet beantwoord',
  AGREED: 'akkoord: de vragende organisatie kan het account nu lezen',
  REFUSED: 'geweigerd',
  LAPSED: 'verlopen: niet op tijd beantwoord, of de leestermijn is voorbij',
} satisfies Record<IdentityRequest['state'], string>)

@ObjectType({
  description:
    'Verzoek om te weten wie er achter een pseudoniem in het logboek zit. Twee mensen samen kunnen dat openen, nooit één alleen; wat ermee gebeurt, staat in het logboek van beide organisaties.',
})
class StaffIdentityRequest {
  @Field(() => ID, { description: 'Kenmerk van het verzoek.' })
  id!: string
  @Field(() => String, { description: 'Wie vraagt: de eigen organisatie van de medewerker.' })
  askedBy!: string
  @Field(() => String, {
    description: 'Wie akkoord moet geven: de andere organisatie in die regel; is die er niet, dan de eigen mandaathouder.',
  })
  answeredBy!: string
  @Field(() => String, { description: 'Dag van de regel (JJJJ-MM-DD). Meer hoort de andere kant er niet over.' })
  recordDay!: string
  @Field(() => ReasonList, { description: 'Waarom.' })
  reason!: string
  @Field(() => String, { description: 'Dag van het verzoek (JJJJ-MM-DD).' })
  askedOn!: string
  @Field(() => StateList, { description: 'Stand.' })
  state!: string
  @Field(() => String, { nullable: true, description: 'Dag van het antwoord (JJJJ-MM-DD).' })
  answeredOn!: string | null
  @Field(() => String, {
    description:
      'Eerste dag (JJJJ-MM-DD) waarop er niet meer geantwoord kan worden; na akkoord: waarop er niet meer gelezen kan worden.',
  })
  openUntil!: string
  @Field(() => ID, { nullable: true, description: 'De regel van het logboek; alleen voor de organisatie die vraagt.' })
  recordId!: string | null
  @Field(() => String, { nullable: true, description: 'Tijdstip van die regel; alleen voor de organisatie die vraagt.' })
  recordAt!: string | null
}

@ObjectType({
  description: 'Wie er achter een pseudoniem zit. Elke keer dat dit wordt gelezen, staat in het logboek van beide organisaties.',
})
class StaffIdentity {
  @Field(() => String, { description: 'Het pseudoniem in het logboek.' })
  pseudonym!: string
  @Field(() => String, {
    nullable: true,
    description: 'Het account bij uw identiteitsdienst (sub); leeg als de sleutel waarmee het is bewaard, is weggedaan.',
  })
  subject!: string | null
}

@Resolver()
export class StaffIdentityResolver {
  @Mutation(() => StaffIdentityRequest, {
    nullable: true,
    description: 'Vragen wie er achter een regel van uw eigen logboek zit. Een ander moet akkoord geven, binnen 14 dagen.',
  })
  requestStaffIdentity(
    @Arg('recordId', () => ID, { description: 'Kenmerk van de regel, zoals in accessLog.' }) recordId: string,
    @Arg('at', () => String, { description: 'Tijdstip van die regel, zoals in accessLog.' }) at: string,
    @Arg('reason', () => ReasonList, { description: 'Waarom.' }) reason: IdentityReason,
    @Arg('withOrganisationId', () => ID, {
      nullable: true,
      description: 'Wie akkoord moet geven; nodig als de regel over meer dan één andere organisatie gaat.',
    })
    withId: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<IdentityRequest> {
    return perform(world, capacity, 'requestStaffIdentity', (act) =>
      requestStaffIdentity(act, { recordId, at, reason, withId: withId ?? null }),
    )
  }

  @Mutation(() => StaffIdentityRequest, {
    nullable: true,
    description:
      'Akkoord geven of weigeren, door een ander dan wie vroeg. U hoort wie vraagt, waarom en over welke dag; niet over wie of wat.',
  })
  answerStaffIdentityRequest(
    @Arg('id', () => ID, { description: 'Kenmerk van het verzoek.' }) id: string,
    @Arg('agree', () => Boolean, { description: 'Akkoord?' }) agree: boolean,
    @Ask() { world, capacity }: Context,
  ): Promise<IdentityRequest> {
    return perform(world, capacity, 'answerStaffIdentityRequest', (act) => answerStaffIdentityRequest(act, id, agree))
  }

  @Query(() => [StaffIdentityRequest], {
    nullable: true,
    description: 'De verzoeken van uw organisatie, en die waarop uw akkoord wordt gevraagd; nieuwste eerst, hooguit 50.',
  })
  staffIdentityRequests(@Ask() { world, capacity }: Context): Promise<IdentityRequest[]> {
    return perform(world, capacity, 'staffIdentityRequests', listStaffIdentityRequests)
  }

  @Query(() => StaffIdentity, {
    nullable: true,
    description: 'Het account achter het pseudoniem, na akkoord: alleen voor de organisatie die vroeg, 14 dagen lang.',
  })
  staffIdentity(
    @Arg('requestId', () => ID, { description: 'Kenmerk van het verzoek.' }) requestId: string,
    @Ask() { world, capacity }: Context,
  ): Promise<StaffIdentity> {
    return perform(world, capacity, 'staffIdentity', (act) => readStaffIdentity(act, requestId))
  }
}
