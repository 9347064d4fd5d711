// What a visitor agrees to, as input; and every version of it, for the desk.
import { Arg, Field, ID, InputType, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { perform } from '../operations/perform.js'
import { Partner, RoleList } from '../partners/partners.graphql.js'
import { GIVEN_HOW, LANGUAGES, SHAREABLE, type Shareable, WORDINGS } from './consent.js'
import { type ConsentVersion as ConsentVersionData, consentHistory } from './consent-history.js'
import type { NewConsent } from './record-consent.js'

export const ShareableList = closedList('Shareable', 'Categorie die een bezoeker kan laten delen.', SHAREABLE)
const GivenHowList = closedList('GivenHow', 'Hoe de toestemming is gegeven.', GIVEN_HOW)
const LanguageList = closedList('Language', 'Taal waarin is gevraagd.', LANGUAGES)
const WordingList = closedList('ConsentWording', 'Versie van de drie zinnen waarmee is gevraagd.', WORDINGS)

@InputType({
  description: 'Toestemming: wat de bezoeker laat delen, en de voorwaarden waaronder dat vrij is (AVG art. 4(11) en 7(4)).',
})
export class ConsentInput {
  @Field(() => [ShareableList], { description: 'Wat gedeeld mag worden.' })
  categories!: Shareable[]
  @Field(() => [ShareableList], {
    defaultValue: [],
    description: 'Waarvoor dat uitdrukkelijk is gezegd; nodig voor bijzondere gegevens en voor een vakbond.',
  })
  explicitCategories!: Shareable[]
  @Field(() => ID, { nullable: true, description: 'Partner die het mag overnemen als de eerste niet kan helpen.' })
  reservePartnerId?: string | null
  @Field(() => String, {
    nullable: true,
    description: 'Eerste dag waarop het niet meer geldt (JJJJ-MM-DD), hooguit 183 dagen vanaf vandaag; leeg: 183 dagen.',
  })
  expiresOn?: string | null
  @Field(() => Boolean, { description: 'De bezoeker vroeg zelf om hulp.' })
  askedForHelp!: boolean
  @Field(() => Boolean, { description: 'Het is in het belang van de bezoeker.' })
  inOwnInterest!: boolean
  @Field(() => Boolean, { description: 'Nee zeggen heeft geen gevolg, en dat is gezegd.' })
  refusalIsFree!: boolean
  @Field(() => Boolean, { defaultValue: false, description: 'Jonger dan 16: was een vertegenwoordiger erbij? (UAVG art. 5)' })
  representativePresent!: boolean
  @Field(() => GivenHowList, { defaultValue: 'SPOKEN', description: 'Hoe gegeven.' })
  givenHow!: NewConsent['givenHow']
  @Field(() => WordingList, { defaultValue: 'THREE_SENTENCES_2026', description: 'Versie van de drie zinnen.' })
  wordingVersion!: string
  @Field(() => LanguageList, { defaultValue: 'nl', description: 'Taal waarin is gevraagd.' })
  language!: string
}

export const consentFrom = (input: ConsentInput): NewConsent => ({
  ...input,
  reservePartnerId: input.reservePartnerId ?? null,
  expiresOn: input.expiresOn ?? null,
})

const ConsentChangeList = closedList('ConsentChange', 'Wat een versie van de toestemming veranderde.', {
  GIVEN: 'gegeven',
  NARROWED: 'beperkt',
  WIDENED: 'verruimd of verlengd, met de volgcode',
  WITHDRAWN: 'ingetrokken',
})
const ConsentBasisList = closedList('ConsentBasis', 'Wat de toestemming is naast de grondslag.', {
  BASIS: 'de grondslag zelf',
  SAFEGUARD: 'een waarborg naast een publieke taak',
})
export const SideList = closedList('Side', 'Kant die handelde.', {
  WERKCENTRUM: 'de balie',
  PARTNER: 'de partner',
  VISITOR: 'de bezoeker',
})

@ObjectType({
  description: 'Een versie van de toestemming van één overdracht. Verandert nooit; elke wijziging is een nieuwe versie.',
})
class ConsentVersion {
  @Field(() => Int, { description: 'Versie; het logboek noemt die.' })
  version!: number
  @Field(() => ConsentChangeList, { description: 'Wat deze versie veranderde.' })
  change!: string
  @Field(() => String, { description: 'Dag (JJJJ-MM-DD).' })
  day!: string
  @Field(() => SideList, { description: 'Welke kant het vastlegde, op het woord van de bezoeker.' })
  bySide!: string
  @Field(() => RoleList, { description: 'In welke rol het is gevraagd; nooit door wie.' })
  askedByRole!: string
  @Field(() => ConsentBasisList, { description: 'Grondslag, of waarborg.' })
  basis!: string
  @Field(() => [ShareableList], { description: 'Wat de partner mag weten; terugkoppeling staat apart.' })
  categories!: string[]
  @Field(() => [ShareableList], { description: 'Wat uitdrukkelijk is gezegd.' })
  explicitCategories!: string[]
  @Field(() => Boolean, { description: 'Terugkoppeling: mag de balie het resultaat horen?' })
  feedbackToDesk!: boolean
  @Field(() => Partner, { nullable: true, description: 'Reserve: wie het mag overnemen als de partner niet kan helpen.' })
  reservePartner!: Partner | null
  @Field(() => Boolean, { description: 'De bezoeker vroeg zelf om hulp.' })
  askedForHelp!: boolean
  @Field(() => Boolean, { description: 'Het is in het belang van de bezoeker.' })
  inOwnInterest!: boolean
  @Field(() => Boolean, { description: 'Nee zeggen heeft geen gevolg, en dat is gezegd.' })
  refusalIsFree!: boolean
  @Field(() => Boolean, { description: 'Jonger dan 16, of dat is niet bekend.' })
  underSixteen!: boolean
  @Field(() => Boolean, { description: 'Was een vertegenwoordiger erbij?' })
  representativePresent!: boolean
  @Field(() => GivenHowList, { description: 'Hoe gegeven.' })
  givenHow!: string
  @Field(() => WordingList, { description: 'Versie van de drie zinnen.' })
  wordingVersion!: string
  @Field(() => String, { description: 'De drie zinnen zelf, in het Nederlands.' })
  wording!: string
  @Field(() => LanguageList, { description: 'Taal waarin is gevraagd.' })
  language!: string
  @Field(() => String, { description: 'Eerste dag waarop het niet meer geldt (JJJJ-MM-DD).' })
  expiresOn!: string
}

@Resolver()
export class ConsentResolver {
  @Query(() => [ConsentVersion], {
    nullable: true,
    description: 'De toestemming van een overdracht, nieuwste versie eerst; voor de eigen balie, zolang die er werk mee heeft.',
  })
  consentHistory(
    @Arg('handOffId', () => ID, { description: 'Kenmerk van de overdracht.' }) handOffId: string,
    @Ask() { world, capacity }: Context,
  ): Promise<ConsentVersionData[]> {
    return perform(world, capacity, 'consentHistory', (act) => consentHistory(act, handOffId))
  }
}
