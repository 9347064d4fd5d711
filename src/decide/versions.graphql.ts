// Every version of the policy that was ever in use: a record of the log names one by its hash, and here it can be read again.
import { Arg, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { Prisma } from '../database/prisma/client.js'
import { Ask } from '../graphql/asked.js'
import type { Context } from '../graphql/context.js'
import { perform } from '../operations/perform.js'

@ObjectType({ description: 'Een versie van het beleid, zoals die in gebruik was. Blijft altijd op te vragen.' })
class PolicyVersion {
  @Field(() => ID, { description: 'SHA-256 van de bestanden; zo noemt het logboek deze versie.' })
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
    @Arg('hash', () => ID, { nullable: true, description: 'Alleen deze versie.' }) hash: string | null,
    @Ask() { world, capacity }: Context,
  ): Promise<PolicyVersion[]> {
    const only = hash == null ? Prisma.empty : Prisma.sql`WHERE v.hash = ${hash}`
    return perform(
      world,
      capacity,
      'policyVersions',
      ({ sql }) => sql.$queryRaw<PolicyVersion[]>`
        SELECT v.hash, to_char(v.loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "loadedAt", v.hash = ${world.policies.hash} AS current,
          v.sharing, v.actions
        FROM policy_version v ${only} ORDER BY v.loaded_at DESC, v.hash LIMIT 100`,
    )
  }
}
