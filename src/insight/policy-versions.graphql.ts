// The versions of the policy in GraphQL.
import { Arg, Field, ObjectType, Query, Resolver } from 'type-graphql'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { perform } from '../operations/perform.js'
import { listPolicyVersions, type PolicyVersionData } from './policy-versions.js'

@ObjectType({ description: 'Een versie van het beleid, zoals die in gebruik was. Blijft altijd op te vragen.' })
class PolicyVersion {
  @Field(() => String, { description: 'SHA-256 van de bestanden; zo noemt het logboek deze versie.' })
  hash!: string
  @Field(() => String, { description: 'Sinds wanneer zij er is (ISO 8601, UTC).' })
  loadedAt!: string
  @Field(() => Boolean, { description: 'Is dit de versie die nu geldt?' })
  current!: boolean
  @Field(() => String, { description: 'De tekst van sharing.yaml: wie wat mag zien.' })
  sharing!: string
  @Field(() => String, { description: 'De tekst van actions.yaml: wie wat mag doen.' })
  actions!: string
}

@Resolver()
export class PolicyVersionsResolver {
  @Query(() => [PolicyVersion], { nullable: true, description: 'De versies van het beleid, nieuwste eerst.' })
  policyVersions(
    @Arg('hash', () => String, { nullable: true, description: 'Alleen deze versie.' }) hash: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<PolicyVersionData[]> {
    return perform(world, capacity, 'policyVersions', (act) => listPolicyVersions(act, hash ?? null))
  }
}
