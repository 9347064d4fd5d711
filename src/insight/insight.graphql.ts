// Insight for privacy officers, in GraphQL: who may see what and why, the log decided again, and what a change would have done.
import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Field, ID, Info, InputType, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { AgreementLockList, PurposeList } from '../agreements/agreements.graphql.js'
import type { Category, Purpose, Role } from '../decide/decide.js'
import { mistakesBetween } from '../decide/shield.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { CategoryList, WithheldReasonList } from '../graphql/types.js'
import { pageRequest } from '../operations/page.js'
import { perform } from '../operations/perform.js'
import { RoleList } from '../partners/partners.graphql.js'
import { type ReplayData, replayAccess, type WhatIfData, whatIf } from './period.js'
import { type ExplanationData, explainAccess, type SeersData, whoMaySee } from './who-may-see.js'

const ConsentLockList = closedList('ConsentLock', 'Of de toestemming dit openzet.', {
  covers: 'ja',
  notCovered: 'nee: er is toestemming, maar niet hiervoor',
  withdrawn: 'nee: ingetrokken',
  expired: 'nee: verlopen',
  none: 'nee: er is geen toestemming',
})
const inSchema = (consent: string) => (consent === 'not-covered' ? 'notCovered' : consent)

const DirectionList = closedList('ChangeDirection', 'Wat er zou veranderen.', {
  LOST: 'toen getoond, dan niet meer',
  GAINED: 'toen niet getoond, dan wel',
})
const MissingFactList = closedList('MissingFact', 'Gegeven zonder welk een besluit niet opnieuw te nemen is.', {
  RECORD: 'wat in de regel van het logboek staat is niet te lezen',
  POLICY: 'het beleid van toen is niet meer te lezen',
  PARTNER: 'de partner is onbekend',
  AGREEMENT: 'de stand van de afspraak staat niet in de regel van het logboek',
  CONSENT: 'die versie van de toestemming is er niet meer',
  AUTHOR: 'wie het schreef staat niet in de regel van het logboek',
})

@ObjectType({ description: 'Slot voor een categorie: staat het open, en hangt het antwoord ervan af?' })
class AccessLock {
  @Field(() => WithheldReasonList, { description: 'Welk slot.' })
  lock!: string
  @Field(() => String, {
    description: 'De regel die beslist als dit het eerste dichte slot is; bij POLICY de regel van het beleid.',
  })
  rule!: string
  @Field(() => String, { description: 'Die regel in één zin.' })
  sentence!: string
  @Field(() => Boolean, { description: 'Vraagt het beleid hier om dit slot?' })
  needed!: boolean
  @Field(() => Boolean, { description: 'Staat het open?' })
  open!: boolean
}

@ObjectType({ description: 'Het antwoord voor één doel. Of er iets staat, zegt het niet; nooit een waarde.' })
class AccessAnswer {
  @Field(() => PurposeList, { description: 'Doel.' })
  purpose!: string
  @Field(() => Boolean, { description: 'Mag het gezien worden?' })
  allowed!: boolean
  @Field(() => String, { description: 'De regel die beslist.' })
  rule!: string
  @Field(() => String, { description: 'Die regel in één zin.' })
  sentence!: string
  @Field(() => WithheldReasonList, { nullable: true, description: 'Het eerste dichte slot; leeg als het gezien mag worden.' })
  lock!: string | null
  @Field(() => AgreementLockList, { description: 'De afspraak, voor deze categorie en dit doel.' })
  agreement!: string
  @Field(() => ConsentLockList, { description: 'De toestemming, voor deze categorie en dit doel.' })
  consent!: string
  @Field(() => Boolean, { description: 'Is die toestemming uitdrukkelijk voor deze categorie gegeven?' })
  explicit!: boolean
  @Field(() => [AccessLock], { description: 'Alle sloten, in de volgorde waarin zij geprobeerd worden.' })
  locks!: AccessLock[]
}

@ObjectType({ description: 'Rol die het mag zien, of zou mogen zien.' })
class AccessSeer extends AccessAnswer {
  @Field(() => RoleList, { description: 'Rol.' })
  role!: string
  @Field(() => String, { nullable: true, description: 'Organisatie; leeg voor een bezoeker.' })
  organisation!: string | null
  @Field(() => String, { description: 'Relatie tot de overdracht.' })
  relation!: string
}

