// A disk that is really full, for one table: a file system of a megabyte where this user may mount one; elsewhere the kernel's own full device.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { postgresUser } from '#app/database/binaries.js'

export type FullDisk = {
  /** How it is done here, for whoever reads the output. */
  kind: string
  /** Empties the table, with what hangs on it, puts it on the disk, and fills that. */
  fill: (table: string) => Promise<void>
  /** There is room again. */
  free: (table: string) => Promise<void>
  remove: () => Promise<void>
}

/** `admin` is the superuser; undefined where there is neither way (no Linux). */
export async function fullDisk(admin: Client): Promise<FullDisk | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'wo-disk-'))
  const name = folder.replace(/.*-/, 'disk_').toLowerCase()
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder]).status === 0
  if (!isMounted && !existsSync('/dev/full')) {
    rmSync(folder, { recursive: true })
    return undefined
  }
  chmodSync(folder, 0o700)
  const { uid, gid } = postgresUser()
  if (uid !== undefined) chownSync(folder, uid, gid!)
  await admin.query(`CREATE TABLESPACE ${name} LOCATION '${folder}'`)

  const ballast = join(folder, 'ballast')
  const pathOf = async (table: string) => {
    const [{ path, data }] = (
      await admin.query(`SELECT pg_relation_filepath('${table}') AS path, current_setting('data_directory') AS data`)
    ).rows
    return join(data, path)
  }
  return {
    kind: isMounted ? 'a file system of one megabyte, filled' : 'a file of the table on /dev/full',
    async fill(table) {
      await admin.query(`TRUNCATE ${table} CASCADE`)
      await admin.query(`ALTER TABLE ${table} SET TABLESPACE ${name}`)
      if (isMounted) {
        // Byte by byte in the end, so that not even a page is left.
        for (const size of [65_536, 4096, 1]) {
          try {
            for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' })
          } catch (fault) {
            if ((fault as NodeJS.ErrnoException).code !== 'ENOSPC') throw fault
          }
        }
        return
      }
      // Nothing may be left to be written to the file that is taken away.
      await admin.query('CHECKPOINT')
      const file = await pathOf(table)
      rmSync(file)
      symlinkSync('/dev/full', file)
    },
    async free(table) {
      // Backends hold the device open: the table gets another file, as an operator would move it to another disk.
      if (isMounted) rmSync(ballast)
      else await admin.query(`ALTER TABLE ${table} SET TABLESPACE pg_default`)
    },
    async remove() {
      for (const { name: table } of (
        await admin.query(
          `SELECT c.relname AS name FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE c.relkind = 'r' AND t.spcname = '${name}'`,
        )
      ).rows)
        await admin.query(`ALTER TABLE ${table} SET TABLESPACE pg_default`)
      await admin.query(`DROP TABLESPACE ${name}`)
      if (isMounted) spawnSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
