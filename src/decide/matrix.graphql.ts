// The access matrix in GraphQL: the policy itself, cell by cell.
import { Arg, Field, ObjectType, Query, Resolver } from 'type-graphql'
import { PurposeList } from '../agreements/agreements.graphql.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { closedList } from '../graphql/lists.js'
import { CategoryList } from '../graphql/types.js'
import { perform } from '../operations/perform.js'
import { PartnerKindList, RoleList } from '../partners/partners.graphql.js'
import type { PartnerKind } from './decide.js'
import { cells, citation } from './matrix.js'
import { sentenceOf } from './sentence.js'

const NeedList = closedList('Need', 'Slot dat open moet zijn, naast het beleid.', {
  agreement: 'geldende afspraak',
  consent: 'geldige toestemming die dit dekt',
  explicitConsent: 'uitdrukkelijke toestemming die dit noemt',
  ownSide: 'geschreven door de eigen kant',
})
const NEEDS = {
  agreement: 'agreement',
  consent: 'consent',
  'explicit-consent': 'explicitConsent',
  'own-side': 'ownSide',
} as const

@ObjectType({
  description: 'Vak van de matrix: wie, in welke relatie, met welk doel, ziet welke categorie, en door welke regel.',
})
class AccessMatrixCell {
  @Field(() => RoleList, { description: 'Rol.' })
  role!: string
  @Field(() => String, { description: 'Relatie tot de overdracht.' })
  relation!: string
  @Field(() => PurposeList, { description: 'Doel.' })
  purpose!: string
  @Field(() => PartnerKindList, { description: 'Soort partner voor wie de overdracht is.' })
  partnerKind!: string
  @Field(() => CategoryList, { description: 'Categorie.' })
  category!: string
  @Field(() => String, {
    description:
      'Teken: ● beleid alleen, A afspraak, C afspraak en toestemming, X uitdrukkelijk, D uitdrukkelijk zonder afspraak, o eigen kant, – nooit.',
  })
  symbol!: string
  @Field(() => [NeedList], { description: 'Sloten die open moeten zijn.' })
  needs!: string[]
  @Field(() => String, { description: 'Regel.' })
  rule!: string
  @Field(() => String, { description: 'De regel in één zin, in gewone taal.' })
  sentence!: string
  @Field(() => [String], { description: 'Grondslagen, met artikel, wet en versie.' })
  bases!: string[]
}

@Resolver()
export class MatrixResolver {
  @Query(() => [AccessMatrixCell], {
    nullable: true,
    description: 'De matrix voor één soort partner. Wat er niet in staat, is dicht.',
  })
  accessMatrix(
    @Arg('partnerKind', () => PartnerKindList, { description: 'Soort partner.' }) partnerKind: PartnerKind,
    @Ask() { world, capacity }: Context,
  ): Promise<AccessMatrixCell[]> {
    const { sharing } = world.policies
    return perform(world, capacity, 'accessMatrix', async () =>
      cells(sharing)
        .filter((cell) => cell.partnerKind === partnerKind)
        .map((cell) => ({
          ...cell,
          needs: cell.needs.map((need) => NEEDS[need]),
          sentence: sentenceOf(sharing, cell.rule),
          bases: cell.bases.map((name) => citation(sharing, name)),
        })),
    )
  }
}
