// prisma/wall.md shows the second wall as it is: what people reviewed is what the database does.
import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wall } from '#app/database/wall.js'
import { freshDatabase, type TestDatabase } from '../support/database.js'

const WALL = new URL('../../prisma/wall.md', import.meta.url)

let database: TestDatabase
let owner: Client

beforeAll(async () => {
  database = await freshDatabase()
  owner = new Client({ connectionString: database.ownerUrl })
  await owner.connect()
})

afterAll(async () => {
  await owner?.end()
  await database?.drop()
})

test('prisma/wall.md is up to date', async () => {
  const now = await wall(owner)
  expect(readFileSync(WALL, 'utf8'), 'Renew it: npm run generate, and have it reviewed.').toBe(now)
})

// Each of these must show, or the comparison above would not see it either.
test.each([
  ['a wall taken down', 'alter table consent disable row level security', '**ROW-LEVEL SECURITY IS OFF.**'],
  ['a grant', 'grant delete on consent to wo_handler', 'S I D'],
  ['a grant to everyone', 'grant select on warm_call to public', '| PUBLIC |'],
  ['a grant on a column', 'grant select (hash) on follow_up_code to wo_nobody', '| nobody | follow_up_code | SELECT | hash |'],
  [
    'a policy',
    `create policy everyone on consent for select to wo_nobody using (true)`,
    '**everyone** (reads) for nobody\n  - reaches: `true`',
  ],
  [
    'a changed policy',
    'alter policy own_inbox on consent using (true)',
    '  - reaches: `true`\n  - writes: `(partner_id = (SELECT app_organisation()))`',
  ],
  ['a new table', 'create table tomorrow (a text)', '### tomorrow\n\n**ROW-LEVEL SECURITY IS OFF.** No policy'],
  [
    'a function with the rights of its owner',
    `create function door() returns int language sql security definer as 'select 1'`,
    '`door() → integer`: volatile, not leakproof, runs as **its owner (SECURITY DEFINER)**',
  ],
  ['a function that everybody may call', 'grant execute on function erase_by_code() to public', 'called by PUBLIC, wo_visitor'],
  [
    'a function whose path is that of its caller',
    'alter function erase_by_code() reset search_path',
    '**its owner (SECURITY DEFINER)** with the settings of its caller; called by wo_visitor',
  ],
  ['a view', 'create view window_view as select * from consent', 'view `window_view`'],
])('it would show %s', async (_, sql, said) => {
  expect(await wall(owner)).not.toContain(said)
  await owner.query('begin')
  try {
    await owner.query(sql)
    expect(await wall(owner)).toContain(said)
  } finally {
    await owner.query('rollback')
  }
})
