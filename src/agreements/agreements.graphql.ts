// Agreements in GraphQL: drafted, advised on, signed, suspended and ended by the two sides that make them, and read by both.
import { Arg, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql'
import { PURPOSE_LABELS } from '../decide/sentence.js'
import { orNotFound } from '../errors.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { FreeText } from '../graphql/free-text.js'
import { closedList } from '../graphql/lists.js'
import { CategoryList } from '../graphql/types.js'
import { perform } from '../operations/perform.js'
import { Partner, RoleList, Werkcentrum } from '../partners/partners.graphql.js'
import type { Stand } from './agreement-state.js'
import { type AgreementData, type AgreementEventData, listAgreements, readAgreement } from './agreements.js'
import { matrixOf } from './csv.js'
import { type DriftData, findDrift, USUAL_DAYS } from './drift.js'
import * as life from './life.js'
import { END_REASONS, type EndReason, SIDE_WORDS, SUSPEND_REASONS, type SuspendReason } from './words.js'

export const PurposeList = closedList(
  'Purpose',
  'Doel waarvoor iets gezien wordt; vast per operatie, nooit door de vrager gekozen.',
  PURPOSE_LABELS,
)
const AgreementStateList = closedList('AgreementState', 'Stand van een gegevensdelingsafspraak.', {
  DRAFT: 'ontwerp: nog niet door beide kanten getekend',
  ACTIVE: 'getekend door beide kanten',
  SUSPENDED: 'opgeschort',
  ENDED: 'beëindigd',
})
export const AgreementLockList = closedList('AgreementLock', 'Of deze afspraak vandaag iets openzet.', {
  active: 'ja',
  suspended: 'nee: opgeschort',
  ended: 'nee: beëindigd, verlopen of vervangen',
  none: 'nee: niet getekend of nog niet begonnen',
})
const AgreementSideList = closedList('AgreementSide', 'Kant van een afspraak.', SIDE_WORDS)
const AgreementStepList = closedList('AgreementStep', 'Stap in het verloop van een afspraak.', {
  load: 'overgenomen: elders getekend en door de beheerder geladen',
  draft: 'ontworpen',
  amend: 'ontwerp gewijzigd',
  advise: 'advies van een privacy officer',
  sign: 'getekend',
  suspend: 'opgeschort',
  end: 'beëindigd',
})
const AdviceList = closedList('Advice', 'Advies van een privacy officer. Het is geen veto.', {
  AGREES: 'akkoord',
  OBJECTS: 'bezwaar',
})
const SuspendReasonList = closedList('SuspendReason', 'Waarom een afspraak wordt opgeschort.', SUSPEND_REASONS)
const EndReasonList = closedList('EndReason', 'Waarom een afspraak wordt beëindigd.', END_REASONS)
const AgreementReasonList = closedList('AgreementReason', 'Waarom een afspraak werd opgeschort of beëindigd.', {
  ...SUSPEND_REASONS,
  ...END_REASONS,
})
const DriftKindList = closedList('DriftKind', 'Hoe tekenen, beleid en gebruik verschillen.', {
  SIGNED_NOT_ALLOWED: 'getekend, maar het beleid staat het niet toe',
  ALLOWED_NOT_SIGNED: 'het beleid staat het toe, maar er is niet voor getekend',
  SIGNED_NOT_USED: 'getekend, maar niet gebruikt',
  USED_NOT_SIGNED: 'gebruikt, maar er is niet voor getekend',
})

@ObjectType({ description: 'Grondslag, met de woorden van de versie die is afgesproken.' })
export class LegalBasis {
  @Field(() => String, { description: 'Naam in het beleid.' })
  name!: string
  @Field(() => Int, { description: 'Versie in het beleid.' })
  version!: number
  @Field(() => String, { nullable: true, description: 'Artikel van de AVG; leeg als geen beleid deze versie kende.' })
  article!: string | null
  @Field(() => String, { nullable: true, description: 'Nationale wet; leeg als geen beleid deze versie kende.' })
  law!: string | null
  @Field(() => Boolean, { description: 'Moet een jurist dit nog bevestigen?' })
  needsLawyer!: boolean
}

@ObjectType({ description: 'Gebeurtenis in het verloop van een afspraak. Zij noemt een kant en een rol, nooit een persoon.' })
class AgreementEvent {
  @Field(() => Int, { description: 'Nummer.' })
  number!: number
  @Field(() => AgreementStepList, { description: 'Stap.' })
  step!: string
  @Field(() => AgreementSideList, { nullable: true, description: 'Kant; leeg als de beheerder haar laadde.' })
  side!: string | null
  @Field(() => RoleList, { nullable: true, description: 'Rol; leeg als de beheerder haar laadde.' })
  role!: string | null
  @Field(() => Partner, { nullable: true, description: 'Rechtspersoon namens wie getekend werd.' })
  legalPerson!: Partner | null
  @Field(() => AdviceList, { nullable: true, description: 'Advies.' })
  advice!: string | null
  @Field(() => AgreementReasonList, { nullable: true, description: 'Reden van opschorten of beëindigen.' })
  reason!: string | null
  @Field(() => String, { nullable: true, description: 'SHA-256 van de voorwaarden waarover het ging.' })
  termsHash!: string | null
  @Field(() => AgreementStateList, { description: 'Stand na deze stap.' })
  state!: string
  @Field(() => String, { description: 'Tijdstip (ISO 8601, UTC).' })
  at!: string
  @Field(() => String, { description: 'Dag in Nederland (JJJJ-MM-DD).' })
  day!: string
}

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
  @Field(() => [Partner], { description: 'Rechtspersonen aan de kant van het werkcentrum.' })
  controllers!: Partner[]
  @Field(() => [Partner], {
    description: 'Rechtspersonen aan de kant van de partner; bij een samenwerkingsverband namens wie het handelt.',
  })
  actingFor!: Partner[]
  @Field(() => AgreementStateList, { description: 'Stand.' })
  state!: string
  @Field(() => AgreementLockList, { description: 'Zet zij vandaag iets open?' })
  lock!: string
  @Field(() => String, { description: 'In gewone woorden: wat zij vandaag openzet, of waarom niet.' })
  lockSentence!: string
  @Field(() => [String], { description: 'Waar u op moet letten. Het zijn geen fouten.' })
  warnings!: string[]
  @Field(() => [CategoryList], { description: 'Categorieën die gedeeld mogen worden.' })
  categories!: readonly string[]
  @Field(() => [PurposeList], { description: 'Doelen waarvoor.' })
  purposes!: readonly string[]
  @Field(() => String, { description: 'Naam van de grondslag.' })
  legalBasis!: string
  @Field(() => LegalBasis, { description: 'Grondslag: artikel, wet en versie.' })
  basis!: LegalBasis
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
  @Field(() => String, {
    nullable: true,
    description: 'Eerste dag waarop beide kanten hadden getekend; leeg als dat nooit zo was.',
  })
  signedOn!: string | null
  @Field(() => String, { description: 'Alle voorwaarden als canonieke JSON (RFC 8785).' })
  terms!: string
  @Field(() => String, { description: 'SHA-256 van `terms`: waarover u adviseert en waarvoor u tekent.' })
  termsHash!: string
  @Field(() => [AgreementEvent], {
    description: 'Laatste advies van elke kant op deze voorwaarden; alleen voor privacy officers en mandaathouders.',
  })
  advice!: AgreementEvent[]
  @Field(() => [AgreementEvent], { description: 'Handtekeningen die nu tellen: op deze voorwaarden, na de laatste opschorting.' })
  signatures!: AgreementEvent[]
}

