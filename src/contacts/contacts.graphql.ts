// Contacts in GraphQL: types and thin resolvers.
import { Arg, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql'
import { shortText } from '../anonymity/short-text.js'
import { withheldOf } from '../decide/seen.js'
import { orNotFound } from '../errors.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { FreeText } from '../graphql/free-text.js'
import { closedList } from '../graphql/lists.js'
import { type ConnectionOf, connectionOf, connectionType, Withheld } from '../graphql/types.js'
import { pageRequest } from '../operations/page.js'
import { perform } from '../operations/perform.js'
import { Desk } from '../partners/partners.graphql.js'
import { type ContactData, findContact, listContacts, logContact, voidContact } from './contacts.js'
import * as lists from './lists.js'

export const ChannelList = closedList('Channel', 'Kanaal waarlangs iemand kwam.', lists.CHANNELS)
export const DayPartList = closedList('DayPart', 'Dagdeel.', lists.DAY_PARTS)
export const VisitorKindList = closedList('VisitorKind', 'Soort bezoeker.', lists.VISITOR_KINDS)
export const JourneyList = closedList('Journey', 'Klantreis.', lists.JOURNEYS)
export const ThemeList = closedList('Theme', 'Thema van de vraag.', lists.THEMES)
const WorkList = closedList('Work', 'Werk.', lists.WORK)
const BenefitList = closedList('Benefit', 'Uitkering.', lists.BENEFITS)
const AgeList = closedList('Age', 'Leeftijdsgroep.', lists.AGES)
const EducationList = closedList('Education', 'Opleiding.', lists.EDUCATIONS)
const LanguageHelpList = closedList('LanguageHelp', 'Hulp bij de taal nodig?', lists.LANGUAGE_HELP)
const CoarsenedList = closedList('Coarsened', 'Wat bij het vastleggen vergroofd is.', lists.COARSENED)
const ContactResultList = closedList('ContactResult', 'Hoe het gesprek eindigde.', lists.CONTACT_RESULTS)

@ObjectType({ description: 'Route: soort bezoeker en herkomst.' })
export class VisitorRouting {
  @Field(() => VisitorKindList, { nullable: true, description: 'Soort bezoeker.' })
  visitorKind!: string | null
  @Field(() => String, { nullable: true, description: 'Code van de gemeente van herkomst; leeg als onbekend.' })
  origin!: string | null
}

@ObjectType({ description: 'Vraag: waar het om gaat.' })
export class VisitorQuestion {
  @Field(() => JourneyList, { nullable: true, description: 'Klantreis; een werkgever heeft er geen.' })
  journey!: string | null
  @Field(() => [ThemeList], { nullable: true, description: 'Thema’s, één of twee.' })
  themes!: string[] | null
}

@ObjectType({ description: 'Situatie van de bezoeker, in grove klassen.' })
export class VisitorSituation {
  @Field(() => WorkList, { nullable: true, description: 'Werk.' })
  work!: string | null
  @Field(() => BenefitList, { nullable: true, description: 'Uitkering.' })
  benefit!: string | null
  @Field(() => AgeList, { nullable: true, description: 'Leeftijdsgroep.' })
  age!: string | null
  @Field(() => EducationList, { nullable: true, description: 'Opleiding.' })
  education!: string | null
  @Field(() => LanguageHelpList, { nullable: true, description: 'Hulp bij de taal nodig?' })
  languageHelp!: string | null
}

@ObjectType({ description: 'Contactmoment: één gesprek aan een balie. Leesbaar op de eigen dag, voor het eigen werkcentrum.' })
export class VisitorContact {
  @Field(() => ID, { nullable: true, description: 'Kenmerk: toeval, geen volgnummer.' })
  id!: string | null
  @Field(() => Desk, { nullable: true, description: 'Balie.' })
  desk!: Desk | null
  @Field(() => ChannelList, { nullable: true, description: 'Kanaal.' })
  channel!: string | null
  @Field(() => String, { nullable: true, description: 'Dag (JJJJ-MM-DD).' })
  day!: string | null
  @Field(() => DayPartList, { nullable: true, description: 'Dagdeel; een tijd wordt niet bewaard.' })
  dayPart!: string | null
  @Field(() => ContactResultList, { nullable: true, description: 'Hoe het gesprek eindigde.' })
  result!: string | null
  @Field(() => VisitorRouting, { nullable: true, description: 'Route.' })
  routing!: VisitorRouting | null
  @Field(() => VisitorQuestion, { nullable: true, description: 'Vraag.' })
  question!: VisitorQuestion | null
  @Field(() => VisitorSituation, { nullable: true, description: 'Situatie; een werkgever heeft er geen.' })
  situation!: VisitorSituation | null
  @Field(() => String, { nullable: true, description: 'Notitie.' })
  note!: string | null
  @Field(() => [CoarsenedList], {
    nullable: true,
    description: 'Wat wel verteld is maar niet bewaard: in deze regio en dit kwartaal zou het bijna uniek zijn.',
  })
  coarsened!: string[] | null
}

@InputType({ description: 'Situatie van de bezoeker; wat niet gevraagd is, is UNKNOWN.' })
export class SituationInput {
  @Field(() => WorkList, { defaultValue: 'UNKNOWN', description: 'Werk.' })
  work!: lists.Work
  @Field(() => BenefitList, { defaultValue: 'UNKNOWN', description: 'Uitkering.' })
  benefit!: lists.Benefit
  @Field(() => AgeList, { defaultValue: 'UNKNOWN', description: 'Leeftijdsgroep.' })
  age!: lists.Age
  @Field(() => EducationList, { defaultValue: 'UNKNOWN', description: 'Opleiding.' })
  education!: lists.Education
  @Field(() => LanguageHelpList, { defaultValue: 'UNKNOWN', description: 'Hulp bij de taal nodig?' })
  languageHelp!: lists.LanguageHelp
}

@InputType({ description: 'Een contactmoment, in gesloten lijsten; een korte notitie kan erbij.' })
class LogContactInput {
  @Field(() => ID, { description: 'Balie van uw werkcentrum.' })
  deskId!: string
  @Field(() => ChannelList, { description: 'Kanaal.' })
  channel!: lists.Channel
  @Field(() => VisitorKindList, { description: 'Soort bezoeker.' })
  visitorKind!: lists.VisitorKind
  @Field(() => String, { nullable: true, description: 'Code van de gemeente van herkomst; leeg als onbekend.' })
  origin?: string | null
  @Field(() => JourneyList, { nullable: true, description: 'Klantreis; niet voor een werkgever.' })
  journey?: lists.Journey | null
  @Field(() => [ThemeList], { description: 'Eén of twee thema’s.' })
  themes!: lists.Theme[]
  @Field(() => SituationInput, { nullable: true, description: 'Situatie; niet voor een werkgever.' })
  situation?: SituationInput | null
  @Field(() => ContactResultList, { description: 'Hoe het gesprek eindigde.' })
  result!: lists.ContactResult
  @Field(() => FreeText, {
    nullable: true,
    description: 'Notitie, hooguit 280 tekens; nooit over gezondheid, vakbond, geloof of strafzaken.',
  })
  note?: string | null
  @Field(() => String, {
    nullable: true,
    description: 'Zelfgekozen sleutel (8 tot 100 tekens): dezelfde aanvraag twee keer maakt één contactmoment.',
  })
  idempotencyKey?: string | null
}

const VisitorContactConnection = connectionType('VisitorContact', 'contactmomenten', () => VisitorContact)

@Resolver(() => VisitorContact)
export class ContactsResolver {
  @Query(() => VisitorContact, { nullable: true, description: 'Eén contactmoment van vandaag.' })
  contact(
    @Arg('id', () => ID, { description: 'Kenmerk.' }) id: string,
    @Ask() { world, capacity }: Context,
  ): Promise<ContactData> {
    return perform(world, capacity, 'contact', async (act) => orNotFound(await findContact(act, id)))
  }

  @Query(() => VisitorContactConnection, { nullable: true, description: 'De contactmomenten van vandaag van uw werkcentrum.' })
  contacts(
    @Arg('first', () => Int, { nullable: true, description: 'Hoeveel, 1 tot en met 50; standaard 20.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Na deze cursor.' }) after: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<ConnectionOf<ContactData>> {
    const request = pageRequest(first, after)
    return perform(world, capacity, 'contacts', async (act) => connectionOf(await listContacts(act, request), after))
  }

  @Mutation(() => VisitorContact, { nullable: true, description: 'Een contactmoment vastleggen.' })
  logContact(
    @Arg('input', () => LogContactInput, { description: 'Het gesprek.' }) input: LogContactInput,
    @Ask() { world, capacity }: Context,
  ): Promise<ContactData> {
    const contact = {
      ...input,
      origin: input.origin ?? null,
      journey: input.journey ?? null,
      situation: input.situation ? { ...input.situation } : null,
      idempotencyKey: input.idempotencyKey ?? null,
    }
    return perform(world, capacity, 'logContact', (act) => logContact(act, { ...contact, note: shortText(input.note, 'note') }))
  }

  @Mutation(() => ID, {
    nullable: true,
    description: 'Een contactmoment ongeldig maken: per ongeluk ingevoerd. Alleen op de eigen dag.',
  })
  voidContact(
    @Arg('id', () => ID, { description: 'Kenmerk.' }) id: string,
    @Ask() { world, capacity }: Context,
  ): Promise<string> {
    return perform(world, capacity, 'voidContact', (act) => voidContact(act, id))
  }

  @FieldResolver(() => [Withheld], { description: 'Welke velden niet getoond worden, en waarom.' })
  withheld(@Root() contact: ContactData): readonly Withheld[] {
    return withheldOf(contact)
  }
}
