// The visitor's page in GraphQL: everything with the code and nothing else; and correcting at the desk on the visitor's word.
import { Arg, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql'
import { PurposeList } from '../agreements/agreements.graphql.js'
import { shortText } from '../anonymity/short-text.js'
import { ShareableList } from '../consent/consent.graphql.js'
import type { Shareable } from '../consent/consent.js'
import { narrow } from '../consent/record-consent.js'
import { JourneyList, SituationInput, ThemeList, VisitorKindList } from '../contacts/contacts.graphql.js'
import type { Journey, Theme, VisitorKind } from '../contacts/lists.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { FreeText } from '../graphql/free-text.js'
import { closedList } from '../graphql/lists.js'
import { CategoryList } from '../graphql/types.js'
import { DROP_RESERVE_ARG, HandOff, UNTIL_ARG, VoiceList } from '../handoffs/handoffs.graphql.js'
import type { HandOffData } from '../handoffs/handoffs.js'
import type { Voice } from '../handoffs/lists.js'
import { recordVoice } from '../handoffs/take-step.js'
import { perform } from '../operations/perform.js'
import { Partner } from '../partners/partners.graphql.js'
import { eraseByCode, pageAfter, withCode, withdrawByCode } from './by-code.js'
import { type ConsentReceiptData, consentReceipt } from './consent-receipt.js'
import { type Correction, correct, correctShared } from './correct.js'
import { type FollowUpData, pageFor } from './follow-up.js'
import { RECEIPT_LANGUAGES, type ReceiptLanguage } from './receipt.js'

const ReceiptLanguageList = closedList('ReceiptLanguage', 'Taal van het bewijs.', RECEIPT_LANGUAGES)

@ObjectType({ description: 'Wat er van één categorie is gedeeld.' })
class SharedCategory {
  @Field(() => ShareableList, { description: 'Categorie.' })
  category!: string
  @Field(() => Boolean, { description: 'Zei u hier ja op, en geldt dat nog?' })
  shared!: boolean
}

@ObjectType({ description: 'Wie keek: welke organisatie zag welke categorie, op welke dag en waarom. Nooit wie daar werkt.' })
class Looked {
  @Field(() => String, { description: 'Organisatie die keek.' })
  organisation!: string
  @Field(() => String, { description: 'Dag (JJJJ-MM-DD).' })
  day!: string
  @Field(() => CategoryList, { description: 'Wat zij zag.' })
  category!: string
  @Field(() => PurposeList, { description: 'Doel.' })
  purpose!: string
  @Field(() => String, { description: 'Waarom, in één zin.' })
  because!: string
}

@ObjectType({ description: 'Wat een bezoeker met de volgcode ziet.' })
export class FollowUp {
  @Field(() => String, { description: 'De stand in één zin.' })
  status!: string
  @Field(() => HandOff, { nullable: true, description: 'De warme overdracht.' })
  handOff!: HandOff | null
  @Field(() => [SharedCategory], { description: 'Wat u laat delen.' })
  shared!: SharedCategory[]
  @Field(() => String, {
    nullable: true,
    description: 'Eerste dag waarop uw toestemming niet meer geldt (JJJJ-MM-DD); leeg als er geen is.',
  })
  expiresOn!: string | null
  @Field(() => Partner, { nullable: true, description: 'Reserve: wie het mag overnemen als de partner niet kan helpen.' })
  reservePartner!: Partner | null
  @Field(() => [Looked], { description: 'Wie keek, nieuwste eerst, hooguit 200 regels; uw eigen kijken staat er niet bij.' })
  looked!: Looked[]
}

@ObjectType({ description: 'Bewijs van toestemming: wat er is afgesproken, zonder wie u bent.' })
class ConsentReceipt {
  @Field(() => String, { description: 'In gewone taal.' })
  text!: string
  @Field(() => String, {
    description:
      'JSON naar ISO/IEC TS 27560:2023. Weggelaten: wie u bent, tijdstippen (alleen dagen), adressen van partijen, plaatsen van opslag, handtekeningen.',
  })
  record!: string
  @Field(() => String, { description: 'Eén HTML-document om af te drukken, met de volgcode als tekst en als QR.' })
  printable!: string
}

@InputType({ description: 'Verbeterde route.' })
class RoutingCorrection {
  @Field(() => VisitorKindList, { description: 'Soort bezoeker.' })
  visitorKind!: VisitorKind
  @Field(() => String, { nullable: true, description: 'Code van de gemeente van herkomst; leeg als onbekend.' })
  origin?: string | null
}

@InputType({ description: 'Verbeterde vraag.' })
class QuestionCorrection {
  @Field(() => JourneyList, { nullable: true, description: 'Klantreis; niet voor een werkgever.' })
  journey?: Journey | null
  @Field(() => [ThemeList], { description: 'Eén of twee thema’s.' })
  themes!: Theme[]
}

@InputType({ description: 'Verbetering van wat gedeeld is. Een categorie die er niet is, komt er zo niet bij.' })
class CorrectionInput {
  @Field(() => RoutingCorrection, { nullable: true, description: 'Route; vervangt wat er staat.' })
  routing?: RoutingCorrection | null
  @Field(() => QuestionCorrection, { nullable: true, description: 'Vraag; vervangt wat er staat.' })
  question?: QuestionCorrection | null
  @Field(() => SituationInput, { nullable: true, description: 'Situatie; vervangt wat er staat.' })
  situation?: SituationInput | null
  @Field(() => FreeText, {
    nullable: true,
    description: 'Notitie, hooguit 280 tekens; vervangt wat er staat. Alleen aan de balie.',
  })
  note?: string | null
}

const correctionFrom = ({ routing, question, situation, note }: CorrectionInput): Correction => ({
  routing: routing ? { visitorKind: routing.visitorKind, origin: routing.origin ?? null } : null,
  question: question ? { journey: question.journey ?? null, themes: question.themes } : null,
  situation: situation ?? null,
  note: shortText(note, 'note'),
})

const CODE_ARG = { description: 'Volgcode.' }

@Resolver()
export class FollowUpResolver {
  @Query(() => FollowUp, {
    nullable: true,
    description:
      'De stand van zaken, voor wie de volgcode heeft. Een onbekende, een verkeerd getikte en een verlopen code geven hetzelfde antwoord. Wie de code kwijt is, krijgt geen nieuwe: de balie stopt de overdracht en begint een andere.',
  })
  followUp(@Arg('code', () => String, CODE_ARG) code: string, @Ask() context: Context): Promise<FollowUpData> {
    return withCode(context, code, 'followUp', pageFor)
  }

  @Query(() => ConsentReceipt, {
    nullable: true,
    description: 'Bewijs van wat u hebt afgesproken, om te bewaren of af te drukken.',
  })
  consentReceipt(
    @Arg('code', () => String, CODE_ARG) code: string,
    @Arg('language', () => ReceiptLanguageList, { nullable: true, description: 'Taal; leeg: Nederlands.' })
    language: ReceiptLanguage | null,
    @Ask() context: Context,
  ): Promise<ConsentReceiptData> {
    return withCode(context, code, 'consentReceipt', (act, handOff) => consentReceipt(act, handOff, code, language ?? 'nl'))
  }

  @Mutation(() => FollowUp, { nullable: true, description: 'Hoe het ging volgens de bezoeker zelf, met de volgcode.' })
  recordVisitorVoice(
    @Arg('code', () => String, CODE_ARG) code: string,
    @Arg('voice', () => VoiceList, { description: 'Stem.' }) voice: Voice,
    @Ask() context: Context,
  ): Promise<FollowUpData> {
    return withCode(context, code, 'recordVisitorVoice', (act, { id }) => pageAfter(act, recordVoice(act, id, voice)))
  }

  @Mutation(() => FollowUp, {
    nullable: true,
    description:
      'Minder laten delen, met de volgcode: minder categorieën, korter, of zonder reserve. Meer delen gaat aan de balie.',
  })
  narrowByCode(
    @Arg('code', () => String, CODE_ARG) code: string,
    @Arg('categories', () => [ShareableList], { nullable: true, description: 'Wat gedeeld mag blijven; leeg: wat het was.' })
    categories: Shareable[] | null,
    @Arg('until', () => String, UNTIL_ARG) until: string | null,
    @Arg('dropReserve', () => Boolean, DROP_RESERVE_ARG) dropReserve: boolean | null,
    @Ask() context: Context,
  ): Promise<FollowUpData> {
    const more = { until, dropReserve: dropReserve === true }
    return withCode(context, code, 'narrowByCode', (act, handOff) =>
      pageAfter(act, narrow(act, handOff.id, categories ?? null, more)),
    )
  }

  @Mutation(() => FollowUp, {
    nullable: true,
    description: 'Toestemming intrekken met de volgcode: bij de volgende keer lezen is alles dicht, en na 14 dagen gewist.',
  })
  withdrawByCode(
    @Arg('code', () => String, CODE_ARG) code: string,
    @Arg('stopHandOff', () => Boolean, { nullable: true, description: 'Ook de vraag zelf stoppen, als die nog loopt.' })
    stopHandOff: boolean | null,
    @Ask() context: Context,
  ): Promise<FollowUpData> {
    return withCode(context, code, 'withdrawByCode', (act, handOff) =>
      pageAfter(act, withdrawByCode(act, handOff, stopHandOff === true)),
    )
  }

  @Mutation(() => FollowUp, { nullable: true, description: 'Verbeteren wat er gedeeld is, met de volgcode (AVG art. 16).' })
  correctByCode(
    @Arg('code', () => String, CODE_ARG) code: string,
    @Arg('correction', () => CorrectionInput, { description: 'Wat het moet zijn.' }) correction: CorrectionInput,
    @Ask() context: Context,
  ): Promise<FollowUpData> {
    return withCode(context, code, 'correctByCode', (act, handOff) =>
      pageAfter(act, correct(act, handOff, correctionFrom(correction))),
    )
  }

  @Mutation(() => FollowUp, {
    nullable: true,
    description:
      'Wissen met de volgcode, meteen (AVG art. 17): wat gedeeld is, met de volgende stap, en de band met het gesprek; een toestemming die nog staat, wordt ingetrokken. Wat blijft: waar ja op is gezegd en wat is ingetrokken, als bewijs en zonder wat er verteld is (AVG art. 7(1)); balie, kanaal en dag; het verloop en het resultaat; wie keek, in het logboek; en het gesprek zelf bij de balie, los van deze overdracht.',
  })
  eraseByCode(@Arg('code', () => String, CODE_ARG) code: string, @Ask() context: Context): Promise<FollowUpData> {
    return withCode(context, code, 'eraseByCode', (act, handOff) => pageAfter(act, eraseByCode(act, handOff)))
  }

  @Mutation(() => HandOff, {
    nullable: true,
    description: 'Verbeteren wat er gedeeld is, door de balie op het woord van de bezoeker, zolang de overdracht loopt.',
  })
  correctShared(
    @Arg('handOffId', () => ID, { description: 'Kenmerk van de overdracht.' }) handOffId: string,
    @Arg('correction', () => CorrectionInput, { description: 'Wat het moet zijn.' }) correction: CorrectionInput,
    @Ask() { world, capacity }: Context,
  ): Promise<HandOffData> {
    return perform(world, capacity, 'correctShared', (act) => correctShared(act, handOffId, correctionFrom(correction)))
  }
}