@ObjectType({ description: 'Wat er op dat moment om een overdracht heen stond.' })
class AccessMoment {
  @Field(() => String, { description: 'De dag: vandaag is nu, een eerdere dag is het einde van die dag (JJJJ-MM-DD).' })
  day!: string
  @Field(() => Boolean, { description: 'Was de overdracht er toen al?' })
  existed!: boolean
  @Field(() => CategoryList, { description: 'Categorie waar het om gaat.' })
  category!: string
  @Field(() => [String], { description: 'Velden van een overdracht in die categorie; leeg: er is nog geen veld in.' })
  fields!: string[]
  @Field(() => ID, { nullable: true, description: 'Afspraak die toen gold.' })
  agreementId!: string | null
  @Field(() => Int, { nullable: true, description: 'Versie van die afspraak.' })
  agreementVersion!: number | null
  @Field(() => Int, { nullable: true, description: 'Versie van de toestemming die toen gold.' })
  consentVersion!: number | null
  @Field(() => String, { description: 'Versie van het beleid waarmee beslist is (SHA-256 van de bestanden).' })
  policyHash!: string
  @Field(() => String, {
    nullable: true,
    description:
      'Wanneer het logboek laat zien dat dit beleid gold: de laatste regel tot en met die dag. Leeg: er is geen regel, of het gaat om nu; dan is het het beleid van nu.',
  })
  policySeenAt!: string | null
}

@ObjectType({ description: 'Uitleg: mag deze rol dit van deze overdracht zien, en waarom?' })
class AccessExplanation extends AccessMoment {
  @Field(() => RoleList, { description: 'Rol.' })
  role!: string
  @Field(() => String, { nullable: true, description: 'Organisatie; leeg voor een bezoeker.' })
  organisation!: string | null
  @Field(() => String, { description: 'Relatie tot de overdracht.' })
  relation!: string
  @Field(() => [AccessAnswer], { description: 'Per doel het antwoord.' })
  answers!: AccessAnswer[]
}

@ObjectType({ description: 'Wie dit van deze overdracht mag zien.' })
class AccessSeers extends AccessMoment {
  @Field(() => [AccessSeer], { description: 'Wie het mag zien.' })
  may!: AccessSeer[]
  @Field(() => [AccessSeer], {
    description: 'Wie het zou mogen zien als de sloten in `locks` opengingen; het beleid zelf heeft geen bezwaar.',
  })
  mightIfOpened!: AccessSeer[]
}

@ObjectType({ description: 'Besluit uit het logboek dat bij opnieuw beslissen anders uitvalt.' })
class ReplayedDecision {
  @Field(() => ID, { description: 'Kenmerk van de operatie in het logboek.' })
  recordId!: string
  @Field(() => String, { description: 'Tijdstip (ISO 8601, UTC).' })
  at!: string
  @Field(() => RoleList, { description: 'Rol van de lezer.' })
  role!: string
  @Field(() => String, { description: 'Operatie.' })
  operation!: string
  @Field(() => String, { description: 'Soort: HandOff of VisitorContact.' })
  type!: string
  @Field(() => ID, { description: 'Kenmerk, als in het logboek.' })
  reference!: string
  @Field(() => CategoryList, { description: 'Categorie.' })
  category!: string
  @Field(() => Boolean, { description: 'Getoond, volgens het logboek?' })
  loggedShown!: boolean
  @Field(() => String, { description: 'De regel, volgens het logboek.' })
  loggedRule!: string
  @Field(() => Boolean, { description: 'Getoond, als opnieuw beslist wordt?' })
  shown!: boolean
  @Field(() => String, { description: 'De regel, als opnieuw beslist wordt.' })
  rule!: string
}

@ObjectType({
  description: 'Een periode van het logboek, opnieuw beslist met het beleid, de afspraak en de toestemming van toen.',
})
class AccessReplay {
  @Field(() => Int, { description: 'Operaties in de periode.' })
  records!: number
  @Field(() => Int, { description: 'Besluiten daarin: één per ding en categorie.' })
  decisions!: number
  @Field(() => Int, { description: 'Hoeveel er hetzelfde uitvallen, met dezelfde regel.' })
  same!: number
  @Field(() => Int, { description: 'Hoeveel er niet opnieuw te nemen zijn, omdat een gegeven ontbreekt.' })
  notReplayable!: number
  @Field(() => [MissingFactList], { description: 'Welke gegevens dan ontbreken.' })
  missing!: string[]
  @Field(() => Int, { description: 'Hoeveel er anders uitvallen.' })
  differences!: number
  @Field(() => [ReplayedDecision], { description: 'De eerste daarvan, oudste eerst.' })
  different!: ReplayedDecision[]
}

