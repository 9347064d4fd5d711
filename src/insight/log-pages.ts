// Reading the log to decide it again: page by page in one transaction, with the facts that its lines refer to.
import { setImmediate } from 'node:timers/promises'
import { instant, ownParts } from '../access-log/access-log.js'
import { ownAgreements } from '../agreements/agreements.js'
import { CONSENT } from '../consent/consent-history.js'
import { isUuid, type Sql } from '../database/door.js'
import { Prisma } from '../database/prisma/client.js'
import { asInstant } from '../database/rows.js'
import { decider } from '../decide/decide.js'
import { type Policies, parsePolicies, type Sharing } from '../decide/policy-files.js'
import { badInput, PlainError } from '../errors.js'
import type { Act } from '../operations/perform.js'
import type { AgreementStory, ConsentVersion } from './facts.js'
import { type LockFacts, type LoggedPart, loggedObjects } from './replay.js'
import type { Rules } from './what-if.js'

/** How much of the log is decided again in one go: lines (one operation about one pair of organisations) and decisions in them. */
const MOST_LINES = 10_000
const MOST_DECISIONS = 250_000
const PAGE = 250
/** After so many decisions, some tens of milliseconds, the event loop goes round. */
const BREATH = 5_000

export type Period = { from: string; until: string }

/**
 * Hands every part of the own log in a period, oldest first, to `take`, which says how many decisions it found in it. `versions` holds the
 * policies that parts of this page name, as far as they can be read.
 * @throws Refusal BAD_INPUT when the period holds more than can be answered in one go.
 */
export async function readLog(
  act: Act,
  { from, until }: Period,
  take: (part: LoggedPart, facts: LockFacts, versions: ReadonlyMap<string, PolicyVersion>) => number,
): Promise<{ records: number }> {
  const within = Prisma.sql`${ownParts(act)} AND p.at >= ${instant(from)}::timestamptz AND p.at < ${instant(until)}::timestamptz`
  const agreements = await readAgreements(act.sql, ownAgreements(act))
  const consents = new Map<string, ConsentVersion[]>()
  const versions = new Map<string, PolicyVersion>()
  let [lines, decisions, records] = [0, 0, 0]
  let last: (LoggedPart & { number: number }) | undefined
  do {
    const after = last
      ? Prisma.sql`${within} AND (p.at, p.record_id, p.number) > (${last.at}::timestamptz, ${last.recordId}::uuid, ${last.number}::smallint)`
      : within
    const parts = await readParts(act.sql, after, PAGE)
    lines += parts.length
    if (lines > MOST_LINES) throw tooMuch()
    await readVersions(act, parts, versions)
    await readConsents(act.sql, parts.flatMap(handOffsIn), consents)
    for (const part of parts) {
      if (part.recordId !== last?.recordId) records++
      const decided = take(part, { agreements, consents }, versions)
      decisions += decided
      if (decisions > MOST_DECISIONS) throw tooMuch()
      last = part
      // Deciding is work without waiting: others get their turn.
      if (Math.floor(decisions / BREATH) > Math.floor((decisions - decided) / BREATH)) await setImmediate()
    }
    if (parts.length < PAGE) last = undefined
  } while (last)
  return { records }
}

export const handOffsIn = ({ werkcentrumId, objects }: LoggedPart): HandOffKey[] =>
  werkcentrumId === null
    ? []
    : loggedObjects({ objects }).flatMap((object) =>
        object?.type === 'HandOff' && isUuid(object.reference) ? [{ werkcentrumId, handOffId: object.reference }] : [],
      )

const tooMuch = () =>
  badInput(`This period holds more than ${MOST_LINES} lines or ${MOST_DECISIONS} decisions: ask for a shorter one.`)

/** Parts of the log, oldest first; `where` speaks of `p`. */
export function readParts(sql: Sql, where: Prisma.Sql, limit: number): Promise<(LoggedPart & { number: number })[]> {
  return sql.$queryRaw`
    WITH p AS MATERIALIZED (SELECT p.* FROM access_record_part p WHERE ${where} ORDER BY p.at, p.record_id, p.number LIMIT ${limit})
    SELECT p.record_id AS "recordId", ${asInstant(Prisma.sql`p.at`)} AS at, p.number, r.role, r.operation, r.purpose,
      r.policy_hash AS "policyHash", p.werkcentrum_id AS "werkcentrumId", p.partner_id AS "partnerId", o.name AS "partnerName",
      o.kind AS "partnerKind", p.objects
    FROM p JOIN access_record r ON r.at = p.at AND r.id = p.record_id LEFT JOIN partner o ON o.id = p.partner_id
    ORDER BY p.at, p.record_id, p.number`
}

