// Every version of the policy that was ever in use: a record of the log names one by its hash, and here it can be read again.
import { Prisma } from '../database/prisma/client.js'
import type { PolicyTexts } from '../decide/policy-files.js'
import type { Act } from '../operations/perform.js'

/** `loadedAt` is ISO 8601, UTC. */
export type PolicyVersionData = PolicyTexts & { hash: string; loadedAt: string; current: boolean }

/** Newest first; the one of this hash, or the last hundred. */
export function listPolicyVersions({ sql, world }: Act, hash: string | null): Promise<PolicyVersionData[]> {
  const only = hash === null ? Prisma.empty : Prisma.sql`WHERE v.hash = ${hash}`
  return sql.$queryRaw<PolicyVersionData[]>`
    SELECT v.hash, to_char(v.loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "loadedAt", v.hash = ${world.policies.hash} AS current,
      v.sharing, v.actions
    FROM policy_version v ${only} ORDER BY v.loaded_at DESC, v.hash LIMIT 100`
}
