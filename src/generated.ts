// The generated files that people review: written by `npm run generate`, compared by `npm run check`.
import 'reflect-metadata'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { shapeOf } from './access-log/shape.js'
import { startEmbedded } from './database/embedded.js'
import { release } from './database/release.js'
import { wall } from './database/wall.js'
import { matrix } from './decide/matrix.js'
import { readPolicies } from './decide/policy-files.js'
import { printedSchema } from './graphql/schema.js'
import { loadKeyRing } from './identity/pseudonym.js'

const inProject = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Both are read from a database that was migrated for the purpose, so that they say what is, not what was meant. */
async function fromCatalogue(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'wall-'))
  chmodSync(folder, 0o755)
  const embedded = await startEmbedded({ folder })
  const client = new Client({ connectionString: embedded.ownerUrl })
  try {
    await release({ ...embedded, keys: loadKeyRing({ dataFolder: folder }) })
    await client.connect()
    return { 'prisma/wall.md': await wall(client), 'prisma/evidence.json': `${JSON.stringify(await shapeOf(client), null, 2)}\n` }
  } finally {
    await client.end()
    await embedded.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const files: Record<string, string> = {
  'schema/schema.graphql': printedSchema(),
  'policies/matrix.md': matrix(readPolicies(inProject('policies'))),
  ...(await fromCatalogue()),
}

const isCheck = process.argv.includes('--check')
for (const [path, text] of Object.entries(files)) {
  let current = ''
  try {
    current = readFileSync(inProject(path), 'utf8')
  } catch {
    // Not there yet: as stale as can be.
  }
  if (current === text) continue
  if (isCheck) {
    console.error(`${path} is stale: run npm run generate, and review the difference.`)
    process.exitCode = 1
  } else {
    writeFileSync(inProject(path), text)
    console.log(`${path} written`)
  }
}
