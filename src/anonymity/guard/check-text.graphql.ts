// Asking the guard while somebody types: what would be refused, and what would make a note sensitive. Keeps nothing.
import { Arg, Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { badInput } from '../../errors.js'
import { Ask } from '../../graphql/asked.js'
import type { Context } from '../../graphql/context.js'
import { perform } from '../../operations/perform.js'
import { checkText } from './check.js'
import { advice } from './kinds.js'

/** UTF-16 units: more than any text that is kept. */
const LONGEST = 2000

@ObjectType({ description: 'Een plaats in de tekst die een persoon kan aanwijzen.' })
class TextFinding {
  @Field(() => Int, { description: 'Begin, in UTF-16-eenheden.' })
  start!: number
  @Field(() => Int, { description: 'Eerste plaats die er niet meer bij hoort.' })
  end!: number
  @Field(() => String, { description: 'Soort, zoals name, phone of address.' })
  kind!: string
  @Field(() => String, { description: 'Wat u beter kunt schrijven.' })
  advice!: string
}

@ObjectType({ description: 'Een plaats die een notitie bijzonder maakt (AVG art. 9 en 10).' })
class SensitiveHint {
  @Field(() => Int, { description: 'Begin, in UTF-16-eenheden.' })
  start!: number
  @Field(() => Int, { description: 'Eerste plaats die er niet meer bij hoort.' })
  end!: number
  @Field(() => String, { description: 'Onderwerp, zoals health, union of crime.' })
  topic!: string
}

@ObjectType({ description: 'Wat de server van een tekst zou zeggen. Verkleint het risico; het sluit niets uit.' })
class CheckedText {
  @Field(() => [TextFinding], { description: 'Wat geweigerd zou worden.' })
  findings!: TextFinding[]
  @Field(() => [SensitiveHint], { description: 'Wat alleen met uitdrukkelijke toestemming kan, of hier niet.' })
  sensitive!: SensitiveHint[]
}

@Resolver()
export class CheckTextResolver {
  @Query(() => CheckedText, {
    nullable: true,
    description: 'Een tekst laten nalezen terwijl u typt. Er wordt niets van bewaard.',
  })
  checkText(
    @Arg('text', () => String, { description: `De tekst, hooguit ${LONGEST} tekens.` }) text: string,
    @Ask() { world, capacity }: Context,
  ): Promise<CheckedText> {
    return perform(world, capacity, 'checkText', async () => {
      if (text.length > LONGEST) throw badInput(`text must be at most ${LONGEST} characters.`)
      const { findings, sensitive } = checkText(text)
      return { findings: findings.map((one) => ({ ...one, advice: advice(one.kind) })), sensitive: [...sensitive] }
    })
  }
}