@InputType({ description: 'Wat er anders zou zijn, en over welke periode.' })
class WhatIfInput {
  @Field(() => String, { nullable: true, description: 'Tekst van een ander sharing.yaml; weggelaten: het huidige.' })
  sharing!: string | null
  @Field(() => String, { nullable: true, description: 'Tekst van een ander actions.yaml; weggelaten: het huidige.' })
  actions!: string | null
  @Field(() => ID, {
    nullable: true,
    description:
      'Afspraak die de hele periode opgeschort zou zijn geweest. Zonder teksten telt alleen dat: verder geldt het beleid dat in het logboek staat.',
  })
  suspendedAgreementId!: string | null
  @Field(() => String, { description: 'Vanaf dit tijdstip (ISO 8601).' })
  from!: string
  @Field(() => String, { description: 'Vóór dit tijdstip (ISO 8601).' })
  until!: string
}

@ObjectType({ description: 'Antwoord dat anders was geweest.' })
class WhatIfEvidence {
  @Field(() => ID, { description: 'Kenmerk van de operatie in het logboek.' })
  recordId!: string
  @Field(() => String, { description: 'Tijdstip (ISO 8601, UTC).' })
  at!: string
}

@ObjectType({ description: 'Wat er voor één partner, rol, operatie en categorie anders was geweest. Nooit een waarde.' })
class WhatIfChange {
  @Field(() => ID, { nullable: true, description: 'Kenmerk van de partner; leeg bij contactmomenten.' })
  partnerId!: string | null
  @Field(() => String, { nullable: true, description: 'Naam van de partner.' })
  partnerName!: string | null
  @Field(() => RoleList, { description: 'Rol van de lezer.' })
  role!: string
  @Field(() => String, { description: 'Operatie.' })
  operation!: string
  @Field(() => CategoryList, { description: 'Categorie.' })
  category!: string
  @Field(() => DirectionList, { description: 'Welke kant op.' })
  direction!: string
  @Field(() => Int, { description: 'In hoeveel antwoorden.' })
  answers!: number
  @Field(() => Int, { description: 'Over hoeveel verschillende overdrachten of contactmomenten.' })
  objects!: number
  @Field(() => [String], {
    description: 'De regels die dan beslissen; operation-is-refused: de rol mag de operatie dan niet meer.',
  })
  rules!: readonly string[]
  @Field(() => String, { description: 'Hetzelfde in gewone taal.' })
  sentence!: string
  @Field(() => [WhatIfEvidence], { description: 'De eerste antwoorden, als bewijs.' })
  evidence!: readonly WhatIfEvidence[]
}

@ObjectType({ description: 'Wat een verandering in een periode had uitgemaakt.' })
class WhatIf {
  @Field(() => String, { nullable: true, description: 'Versie van het andere beleid; leeg als alleen een afspraak anders is.' })
  policyHash!: string | null
  @Field(() => Int, { description: 'Operaties in de periode.' })
  records!: number
  @Field(() => Int, { description: 'Besluiten daarin: één per ding en categorie.' })
  decisions!: number
  @Field(() => Int, { description: 'Besluiten die niet te vergelijken zijn, omdat een gegeven ontbreekt.' })
  notReplayable!: number
  @Field(() => [MissingFactList], { description: 'Welke gegevens dan ontbreken.' })
  missing!: string[]
  @Field(() => [WhatIfChange], { description: 'Wat er anders was geweest: eerst wat niet meer getoond zou zijn.' })
  changes!: WhatIfChange[]
}

const ON = 'Op deze dag, zoals het aan het einde ervan was (JJJJ-MM-DD); weggelaten: nu.'

