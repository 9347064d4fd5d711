// What a visitor agrees to, as input.
import { Field, ID, InputType } from 'type-graphql'
import { closedList } from '../graphql/lists.js'
import { GIVEN_HOW, LANGUAGES, SHAREABLE, type Shareable, WORDINGS } from './consent.js'
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

export const consentFrom = (input: ConsentInput): NewConsent => ({ ...input, reservePartnerId: input.reservePartnerId ?? null })
