// One PostgreSQL for the whole run, in a folder of its own; its released database is the template of every test file.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { readRetention } from '#app/anonymity/retention.js'
import { startEmbedded, superuserUrl } from '#app/database/embedded.js'
import { release } from '#app/database/release.js'
import { KEYS } from './keys.js'

const POLICIES = fileURLToPath(new URL('../../policies/', import.meta.url))

declare module 'vitest' {
  interface ProvidedContext {
    cluster: { ownerUrl: string; serverUrl: string; superuserUrl: string }
  }
}

export default async function setup({ provide }: TestProject) {
  // A run inside a run: test/proof/faults.test.ts.
  const { TEST_CLUSTER } = process.env
  if (TEST_CLUSTER) return provide('cluster', JSON.parse(TEST_CLUSTER))
  const folder = mkdtempSync(join(tmpdir(), 'warme-overdracht-'))
  chmodSync(folder, 0o755) // As root, PostgreSQL runs as another user.
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const { ownerUrl, serverUrl, port, stop } = await startEmbedded({ folder, announce: console.warn })
    try {
      // Small worlds are all rare: with k 1 nothing is coarsened at entry. The rule itself is tried with the real policy (test/anonymity/entry.test.ts).
      await release({ ownerUrl, serverUrl, keys: KEYS, retention: { ...readRetention(POLICIES), k: 1 } })
    } catch (fault) {
      await stop()
      throw fault
    }
    provide('cluster', { ownerUrl, serverUrl, superuserUrl: superuserUrl(folder, port) })
    return async () => {
      await stop()
      remove()
    }
  } catch (fault) {
    remove()
    throw fault
  }
}