@InputType({ description: 'Wat voor één categorie is afgesproken.' })
class AgreedCategoryInput {
  @Field(() => CategoryList, { description: 'Categorie.' })
  category!: string
  @Field(() => [PurposeList], { description: 'Doelen waarvoor.' })
  purposes!: string[]
}

@InputType({ description: 'Voorwaarden van een afspraak. De teksten gaan over organisaties, nooit over een bezoeker.' })
class AgreementTermsInput {
  @Field(() => [ID], { description: 'Verantwoordelijken van het werkcentrum die meedoen.' })
  controllers!: string[]
  @Field(() => [ID], {
    description: 'De partner zelf; bij een samenwerkingsverband de rechtspersonen namens wie het handelt.',
  })
  actingFor!: string[]
  @Field(() => [AgreedCategoryInput], { nullable: true, description: 'Wat is afgesproken; of anders `csv`.' })
  cells?: AgreedCategoryInput[] | null
  @Field(() => String, { nullable: true, description: 'Hetzelfde als tabel, zoals `agreementMatrix` die geeft.' })
  csv?: string | null
  @Field(() => String, { description: 'Naam van een grondslag in het beleid.' })
  legalBasis!: string
  @Field(() => Int, { description: 'Termijn voor een antwoord, 1 tot en met 60 werkdagen.' })
  answerTermDays!: number
  @Field(() => Int, { description: 'Termijn voor het eerste contact na een afspraak, 1 tot en met 60 werkdagen.' })
  firstContactTermDays!: number
  @Field(() => FreeText, { description: 'Loket waar een bezoeker terechtkan; hooguit 200 tekens, geen naam van een persoon.' })
  contactPoint!: string
  @Field(() => FreeText, { description: 'Verwijzing naar het document; hooguit 200 tekens.' })
  documentReference!: string
  @Field(() => String, { description: 'Dag waarop u haar opnieuw bekijkt (JJJJ-MM-DD), uiterlijk de laatste dag.' })
  reviewOn!: string
  @Field(() => String, { description: 'Eerste dag (JJJJ-MM-DD), vandaag of later.' })
  validFrom!: string
  @Field(() => String, { description: 'Laatste dag (JJJJ-MM-DD).' })
  validTo!: string
}

