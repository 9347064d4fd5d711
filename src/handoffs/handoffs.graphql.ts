// Hand-offs in GraphQL: types and thin resolvers; every step is one mutation named after what people do.
import { Arg, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql'
import { shortText } from '../anonymity/short-text.js'
import { ConsentInput, consentFrom, ShareableList, SideList } from '../consent/consent.graphql.js'
import type { Shareable } from '../consent/consent.js'
import { giveConsent } from '../consent/give-consent.js'
import { type Narrowing, narrow } from '../consent/record-consent.js'
import { ChannelList, DayPartList, VisitorQuestion, VisitorRouting, VisitorSituation } from '../contacts/contacts.graphql.js'
import { withheldOf } from '../decide/seen.js'
import { badInput, orNotFound } from '../errors.js'
import { counted } from '../follow-up/attempts.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { FreeText } from '../graphql/free-text.js'
import { closedList } from '../graphql/lists.js'
import { type ConnectionOf, connectionOf, connectionType, Withheld } from '../graphql/types.js'
import { pageRequest } from '../operations/page.js'
import { type Act, perform } from '../operations/perform.js'
import { Desk, Partner, Werkcentrum } from '../partners/partners.graphql.js'
import type { DayPart } from './calendar.js'
import { findHandOff, type HandOffData, listHandOffs, listOpenLoops } from './handoffs.js'
import * as lists from './lists.js'
import { forwardHandOff, hashesOf, isCodeOf, type Offered, offerHandOff } from './offer.js'
import { recordRemark } from './record-remark.js'
import { recordVoice, recordWarmCall, takeStep } from './take-step.js'

const StateList = closedList('HandOffState', 'Stand van een warme overdracht.', lists.STATES)
const LoopStatusList = closedList('LoopStatus', 'Is de cirkel rond? Afgeleid uit de drie stemmen.', lists.LOOP_STATUSES)
const DayPrecisionList = closedList('DayPrecision', 'Hoe precies een dag nog is.', lists.DAY_PRECISIONS)
const NextStepList = closedList('NextStep', 'Volgende stap: hoe bezoeker en partner elkaar treffen.', lists.NEXT_STEPS)
const SensitiveFactList = closedList('SensitiveFact', 'Bijzonder gegeven (AVG art. 9).', lists.SENSITIVE_FACTS)
const WarmCallChannelList = closedList('WarmCallChannel', 'Hoe de gids de partner bereikte.', lists.WARM_CALL_CHANNELS)
const WarmCallResultList = closedList('WarmCallResult', 'Wat het contact met de partner opleverde.', lists.WARM_CALL_RESULTS)
const DeclineReasonList = closedList('DeclineReason', 'Waarom een partner niet aanneemt.', lists.DECLINE_REASONS)
const ReturnReasonList = closedList('ReturnReason', 'Waarom een partner teruggeeft.', lists.RETURN_REASONS)
const WithdrawReasonList = closedList('WithdrawReason', 'Waarom de balie intrekt.', lists.WITHDRAW_REASONS)
const MessageList = closedList('MessageToVisitor', 'Bericht op de pagina van de bezoeker.', lists.MESSAGES_TO_VISITOR)
const OutcomeList = closedList('Outcome', 'Resultaat volgens de partner.', lists.OUTCOMES)
export const VoiceList = closedList('Voice', 'Stem: hoe het is gegaan.', lists.VOICES)
const AnswerHeardList = closedList('AnswerHeard', 'Wat een partner aan de balie liet weten.', {
  ACCEPTED: 'aangenomen',
  DECLINED: 'niet aangenomen',
  IN_PROGRESS: 'eerste contact is geweest',
  COMPLETED: 'afgerond',
  RETURNED: 'teruggegeven',
})

@ObjectType({ description: 'Gebeurtenis: een stap in een warme overdracht. Verandert nooit meer.' })
export class HandOffEvent {
  @Field(() => Int, { nullable: true, description: 'Volgnummer binnen deze overdracht.' })
  number!: number | null
  @Field(() => String, { nullable: true, description: 'Stap.' })
  step!: string | null
  @Field(() => SideList, { nullable: true, description: 'Welke kant de stap zette.' })
  by!: string | null
  @Field(() => Boolean, { nullable: true, description: 'Door de balie gehoord, niet door de partner zelf vastgelegd.' })
  heardByDesk!: boolean | null
  @Field(() => StateList, { nullable: true, description: 'Stand na deze stap.' })
  state!: string | null
  @Field(() => String, { nullable: true, description: 'Reden, uit de lijst van deze stap.' })
  reason!: string | null
  @Field(() => String, { nullable: true, description: 'Dag (JJJJ-MM-DD).' })
  day!: string | null
  @Field(() => DayPartList, { nullable: true, description: 'Dagdeel.' })
  dayPart!: string | null
}

@ObjectType({ description: 'Warm contact: de gids belde, liep mee of mailde.' })
export class WarmCall {
  @Field(() => Int, { nullable: true, description: 'Volgnummer binnen deze overdracht.' })
  number!: number | null
  @Field(() => WarmCallChannelList, { nullable: true, description: 'Hoe.' })
  channel!: string | null
  @Field(() => WarmCallResultList, { nullable: true, description: 'Wat het opleverde.' })
  result!: string | null
  @Field(() => Boolean, { nullable: true, description: 'Was de bezoeker erbij?' })
  visitorPresent!: boolean | null
  @Field(() => String, { nullable: true, description: 'Dag (JJJJ-MM-DD).' })
  day!: string | null
  @Field(() => DayPartList, { nullable: true, description: 'Dagdeel.' })
  dayPart!: string | null
}

@ObjectType({ description: 'Eigen aantekening bij een overdracht. Verandert nooit meer.' })
export class HandOffRemark {
  @Field(() => Int, { nullable: true, description: 'Volgnummer, per kant.' })
  number!: number | null
  @Field(() => String, { nullable: true, description: 'Tekst.' })
  remark!: string | null
  @Field(() => String, { nullable: true, description: 'Dag (JJJJ-MM-DD).' })
  day!: string | null
}

@ObjectType({
  description: 'Warme overdracht: de vraag van één bezoeker, aangeboden aan één partner en gevolgd tot de cirkel rond is.',
})
export class HandOff {
  @Field(() => ID, { nullable: true, description: 'Kenmerk: toeval, geen volgnummer.' })
  id!: string | null
  @Field(() => String, { nullable: true, description: 'Herkenningscode: hardop te zeggen; opent niets.' })
  recognitionCode!: string | null
  @Field(() => Werkcentrum, { nullable: true, description: 'Het werkcentrum dat overdraagt.' })
  werkcentrum!: Werkcentrum | null
  @Field(() => Partner, { nullable: true, description: 'De partner voor wie het is.' })
  partner!: Partner | null
  @Field(() => Desk, { nullable: true, description: 'Balie van het gesprek.' })
  desk!: Desk | null
  @Field(() => ChannelList, { nullable: true, description: 'Kanaal van het gesprek.' })
  channel!: string | null
  @Field(() => String, { nullable: true, description: 'Dag van het gesprek (JJJJ-MM-DD).' })
  contactDay!: string | null
  @Field(() => DayPartList, { nullable: true, description: 'Dagdeel van het gesprek.' })
  contactDayPart!: string | null
  @Field(() => VisitorRouting, { nullable: true, description: 'Gedeelde context: route.' })
  routing!: VisitorRouting | null
  @Field(() => VisitorQuestion, { nullable: true, description: 'Gedeelde context: vraag.' })
  question!: VisitorQuestion | null
  @Field(() => NextStepList, { nullable: true, description: 'Volgende stap.' })
  nextStep!: string | null
  @Field(() => String, { nullable: true, description: 'Dag van de afspraak (JJJJ-MM-DD).' })
  appointmentDay!: string | null
  @Field(() => DayPartList, { nullable: true, description: 'Dagdeel van de afspraak.' })
  appointmentDayPart!: string | null
  @Field(() => VisitorSituation, { nullable: true, description: 'Gedeelde context: situatie.' })
  situation!: VisitorSituation | null
  @Field(() => [SensitiveFactList], {
    nullable: true,
    description: 'Gedeelde context: bijzondere gegevens, alleen met uitdrukkelijke toestemming.',
  })
  sensitive!: string[] | null
  @Field(() => String, { nullable: true, description: 'Gedeelde context: notitie.' })
  note!: string | null
  @Field(() => String, {
    nullable: true,
    description: 'Gedeelde context: een notitie die iets bijzonders zegt, alleen met uitdrukkelijke toestemming.',
  })
  sensitiveNote!: string | null
  @Field(() => StateList, { nullable: true, description: 'Stand.' })
  state!: string | null
  @Field(() => LoopStatusList, { nullable: true, description: 'Is de cirkel rond?' })
  loopStatus!: string | null
  @Field(() => String, { nullable: true, description: 'Dag van aanbieden (JJJJ-MM-DD).' })
  offeredOn!: string | null
  @Field(() => DayPrecisionList, {
    nullable: true,
    description:
      'Hoe precies de dagen van deze overdracht nog zijn: vervaagd staat er de eerste dag van de week of het kwartaal.',
  })
  dayPrecision!: string | null
  @Field(() => String, { nullable: true, description: 'Dag waarop de stand voor het laatst veranderde.' })
  changedOn!: string | null
  @Field(() => DayPartList, { nullable: true, description: 'Dagdeel waarop de stand voor het laatst veranderde.' })
  changedDayPart!: string | null
  @Field(() => String, { nullable: true, description: 'Uiterste dag voor een antwoord, volgens de afspraak.' })
  answerDueOn!: string | null
  @Field(() => Boolean, { nullable: true, description: 'Is het antwoord te laat? Berekend, nooit bewaard.' })
  overdue!: boolean | null
  @Field(() => String, { nullable: true, description: 'Uiterste dag voor het eerste contact, als er een afspraak is.' })
  firstContactDueOn!: string | null
  @Field(() => Boolean, { nullable: true, description: 'Is het eerste contact te laat? Berekend, nooit bewaard.' })
  firstContactOverdue!: boolean | null
  @Field(() => String, { nullable: true, description: 'Dag van het eerste contact.' })
  firstContactOn!: string | null
  @Field(() => Boolean, { nullable: true, description: 'Heeft de partner het gezien, in zijn lijst of geopend?' })
  viewed!: boolean | null
  @Field(() => String, { nullable: true, description: 'Reden, uit de lijst van de laatste stap.' })
  reason!: string | null
  @Field(() => MessageList, { nullable: true, description: 'Bericht van de partner op de pagina van de bezoeker.' })
  messageToVisitor!: string | null
  @Field(() => Boolean, {
    nullable: true,
    description: 'De stand is door de balie gehoord, niet door de partner zelf vastgelegd.',
  })
  heardByDesk!: boolean | null
  @Field(() => VoiceList, { nullable: true, description: 'Stem van de gids.' })
  guideVoice!: string | null
  @Field(() => VoiceList, { nullable: true, description: 'Stem van de bezoeker.' })
  visitorVoice!: string | null
  @Field(() => [HandOffEvent], { nullable: true, description: 'Het verloop, stap voor stap.' })
  events!: HandOffEvent[] | null
  @Field(() => [WarmCall], { nullable: true, description: 'Warme contacten van de gids met de partner.' })
  warmCalls!: WarmCall[] | null
  @Field(() => OutcomeList, { nullable: true, description: 'Resultaat volgens de partner (terugkoppeling).' })
  outcome!: string | null
  @Field(() => String, {
    nullable: true,
    description: 'Pseudoniem van de collega die het laatst handelde; alleen voor de eigen kant.',
  })
  handledBy!: string | null
  @Field(() => [HandOffRemark], { nullable: true, description: 'Eigen aantekeningen; alleen voor de kant die ze schreef.' })
  remarks!: HandOffRemark[] | null
}

@ObjectType({ description: 'Wat de balie aan de bezoeker meegeeft.' })
export class OfferHandOffPayload {
  @Field(() => HandOff, { nullable: true, description: 'De warme overdracht, met de herkenningscode.' })
  handOff!: HandOff | null
  @Field(() => String, {
    nullable: true,
    description:
      'Volgcode: geheim van de bezoeker. Wordt één keer getoond, hier, en nooit opnieuw gemaakt; alleen een versleutelde afdruk blijft bewaard, een jaar lang. Leeg bij doorgeven aan de reserve: de code die de bezoeker heeft, geldt dan ook daar.',
  })
  followUpCode!: string | null
  @Field(() => Boolean, {
    description: 'Deze aanvraag is eerder gedaan (zelfde idempotencyKey); een nieuwe volgcode, als die er was, is toen getoond.',
  })
  alreadyShown!: boolean
}

@InputType({ description: 'Volgende stap: een dag en dagdeel alleen bij een afspraak.' })
class NextStepInput {
  @Field(() => NextStepList, { description: 'Hoe bezoeker en partner elkaar treffen.' })
  kind!: lists.NextStep
  @Field(() => String, { nullable: true, description: 'Dag van de afspraak (JJJJ-MM-DD).' })
  day?: string | null
  @Field(() => DayPartList, { nullable: true, description: 'Dagdeel van de afspraak.' })
  dayPart?: DayPart | null
}

const NOTE =
  'Notitie, hooguit 280 tekens; leeg: die van het gesprek. Gaat mee als de bezoeker dat goedvindt (note). Zegt zij iets over gezondheid, vakbond, geloof of strafzaken, dan alleen met uitdrukkelijke toestemming (sensitive).'

@InputType({ description: 'Een warme overdracht aanbieden.' })
class OfferHandOffInput {
  @Field(() => ID, { description: 'Contactmoment van vandaag.' })
  contactId!: string
  @Field(() => ID, { description: 'Partner.' })
  partnerId!: string
  @Field(() => NextStepInput, { description: 'Volgende stap.' })
  nextStep!: NextStepInput
  @Field(() => ConsentInput, { nullable: true, description: 'Toestemming; leeg: van het gesprek gaat niets mee.' })
  consent?: ConsentInput | null
  @Field(() => [SensitiveFactList], {
    defaultValue: [],
    description: 'Bijzondere gegevens, precies als de bezoeker daar uitdrukkelijk ja op zei.',
  })
  sensitive!: lists.SensitiveFact[]
  @Field(() => FreeText, { nullable: true, description: NOTE })
  note?: string | null
  @Field(() => String, {
    nullable: true,
    description: 'Zelfgekozen sleutel (8 tot 100 tekens): dezelfde aanvraag twee keer maakt één overdracht.',
  })
  idempotencyKey?: string | null
}

@InputType({ description: 'Een warme overdracht doorgeven aan een andere partner.' })
class ForwardHandOffInput {
  @Field(() => ID, { description: 'De overdracht die ophoudt.' })
  id!: string
  @Field(() => ID, { description: 'De nieuwe partner.' })
  partnerId!: string
  @Field(() => NextStepInput, { description: 'Volgende stap.' })
  nextStep!: NextStepInput
  @Field(() => String, {
    nullable: true,
    description: 'Volgcode van de bezoeker; nodig als deze partner niet als reserve is genoemd.',
  })
  followUpCode?: string | null
  @Field(() => ConsentInput, { nullable: true, description: 'Nieuwe toestemming; leeg bij de reserve die de bezoeker noemde.' })
  consent?: ConsentInput | null
  @Field(() => String, {
    nullable: true,
    description: 'Zelfgekozen sleutel (8 tot 100 tekens): dezelfde aanvraag twee keer maakt één overdracht.',
  })
  idempotencyKey?: string | null
}

@InputType({ description: 'Toestemming geven of verruimen, met de volgcode van de bezoeker.' })
class GiveConsentInput {
  @Field(() => ID, { description: 'De overdracht.' })
  handOffId!: string
  @Field(() => String, { description: 'Volgcode van de bezoeker: alleen daarmee wordt meer gedeeld.' })
  followUpCode!: string
  @Field(() => ConsentInput, { description: 'Waar de bezoeker nu ja op zegt: alles bij elkaar, niet alleen wat erbij komt.' })
  consent!: ConsentInput
  @Field(() => [SensitiveFactList], { defaultValue: [], description: 'Bijzondere gegevens die erbij komen.' })
  sensitive!: lists.SensitiveFact[]
  @Field(() => FreeText, { nullable: true, description: NOTE })
  note?: string | null
}

const HandOffConnection = connectionType('HandOff', 'warme overdrachten', () => HandOff)

const IF_STATE_ARG = {
  nullable: true,
  description: 'Alleen als de stand nog zo is; anders HANDOFF_MOVED_ON. Zo trekt niemand ongezien in wat intussen is aangenomen.',
}
const RECOGNITION_ARG = {
  nullable: true,
  description: 'Alleen de overdracht met deze herkenningscode, zoals iemand die zegt of typt.',
}
export const UNTIL_ARG = {
  nullable: true,
  description: 'Eerste dag waarop het niet meer geldt (JJJJ-MM-DD), eerder dan het was; leeg: zoals het was.',
}
export const DROP_RESERVE_ARG = { nullable: true, description: 'De reserve mag het niet meer overnemen.' }
const ID_ARG = { description: 'Kenmerk van de overdracht.' }
const nextStepFrom = ({ kind, day, dayPart }: NextStepInput) => ({ kind, day: day ?? null, dayPart: dayPart ?? null })

@Resolver(() => HandOff)
export class HandOffsResolver {
  @Query(() => HandOff, { nullable: true, description: 'Eén warme overdracht.' })
  handOff(@Arg('id', () => ID, ID_ARG) id: string, @Ask() { world, capacity }: Context): Promise<HandOffData> {
    return perform(world, capacity, 'handOff', async (act) => orNotFound(await findHandOff(act, id)))
  }

  @Query(() => HandOffConnection, {
    nullable: true,
    description: 'De warme overdrachten van uw organisatie, oudste eerst; standaard wat nog loopt.',
  })
  handOffs(
    @Arg('ended', () => Boolean, { nullable: true, description: 'Waar: wat voorbij is. Onwaar of leeg: wat nog loopt.' }) ended:
      | boolean
      | null,
    @Arg('state', () => StateList, { nullable: true, description: 'Alleen met deze stand.' }) state: lists.State | null,
    @Arg('withdrawnBecause', () => WithdrawReasonList, {
      nullable: true,
      description: 'Alleen ingetrokken om deze reden; zo vindt de privacy officer vergissingen.',
    })
    withdrawnBecause: lists.WithdrawReason | null,
    @Arg('recognitionCode', () => String, RECOGNITION_ARG) recognitionCode: string | null,
    @Arg('first', () => Int, { nullable: true, description: 'Hoeveel, 1 tot en met 50; standaard 20.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Na deze cursor.' }) after: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<ConnectionOf<HandOffData>> {
    const request = pageRequest(first, after)
    const filter = { ended: withdrawnBecause ? true : ended, state, reason: withdrawnBecause, recognitionCode }
    return perform(world, capacity, 'handOffs', async (act) => connectionOf(await listHandOffs(act, filter, request), after))
  }

  @Query(() => HandOffConnection, {
    nullable: true,
    description: 'Wat de balie nog te doen heeft, wie het ook begon: het overzicht voor een dienst.',
  })
  openLoops(
    @Arg('recognitionCode', () => String, RECOGNITION_ARG) recognitionCode: string | null,
    @Arg('first', () => Int, { nullable: true, description: 'Hoeveel, 1 tot en met 50; standaard 20.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Na deze cursor.' }) after: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<ConnectionOf<HandOffData>> {
    const request = pageRequest(first, after)
    return perform(world, capacity, 'openLoops', async (act) =>
      connectionOf(await listOpenLoops(act, request, recognitionCode ?? null), after),
    )
  }

  @Mutation(() => OfferHandOffPayload, { nullable: true, description: 'Een warme overdracht aanbieden aan een partner.' })
  offerHandOff(
    @Arg('input', () => OfferHandOffInput, { description: 'De overdracht.' }) input: OfferHandOffInput,
    @Ask() { world, capacity }: Context,
  ): Promise<Offered> {
    const offer = {
      ...input,
      nextStep: nextStepFrom(input.nextStep),
      consent: input.consent ? consentFrom(input.consent) : null,
      idempotencyKey: input.idempotencyKey ?? null,
    }
    return perform(world, capacity, 'offerHandOff', (act) => offerHandOff(act, { ...offer, note: shortText(input.note, 'note') }))
  }

  @Mutation(() => OfferHandOffPayload, {
    nullable: true,
    description: 'Doorgeven aan een andere partner; de bezoeker moet die hebben genoemd of de volgcode geven.',
  })
  forwardHandOff(
    @Arg('input', () => ForwardHandOffInput, { description: 'Wat, aan wie.' }) input: ForwardHandOffInput,
    @Ask() context: Context,
  ): Promise<Offered> {
    const followUpCode = input.followUpCode ?? null
    const forwarding = {
      handOffId: input.id,
      partnerId: input.partnerId,
      nextStep: nextStepFrom(input.nextStep),
      followUpCode,
      consent: input.consent ? consentFrom(input.consent) : null,
      idempotencyKey: input.idempotencyKey ?? null,
    }
    return withCodeAtDesk(context, 'forwardHandOff', input.id, followUpCode, (act) => forwardHandOff(act, forwarding))
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Aannemen.' })
  acceptHandOff(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('message', () => MessageList, { nullable: true, description: 'Bericht aan de bezoeker.' })
    message: lists.MessageToVisitor | null,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'acceptHandOff', (act) => takeStep(act, id, 'accept', { message }))
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Niet aannemen.' })
  declineHandOff(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('reason', () => DeclineReasonList, { description: 'Waarom.' }) reason: lists.DeclineReason,
    @Arg('message', () => MessageList, { nullable: true, description: 'Bericht aan de bezoeker.' })
    message: lists.MessageToVisitor | null,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'declineHandOff', (act) => takeStep(act, id, 'decline', { reason, message }))
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Het eerste contact met de bezoeker vastleggen.' })
  recordFirstContact(@Arg('id', () => ID, ID_ARG) id: string, @Ask() { world, capacity }: Context): Promise<HandOffData> {
    return perform(world, capacity, 'recordFirstContact', (act) => takeStep(act, id, 'recordFirstContact'))
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Afronden met een resultaat; in één stap mag ook.' })
  completeHandOff(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('outcome', () => OutcomeList, { description: 'Resultaat.' }) outcome: lists.Outcome,
    @Arg('message', () => MessageList, { nullable: true, description: 'Bericht aan de bezoeker.' })
    message: lists.MessageToVisitor | null,
    @Arg('ifState', () => StateList, IF_STATE_ARG) ifState: lists.State | null,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'completeHandOff', (act) => takeStep(act, id, 'complete', { outcome, message, ifState }))
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Teruggeven aan de balie, na aannemen.' })
  returnHandOff(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('reason', () => ReturnReasonList, { description: 'Waarom.' }) reason: lists.ReturnReason,
    @Arg('message', () => MessageList, { nullable: true, description: 'Bericht aan de bezoeker.' })
    message: lists.MessageToVisitor | null,
    @Arg('ifState', () => StateList, IF_STATE_ARG) ifState: lists.State | null,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'returnHandOff', (act) => takeStep(act, id, 'return', { reason, message, ifState }))
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Intrekken door de balie; zegt of de partner het al zag.' })
  withdrawHandOff(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('reason', () => WithdrawReasonList, { description: 'Waarom.' }) reason: lists.WithdrawReason,
    @Arg('ifState', () => StateList, IF_STATE_ARG) ifState: lists.State | null,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'withdrawHandOff', (act) => takeStep(act, id, 'withdraw', { reason, ifState }))
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Vervallen verklaren door de coördinator; niets vervalt vanzelf.' })
  lapseHandOff(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('ifState', () => StateList, IF_STATE_ARG) ifState: lists.State | null,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'lapseHandOff', (act) => takeStep(act, id, 'lapse', { ifState }))
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Een warm contact met de partner vastleggen.' })
  recordWarmCall(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('channel', () => WarmCallChannelList, { description: 'Hoe.' }) channel: lists.WarmCallChannel,
    @Arg('result', () => WarmCallResultList, { description: 'Wat het opleverde.' }) result: lists.WarmCallResult,
    @Arg('visitorPresent', () => Boolean, { description: 'Was de bezoeker erbij?' }) visitorPresent: boolean,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'recordWarmCall', (act) => recordWarmCall(act, id, { channel, result, visitorPresent }))
  }

  @Mutation(() => HandOff, {
    nullable: true,
    description: 'Vastleggen wat een partner aan de balie liet weten; de partner mag het tegenspreken.',
  })
  recordAnswerHeard(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('answer', () => AnswerHeardList, { description: 'Wat de partner zei.' }) answer: keyof typeof AnswerHeardList,
    @Arg('declineReason', () => DeclineReasonList, {
      nullable: true,
      description: 'Waarom niet aangenomen; precies bij DECLINED.',
    })
    declineReason: lists.DeclineReason | null,
    @Arg('returnReason', () => ReturnReasonList, { nullable: true, description: 'Waarom teruggegeven; precies bij RETURNED.' })
    returnReason: lists.ReturnReason | null,
    @Arg('outcome', () => OutcomeList, { nullable: true, description: 'Resultaat; precies bij COMPLETED.' })
    outcome: lists.Outcome | null,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    const asked = { DECLINED: declineReason, RETURNED: returnReason, COMPLETED: outcome }
    const step = {
      ACCEPTED: 'hearAccepted',
      DECLINED: 'hearDeclined',
      IN_PROGRESS: 'hearFirstContact',
      COMPLETED: 'hearCompleted',
      RETURNED: 'hearReturned',
    } as const
    const details = { reason: declineReason ?? returnReason ?? null, ...(outcome ? { outcome } : {}) }
    return perform(world, capacity, 'recordAnswerHeard', (act) => {
      if (Object.entries(asked).some(([state, detail]) => (answer === state) !== (detail != null)))
        throw badInput('Give declineReason with DECLINED, returnReason with RETURNED, outcome with COMPLETED, and nothing else.')
      return takeStep(act, id, step[answer], details)
    })
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Hoe het ging volgens de gids.' })
  recordGuideVoice(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('voice', () => VoiceList, { description: 'Stem.' }) voice: lists.Voice,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'recordGuideVoice', (act) => recordVoice(act, id, voice))
  }

  @Mutation(() => HandOff, {
    nullable: true,
    description:
      'Toestemming geven, verruimen of verlengen aan de balie, met de volgcode van de bezoeker. Wie de code kwijt is, krijgt geen nieuwe: de balie trekt de overdracht in en begint een andere.',
  })
  giveConsent(
    @Arg('input', () => GiveConsentInput, { description: 'De toestemming.' }) input: GiveConsentInput,
    @Ask() context: Context,
  ): Promise<HandOffData> {
    const giving = { ...input, consent: consentFrom(input.consent) }
    return withCodeAtDesk(context, 'giveConsent', input.handOffId, input.followUpCode, (act) =>
      giveConsent(act, { ...giving, note: shortText(input.note, 'note') }),
    )
  }

  @Mutation(() => HandOff, { nullable: true, description: 'Toestemming beperken op verzoek van de bezoeker.' })
  narrowConsent(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('categories', () => [ShareableList], { nullable: true, description: 'Wat gedeeld mag blijven; leeg: wat het was.' })
    categories: Shareable[] | null,
    @Arg('until', () => String, UNTIL_ARG) until: string | null,
    @Arg('dropReserve', () => Boolean, DROP_RESERVE_ARG) dropReserve: boolean | null,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'narrowConsent', (act) =>
      narrowed(act, id, categories ?? null, { until, dropReserve: dropReserve === true }),
    )
  }

  @Mutation(() => HandOff, {
    nullable: true,
    description: 'Toestemming intrekken op verzoek van de bezoeker: bij de volgende keer lezen is alles dicht.',
  })
  withdrawConsent(@Arg('id', () => ID, ID_ARG) id: string, @Ask() { world, capacity }: Context): Promise<HandOffData> {
    return perform(world, capacity, 'withdrawConsent', (act) => narrowed(act, id, []))
  }

  @Mutation(() => HandOff, {
    nullable: true,
    description: 'Een eigen aantekening maken: alleen de eigen organisatie leest haar, en zij verandert nooit meer.',
  })
  recordRemark(
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('remark', () => FreeText, { description: 'Aantekening, hooguit 280 tekens.' }) remark: string,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'recordRemark', (act) => recordRemark(act, id, shortText(remark, 'remark')))
  }

  @FieldResolver(() => [Withheld], { description: 'Welke velden niet getoond worden, en waarom.' })
  withheld(@Root() handOff: HandOffData): readonly Withheld[] {
    return withheldOf(handOff)
  }
}

/** A code at the desk: the attempt counts for the organisation, and a right one costs nothing. */
function withCodeAtDesk<T>(
  { world, capacity, network }: Context,
  operation: string,
  handOffId: string,
  code: string | null,
  work: (act: Act) => Promise<T>,
): Promise<T> {
  if (code === null) return perform(world, capacity, operation, work)
  return counted({ world, capacity, network }, (isRight) =>
    perform(
      world,
      capacity,
      operation,
      async (act) => {
        if (await isCodeOf(act, handOffId, code)) isRight()
        return work(act)
      },
      { codeHashes: hashesOf(world, code) },
    ),
  )
}

async function narrowed(act: Act, id: string, keep: readonly Shareable[] | null, more?: Narrowing): Promise<HandOffData> {
  const { id: found } = orNotFound(await findHandOff(act, id))
  await narrow(act, found, keep, more)
  return orNotFound(await findHandOff(act, found))
}
