// Worlds that are lived: everything happens through the product's own operations, and after each it is asked who sees what.
import type { Client } from 'pg'
import { sightOf } from '#app/decide/seen.js'
import { Refusal } from '#app/errors.js'
import { codeHolder } from '#app/follow-up/follow-up.js'
import { findHandOff, findHandOffOfCode, type HandOffData } from '#app/handoffs/handoffs.js'
import type { Capacity } from '#app/identity/capacity.js'
import { perform } from '#app/operations/perform.js'
import { AGREEMENT_DEEDS, settle } from './agreement-deeds.js'
import { HAND_OFF_DEEDS, offer } from './hand-off-deeds.js'
import { capacity, guide, handler, type Life, type Living, type Place } from './life.js'
import { type Asker, dayInAmsterdam, maySee, type Purpose } from './naive.js'
import { ORGANISATION_OF_DESK, SHOWN } from './product.js'
import type { World } from './smallest.js'
import { type Chance, dayAfter, midnight } from './stories.js'

export type Wrong = { world: World; naive: boolean; product: boolean }

/** Its organisations, of nobody else's life. */
export async function arrangeLife(
  admin: Client,
  { werkcentrum, desk, partner, partnerKind, reserve, reserveKind }: Place,
): Promise<void> {
  await admin.query(
    `INSERT INTO partner (id, name, kind, legal_person) VALUES ($1, 'x', 'GEMEENTE', true), ($2, 'x', $3, true), ($4, 'x', $5, true) ON CONFLICT DO NOTHING`,
    [ORGANISATION_OF_DESK, partner, partnerKind, reserve, reserveKind],
  )
  await admin.query(`INSERT INTO werkcentrum SELECT $1, 'x', am_code FROM region LIMIT 1`, [werkcentrum])
  await admin.query(`INSERT INTO desk VALUES ($1, $2, 'x', NULL)`, [werkcentrum, desk])
  await admin.query('INSERT INTO controller (werkcentrum_id, partner_id) VALUES ($1, $2)', [werkcentrum, ORGANISATION_OF_DESK])
}

/** One life of a hand-off, with `length` things that somebody tries to do. Returns how much was done, and how many worlds were asked. */
export async function live(life: Omit<Life, 'stories' | 'versions' | 'agreed'>, length: number, report: (wrong: Wrong) => void) {
  const lived: Life = { ...life, stories: [], versions: new Map(), agreed: [] }
  const count = { done: 0, refused: 0, worlds: 0, cells: 0, open: 0 }
  const { chance, clock } = life
  if (chance.in(0.85)) await settle(lived)
  await offer(lived)
  for (let n = 0; n < length; n++) {
    clock.now = later(chance, clock.now)
    const deed = chance.pick([...HAND_OFF_DEEDS, ...AGREEMENT_DEEDS])
    try {
      await deed(lived)
      count.done++
    } catch (fault) {
      // What the product refuses did not happen.
      if (!(fault instanceof Refusal)) throw fault
      count.refused++
    }
    if (chance.in(0.3)) clock.now = later(chance, clock.now)
    for (const story of lived.stories) await ask(lived, story, count, report)
  }
  return count
}

/** A moment later, or over midnight, or some days. */
function later(chance: Chance, now: number): number {
  const day = dayInAmsterdam(now)
  const at = chance.in(0.4)
    ? now + 1 + chance.below(600_000)
    : midnight(dayAfter(day, chance.pick([1, 1, 1, 2, 3, 9]))) + chance.pick([-1, 0, 1, 3_600_000])
  return Math.max(at, now + 1)
}

/* Who sees what of it */

async function ask(
  life: Life,
  story: Living,
  count: { worlds: number; cells: number; open: number },
  report: (wrong: Wrong) => void,
) {
  const { world, chance, clock } = life
  const { now } = clock
  const { werkcentrum, partner } = story
  const looks: [Asker, Purpose, Capacity, string][] = [
    [{ role: 'GUIDE', of: werkcentrum }, 'HELP', guide(life), 'handOff'],
    [{ role: 'HANDLER', of: partner }, 'HELP', handler(story), 'handOff'],
    [{ role: 'COORDINATOR', of: werkcentrum }, 'FOLLOW_UP', capacity('COORDINATOR', 'WERKCENTRUM', werkcentrum), 'handOff'],
    [{ role: 'PRIVACY_OFFICER', of: partner }, 'OVERSEE', capacity('PRIVACY_OFFICER', 'PARTNER', partner), 'handOff'],
    [{ role: 'HANDLER', of: life.place.werkcentrum }, 'HELP', capacity('HANDLER', 'PARTNER', life.place.werkcentrum), 'handOff'],
    [{ role: 'CODE_HOLDER', of: story.code }, 'RIGHTS', codeHolder(world, story.followUpCode), 'followUp'],
  ]
  for (const [asker, purpose, acting, operation] of [...looks.slice(0, 2), chance.pick(looks.slice(2))]) {
    const handOff: HandOffData | undefined = await perform(world, acting, operation, (act) =>
      operation === 'followUp' ? findHandOffOfCode(act) : findHandOff(act, story.id),
    )
    // A code that followed its question shows where that is now.
    if (handOff && handOff.id !== story.id) continue
    count.worlds++
    for (const category of SHOWN) {
      const product = handOff ? (sightOf(handOff)!.get(category)?.allowed ?? false) : false
      const naive = maySee(asker, story, purpose, category, now)
      count.cells++
      if (naive) count.open++
      if (naive !== product) report({ world: { asker, story, purpose, category, now }, naive, product })
    }
  }
}