@ObjectType({ description: 'Eén verschil tussen tekenen, beleid en gebruik.' })
class AgreementDifference {
  @Field(() => CategoryList, { description: 'Categorie.' })
  category!: string
  @Field(() => PurposeList, { description: 'Doel.' })
  purpose!: string
  @Field(() => DriftKindList, { description: 'Soort verschil.' })
  kind!: string
  @Field(() => String, { description: 'In gewone woorden.' })
  sentence!: string
}

@ObjectType({ description: 'Waar tekenen, beleid en gebruik van één afspraak verschillen (drift).' })
class AgreementDrift {
  @Field(() => Agreement, { description: 'De afspraak.' })
  agreement!: Agreement
  @Field(() => Int, { description: 'Hoeveel dagen terug naar gebruik gekeken is.' })
  days!: number
  @Field(() => Boolean, {
    description: 'Is naar gebruik gekeken? Het toegangslogboek is er alleen voor privacy officers, en niet voor een vakbond.',
  })
  useKnown!: boolean
  @Field(() => [AgreementDifference], { description: 'De verschillen.' })
  differences!: AgreementDifference[]
}

const ID_ARG = { description: 'Kenmerk van de afspraak.' }
const HASH_ARG = { description: 'SHA-256 van de voorwaarden die u gelezen hebt.' }
const IF_STATE_ARG = { nullable: true, description: 'Alleen als dit nog de stand is.' }

const termsFrom = ({ cells, csv, ...terms }: AgreementTermsInput): life.TermsInput => ({
  ...terms,
  cells: cells ?? null,
  csv: csv ?? null,
})

@Resolver(() => Agreement)
export class AgreementsResolver {
  @Query(() => [Agreement], {
    nullable: true,
    description: 'De afspraken van uw organisatie, alle versies; ontwerpen alleen voor privacy officers en mandaathouders.',
  })
  agreements(@Ask() { world, capacity }: Context): Promise<AgreementData[]> {
    return perform(world, capacity, 'agreements', listAgreements)
  }

  @Query(() => Agreement, { nullable: true, description: 'Eén afspraak van uw organisatie.' })
  agreement(@Arg('id', () => ID, ID_ARG) id: string, @Ask() { world, capacity }: Context): Promise<AgreementData> {
    return perform(world, capacity, 'agreement', async (act) => orNotFound(await readAgreement(act, id)))
  }

  @Query(() => String, {
    nullable: true,
    description: 'Een afspraak als tabel (CSV): een rij per categorie, een kolom per doel, `ja` waar het is afgesproken.',
  })
  agreementMatrix(@Arg('id', () => ID, ID_ARG) id: string, @Ask() { world, capacity }: Context): Promise<string> {
    return perform(world, capacity, 'agreementMatrix', async (act) => matrixOf(orNotFound(await readAgreement(act, id)).cells))
  }

  @Query(() => [AgreementDrift], {
    nullable: true,
    description: 'Waar tekenen, beleid en gebruik verschillen: van één afspraak, of van alle die vandaag gelden.',
  })
  agreementDrift(
    @Arg('agreementId', () => ID, { nullable: true, description: 'Alleen van deze afspraak.' }) agreementId: string | null,
    @Arg('days', () => Int, {
      nullable: true,
      description: 'Hoeveel dagen terug naar gebruik gekeken wordt, 1 tot en met 400; standaard 90.',
    })
    days: number | null,
    @Arg('until', () => String, { nullable: true, description: 'Tot dit tijdstip (ISO 8601); standaard nu.' }) until:
      | string
      | null,
    @Ask() { world, capacity }: Context,
  ): Promise<DriftData[]> {
    return perform(world, capacity, 'agreementDrift', (act) =>
      findDrift(act, agreementId ?? null, { days: days ?? USUAL_DAYS, until: until ?? null }),
    )
  }

