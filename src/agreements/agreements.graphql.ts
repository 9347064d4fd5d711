// Agreements in GraphQL: read by the two sides that made them.
import { Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { CategoryList } from '../graphql/types.js'
import { perform } from '../operations/perform.js'
import { Partner, Werkcentrum } from '../partners/partners.graphql.js'
import { type AgreementData, listAgreements } from './agreements.js'

export const PurposeList = closedList(
  'Purpose',
  'Doel waarvoor iets gezien wordt; vast per operatie, nooit door de vrager gekozen.',
  {
    OVERVIEW: 'overzicht',
    HELP: 'helpen',
    FOLLOW_UP: 'opvolgen',
    ACCOUNT: 'verantwoorden',
    OVERSEE: 'toezicht',
    RIGHTS: 'rechten van de bezoeker',
  },
)
const AgreementStateList = closedList('AgreementState', 'Stand van een gegevensdelingsafspraak.', {
  ACTIVE: 'geldend',
  SUSPENDED: 'opgeschort',
  ENDED: 'beëindigd',
})
export const AgreementLockList = closedList('AgreementLock', 'Of deze afspraak vandaag iets openzet.', {
  active: 'ja',
  suspended: 'nee: opgeschort',
  ended: 'nee: beëindigd of verlopen',
  none: 'nee: nog niet begonnen',
})

@ObjectType({ description: 'Gegevensdelingsafspraak tussen de verantwoordelijken van een werkcentrum en een partner.' })
class Agreement {
  @Field(() => ID, { description: 'Kenmerk.' })
  id!: string
  @Field(() => Int, { description: 'Versie.' })
  version!: number
  @Field(() => Werkcentrum, { description: 'Werkcentrum.' })
  werkcentrum!: Werkcentrum
  @Field(() => Partner, { description: 'Partner.' })
  partner!: Partner
  @Field(() => [Partner], { description: 'Rechtspersonen die voor het werkcentrum tekenden.' })
  controllers!: Partner[]
  @Field(() => [Partner], {
    description: 'Rechtspersonen die aan de kant van de partner tekenden; bij een samenwerkingsverband namens wie het handelt.',
  })
  actingFor!: Partner[]
  @Field(() => AgreementStateList, { description: 'Stand.' })
  state!: string
  @Field(() => AgreementLockList, { description: 'Zet zij vandaag iets open?' })
  lock!: string
  @Field(() => [CategoryList], { description: 'Categorieën die gedeeld mogen worden.' })
  categories!: readonly string[]
  @Field(() => [PurposeList], { description: 'Doelen waarvoor.' })
  purposes!: readonly string[]
  @Field(() => String, { description: 'Grondslag.' })
  legalBasis!: string
  @Field(() => Int, { description: 'Termijn voor een antwoord, in werkdagen.' })
  answerTermDays!: number
  @Field(() => Int, { description: 'Termijn voor het eerste contact na een afspraak, in werkdagen.' })
  firstContactTermDays!: number
  @Field(() => String, { description: 'Waar een bezoeker terechtkan met vragen.' })
  contactPoint!: string
  @Field(() => String, { description: 'Verwijzing naar het document.' })
  documentReference!: string
  @Field(() => String, { description: 'Dag waarop zij opnieuw bekeken wordt (JJJJ-MM-DD).' })
  reviewOn!: string
  @Field(() => Boolean, { description: 'Is die dag voorbij?' })
  reviewOverdue!: boolean
  @Field(() => String, { description: 'Eerste dag waarop zij geldt.' })
  validFrom!: string
  @Field(() => String, { description: 'Laatste dag waarop zij geldt.' })
  validTo!: string
}

@Resolver()
export class AgreementsResolver {
  @Query(() => [Agreement], { nullable: true, description: 'De afspraken van uw organisatie, alle versies.' })
  agreements(@Ask() { world, capacity }: Context): Promise<AgreementData[]> {
    return perform(world, capacity, 'agreements', listAgreements)
  }
}
