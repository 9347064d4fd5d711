import { test } from 'vitest'
import { everybody, momentsAround, populate } from './population.js'
import { arrange, bringTo, emptyLedger } from './rows.js'
import { purposesOf, seeded } from './stories.js'
import { compare, readAs } from './wall.js'
import { freshDatabase } from '../support/database.js'
import { connected } from '../support/small-world.js'

test('try', { timeout: 600000 }, async () => {
  const chance = seeded(1)
  const anchor = '2026-03-29'
  const people = populate(chance, anchor, 5, 3000)
  const db = await freshDatabase()
  const admin = await connected(db.adminUrl), server = await connected(db.serverUrl)
  await arrange(admin, people)
  const ledger = emptyLedger()
  const count = { worlds: 0, cells: 0, open: 0, strangers: 0 }
  let bad = 0, txs = 0, tRead = 0, tComp = 0, tBring = 0
  for (const now of momentsAround(chance, anchor, 9)) {
    let t = performance.now()
    await admin.query('BEGIN')
    await bringTo(admin, people, now, ledger)
    await admin.query('COMMIT')
    await admin.query('ANALYZE')
    tBring += performance.now() - t
    for (const capacity of everybody(people)) for (const purpose of purposesOf(chance, capacity.role)) {
      t = performance.now()
      const read = await readAs(server, capacity, purpose, now)
      tRead += performance.now() - t; t = performance.now()
      txs++
      compare(read, capacity, people, purpose, now, count, (d) => { if (bad++ < 3) console.info(JSON.stringify(d)) })
      tComp += performance.now() - t
    }
  }
  console.info({ txs, tRead, tComp, tBring, bad, count })
  await admin.end(); await server.end(); await db.drop()
})
