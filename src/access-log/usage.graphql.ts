// Grants that nobody used, in GraphQL: for privacy officers, from the log of their own organisation.
import { Arg, Field, Float, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { PurposeList } from '../agreements/agreements.graphql.js'
import type { Sharing } from '../decide/policy-files.js'
import { sentenceOf } from '../decide/sentence.js'
import { usesOf } from '../decide/shrink.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { CategoryList } from '../graphql/types.js'
import { perform } from '../operations/perform.js'
import { type Evidence, unusedGrants } from './usage.js'

@ObjectType({ description: 'Wat van één regel in de periode niet is gebruikt.' })
class UnusedGrant {
  @Field(() => String, { description: 'Regel.' })
  rule!: string
  @Field(() => String, { description: 'De regel in één zin, zoals hij nu is.' })
  sentence!: string
  @Field(() => Boolean, { description: 'Is er niets van gebruikt? Dan kan de hele regel weg.' })
  whole!: boolean
  @Field(() => [String], { description: 'Relaties die niet zijn gebruikt.' })
  relations!: readonly string[]
  @Field(() => [PurposeList], { description: 'Doelen die niet zijn gebruikt.' })
  purposes!: readonly string[]
  @Field(() => [CategoryList], { description: 'Categorieën die niet zijn gebruikt.' })
  categories!: readonly string[]
  @Field(() => String, { nullable: true, description: 'De zin zonder wat niet is gebruikt; leeg als de hele regel weg kan.' })
  becomes!: string | null
  @Field(() => Float, { description: 'Hoe vaak de regel wel is gebruikt: per ding en per categorie die is getoond.' })
  times!: number
  @Field(() => String, { nullable: true, description: 'Eerste dag waarop de regel is gebruikt (JJJJ-MM-DD).' })
  firstDay!: string | null
  @Field(() => String, { nullable: true, description: 'Laatste dag waarop de regel is gebruikt (JJJJ-MM-DD).' })
  lastDay!: string | null
}

@ObjectType({ description: 'Wat het beleid deelt en niemand gebruikte, met het bewijs, en het beleid zonder dat.' })
class UnusedGrants {
  @Field(() => String, { description: 'Eerste dag (JJJJ-MM-DD).' })
  from!: string
  @Field(() => String, { description: 'Eerste dag die niet meer meetelt (JJJJ-MM-DD).' })
  until!: string
  @Field(() => Int, { description: 'Hoeveel regels van het logboek zijn bekeken.' })
  recordsExamined!: number
  @Field(() => String, { description: 'Waar dit over gaat, en wat het niet kan laten zien.' })
  about!: string
  @Field(() => String, { description: 'Versie van het beleid (SHA-256 van de bestanden) waar dit over gaat.' })
  policyHash!: string
  @Field(() => [UnusedGrant], { description: 'Per regel wat niet is gebruikt.' })
  grants!: UnusedGrant[]
  @Field(() => String, {
    description: 'Het bestand sharing.yaml zonder wat niet is gebruikt: een voorstel om te beoordelen, niet om zo over te nemen.',
  })
  sharing!: string
}

const ABOUT = {
  WERKCENTRUM:
    'Dit gaat alleen over het logboek van uw eigen werkcentrum. Andere werkcentra en partners kunnen wel gebruiken wat hier niet is gebruikt. Overdrachten aan een vakbond staan niet in dit logboek.',
  PARTNER:
    'Dit gaat alleen over wat medewerkers van uw eigen organisatie zagen. Andere partners kunnen wel gebruiken wat hier niet is gebruikt.',
}

@Resolver()
export class UsageResolver {
  @Query(() => UnusedGrants, {
    nullable: true,
    description:
      'Wat het beleid deelt en uw organisatie in een periode niet gebruikte. Rechten van de bezoeker en wat toezicht nodig heeft, staan er nooit bij. Is er in de periode niets gezien, dan is er ook geen voorstel.',
  })
  unusedGrants(
    @Arg('from', () => String, { description: 'Eerste dag (JJJJ-MM-DD).' }) from: string,
    @Arg('until', () => String, { description: 'Eerste dag die niet meer meetelt; hooguit een jaar later.' }) until: string,
    @Ask() { world, capacity }: Context,
  ): Promise<UnusedGrants> {
    return perform(world, capacity, 'unusedGrants', async (act) => ({
      ...inWords(world.policies.sharing, await unusedGrants(act, from, until)),
      policyHash: world.policies.hash,
      about: ABOUT[capacity.side === 'PARTNER' ? 'PARTNER' : 'WERKCENTRUM'],
    }))
  }
}

function inWords(sharing: Sharing, { from, until, examined, uses, unused, after }: Evidence) {
  const rules = new Map(sharing.share.map((rule) => [rule.rule, rule]))
  const grants = unused.map((grant) => ({
    ...grant,
    sentence: sentenceOf(sharing, grant.rule),
    becomes: grant.whole ? null : sentenceOf(after.sharing, grant.rule),
    ...usesOf(rules.get(grant.rule)!, uses),
  }))
  return { from, until, recordsExamined: examined, grants, sharing: after.texts.sharing }
}