  @Mutation(() => Agreement, { nullable: true, description: 'Een nieuwe versie ontwerpen. Zij zet niets open.' })
  draftAgreement(
    @Arg('werkcentrumId', () => ID, { nullable: true, description: 'De andere kant, als u voor een partner handelt.' })
    werkcentrumId: string | null,
    @Arg('partnerId', () => ID, { nullable: true, description: 'De andere kant, als u voor een werkcentrum handelt.' })
    partnerId: string | null,
    @Arg('input', () => AgreementTermsInput, { description: 'De voorwaarden.' }) input: AgreementTermsInput,
    @Ask() { world, capacity }: Context,
  ): Promise<AgreementData> {
    const other = { werkcentrumId: werkcentrumId ?? null, partnerId: partnerId ?? null }
    return perform(world, capacity, 'draftAgreement', (act) => life.draftAgreement(act, other, termsFrom(input)))
  }

  @Mutation(() => Agreement, {
    nullable: true,
    description: 'De voorwaarden van een ontwerp wijzigen. Advies en handtekeningen op eerdere voorwaarden tellen dan niet meer.',
  })
  amendAgreement(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('input', () => AgreementTermsInput, { description: 'De voorwaarden.' }) input: AgreementTermsInput,
    @Arg('termsHash', () => String, { nullable: true, ...HASH_ARG }) termsHash: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<AgreementData> {
    return perform(world, capacity, 'amendAgreement', (act) => life.amendAgreement(act, id, termsFrom(input), { termsHash }))
  }

  @Mutation(() => Agreement, {
    nullable: true,
    description: 'Advies geven op deze voorwaarden. Het is geen veto; zonder advies van beide kanten tekent niemand.',
  })
  adviseOnAgreement(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('advice', () => AdviceList, { description: 'Advies.' }) advice: 'AGREES' | 'OBJECTS',
    @Arg('termsHash', () => String, HASH_ARG) termsHash: string,
    @Ask() { world, capacity }: Context,
  ): Promise<AgreementData> {
    return perform(world, capacity, 'adviseOnAgreement', (act) => life.adviseOnAgreement(act, id, advice, { termsHash }))
  }

  @Mutation(() => Agreement, {
    nullable: true,
    description: 'Tekenen namens een rechtspersoon van uw kant. Als beide kanten getekend hebben, geldt de afspraak.',
  })
  signAgreement(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('onBehalfOf', () => ID, { description: 'Rechtspersoon namens wie u tekent.' }) onBehalfOf: string,
    @Arg('termsHash', () => String, HASH_ARG) termsHash: string,
    @Arg('ifState', () => AgreementStateList, IF_STATE_ARG) ifState: Stand | null,
    @Ask() { world, capacity }: Context,
  ): Promise<AgreementData> {
    return perform(world, capacity, 'signAgreement', (act) => life.signAgreement(act, id, onBehalfOf, { termsHash, ifState }))
  }

  @Mutation(() => Agreement, {
    nullable: true,
    description: 'Opschorten, per direct; ook elke latere versie die getekend is. Daarna tekenen beide kanten opnieuw.',
  })
  suspendAgreement(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('reason', () => SuspendReasonList, { description: 'Reden.' }) reason: SuspendReason,
    @Arg('ifState', () => AgreementStateList, IF_STATE_ARG) ifState: Stand | null,
    @Ask() { world, capacity }: Context,
  ): Promise<AgreementData> {
    return perform(world, capacity, 'suspendAgreement', (act) => life.suspendAgreement(act, id, reason, { ifState }))
  }

  @Mutation(() => Agreement, { nullable: true, description: 'Beëindigen, voorgoed.' })
  endAgreement(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('reason', () => EndReasonList, { description: 'Reden.' }) reason: EndReason,
    @Arg('ifState', () => AgreementStateList, IF_STATE_ARG) ifState: Stand | null,
    @Ask() { world, capacity }: Context,
  ): Promise<AgreementData> {
    return perform(world, capacity, 'endAgreement', (act) => life.endAgreement(act, id, reason, { ifState }))
  }

  @FieldResolver(() => [AgreementEvent], {
    description: 'Het verloop, oudste eerst. Gidsen, medewerkers en coördinatoren zien alleen wat de afspraak opende en sloot.',
  })
  events(@Root() agreement: AgreementData): AgreementEventData[] {
    return agreement.story
  }
}