/** Agreements with their stories, by id; `where` speaks of `a`. */
export async function readAgreements(sql: Sql, where: Prisma.Sql): Promise<Map<string, AgreementStory>> {
  const agreements = await sql.$queryRaw<AgreementStory[]>`
    SELECT a.id, a.version, a.state, a.cells, a.events, a.valid_from::text AS "validFrom", a.valid_to::text AS "validTo",
      a.werkcentrum_id AS "werkcentrumId", a.partner_id AS "partnerId", a.signed_on::text AS "signedOn",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('number', e.number, 'state', e.state, 'at', e.at) ORDER BY e.number), '[]')
        FROM agreement_event e WHERE e.werkcentrum_id = a.werkcentrum_id AND e.agreement_id = a.id) AS story
    FROM agreement a WHERE ${where}`
  return new Map(agreements.map((agreement) => [agreement.id, agreement]))
}

type HandOffKey = { werkcentrumId: string; handOffId: string }

/** Adds the versions of the consents of these hand-offs, in order, for those that are not there yet. */
export async function readConsents(
  sql: Sql,
  keys: readonly HandOffKey[],
  consents: Map<string, ConsentVersion[]>,
): Promise<void> {
  const werkcentra: string[] = []
  const handOffs: string[] = []
  for (const { werkcentrumId, handOffId } of keys) {
    if (consents.has(handOffId)) continue
    consents.set(handOffId, [])
    werkcentra.push(werkcentrumId)
    handOffs.push(handOffId)
  }
  if (handOffs.length === 0) return
  const found = await sql.$queryRaw<(ConsentVersion & { handOffId: string })[]>`
    SELECT c.hand_off_id AS "handOffId", ${CONSENT}, c.day::text AS day
    FROM unnest(${werkcentra}::uuid[], ${handOffs}::uuid[]) AS k (werkcentrum_id, hand_off_id)
      JOIN consent c ON c.werkcentrum_id = k.werkcentrum_id AND c.hand_off_id = k.hand_off_id
    ORDER BY c.hand_off_id, c.version`
  for (const { handOffId, ...version } of found) consents.get(handOffId)?.push(version)
}

/** A policy of then. */
export type PolicyVersion = Rules & Readonly<{ sharing: Sharing }>

export const versionOf = ({ sharing, actions }: Policies): PolicyVersion => ({ sharing, actions, decide: decider(sharing) })

/** Adds the policies that these parts name, as far as they can be read. */
async function readVersions(
  { sql, world }: Act,
  parts: readonly Pick<LoggedPart, 'policyHash'>[],
  versions: Map<string, PolicyVersion>,
): Promise<void> {
  const { hash, sharing, actions } = world.policies
  versions.set(hash, { sharing, actions, decide: world.decide })
  const unknown = [...new Set(parts.map(({ policyHash }) => policyHash))].filter((hash) => !versions.has(hash))
  if (unknown.length === 0) return
  for (const texts of await sql.policyVersion.findMany({ where: { hash: { in: unknown } } })) {
    const version = versionFrom(texts)
    if (version) versions.set(texts.hash, version)
  }
}

/** The policy with this hash; undefined when it cannot be read. */
export async function readVersion(act: Act, hash: string): Promise<PolicyVersion | undefined> {
  const versions = new Map<string, PolicyVersion>()
  await readVersions(act, [{ policyHash: hash }], versions)
  return versions.get(hash)
}

/** A text of years ago may use words that the reader no longer knows: then there is no version, and what it decided cannot be decided again. */
export function versionFrom(texts: { sharing: string; actions: string }): PolicyVersion | undefined {
  try {
    return versionOf(parsePolicies(texts))
  } catch (fault) {
    if (fault instanceof PlainError) return undefined
    throw fault
  }
}