@Resolver()
export class InsightResolver {
  @Query(() => AccessExplanation, {
    nullable: true,
    description:
      'Mag deze rol dit van deze overdracht zien, en welk slot beslist? Beslist met dezelfde functies als een echte vraag. Een partner vraagt alleen naar de eigen organisatie.',
  })
  explainAccess(
    @Arg('handOffId', () => ID, { description: 'Overdracht.' }) handOffId: string,
    @Arg('role', () => RoleList, { description: 'Rol.' }) role: Role | 'NOBODY',
    @Arg('field', () => String, { nullable: true, description: 'Veld van een overdracht; of een categorie.' }) field:
      | string
      | null,
    @Arg('category', () => CategoryList, { nullable: true, description: 'Categorie; of een veld.' }) category: Category | null,
    @Arg('purpose', () => PurposeList, {
      nullable: true,
      description: 'Doel; weggelaten: alle doelen waarvoor deze rol iets mag doen.',
    })
    purpose: Purpose | null,
    @Arg('partnerId', () => ID, {
      nullable: true,
      description:
        'Partner bij wie die rol hoort; weggelaten: die van de overdracht, of voor privacy officer en mandaathouder uw eigen organisatie.',
    })
    partnerId: string | null,
    @Arg('on', () => String, { nullable: true, description: ON }) on: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<ExplanationData> {
    const question = {
      handOffId,
      role,
      ...what(field, category),
      purpose: purpose ?? null,
      partnerId: partnerId ?? null,
      on: on ?? null,
    }
    return perform(world, capacity, 'explainAccess', async (act) => told(await explainAccess(act, question)))
  }

  @Query(() => AccessSeers, {
    nullable: true,
    description:
      'Wie mag dit van deze overdracht zien: elke rol, relatie en elk doel. Een partner hoort alleen over de eigen organisatie.',
  })
  whoMaySee(
    @Arg('handOffId', () => ID, { description: 'Overdracht.' }) handOffId: string,
    @Arg('field', () => String, { nullable: true, description: 'Veld van een overdracht; of een categorie.' }) field:
      | string
      | null,
    @Arg('category', () => CategoryList, { nullable: true, description: 'Categorie; of een veld.' }) category: Category | null,
    @Arg('on', () => String, { nullable: true, description: ON }) on: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<SeersData> {
    const question = { handOffId, ...what(field, category), on: on ?? null }
    return perform(world, capacity, 'whoMaySee', async (act) => {
      const seers = await whoMaySee(act, question)
      return { ...seers, may: seers.may.map(answerTold), mightIfOpened: seers.mightIfOpened.map(answerTold) }
    })
  }

  @Query(() => AccessReplay, {
    nullable: true,
    description:
      'Beslist een periode van het logboek van uw organisatie opnieuw, elk besluit met het beleid, de afspraak en de toestemming die erbij staan. Alles hoort hetzelfde uit te vallen.',
  })
  replayAccess(
    @Arg('from', () => String, { description: 'Vanaf dit tijdstip (ISO 8601).' }) from: string,
    @Arg('until', () => String, { description: 'Vóór dit tijdstip (ISO 8601).' }) until: string,
    @Arg('first', () => Int, {
      nullable: true,
      description: 'Hoeveel verschillen er genoemd worden, 1 tot en met 50; standaard 20.',
    })
    first: number | null,
    @Ask() { world, capacity }: Context,
  ): Promise<ReplayData> {
    const limit = pageRequest(first, null).first
    return perform(world, capacity, 'replayAccess', (act) => replayAccess(act, { from, until }, limit))
  }

  @Query(() => WhatIf, {
    nullable: true,
    description:
      'Wat een ander beleid of een opgeschorte afspraak in een periode had uitgemaakt: welke antwoorden categorieën hadden gewonnen of verloren. Alleen wat toen gevraagd is, staat in het logboek; wie toen niets zag, staat er niet in. Een operatie die de rol dan niet meer mag, telt als verloren; krijgt zij een ander doel, dan is met dat doel beslist. Dat een veld naar een andere categorie gaat, is hier niet te zien. Er verandert niets.',
  })
  whatIf(
    @Arg('input', () => WhatIfInput, { description: 'Wat er anders zou zijn.' }) input: WhatIfInput,
    @Ask() { world, capacity }: Context,
    @Info() { schema }: GraphQLResolveInfo,
  ): Promise<WhatIfData> {
    const { from, until } = input
    const { sharing = null, actions = null, suspendedAgreementId = null } = input
    return perform(world, capacity, 'whatIf', (act) =>
      whatIf(act, { sharing, actions, suspendedAgreementId, from, until }, (policies) => mistakesBetween(schema, policies)),
    )
  }
}

const what = (field: string | null, category: Category | null) => ({ field: field ?? null, category: category ?? null })

const answerTold = <A extends { consent: string }>(answer: A): A => ({ ...answer, consent: inSchema(answer.consent) })

const told = (explanation: ExplanationData): ExplanationData => ({
  ...explanation,
  answers: explanation.answers.map(answerTold),
})
