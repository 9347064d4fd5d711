// An honest restore: somebody who has the key says, for ever and in the file of checkpoints, from which seal back to which one the database was set.
import { asNobody } from '../database/door.js'
import { PlainError } from '../errors.js'
import { readerOf } from './checkpoint.js'
import { append, keysOf, lengthOf } from './checkpoint-file.js'
import { type FileStory, standing, storyOf } from './file-story.js'
import { newestSeal, type Sealer, sealsFrom, whileAlone } from './seal.js'
import { NOTHING, type Seal } from './tree.js'

/**
 * Returns what it wrote, in a sentence. Sealing goes on after the newest seal that database and checkpoints have in common.
 * @throws PlainError when there is nothing to accept, or the file itself was tampered with
 */
export async function acceptRestore(sealer: Sealer): Promise<string> {
  const { folder, key, database } = sealer
  const story = await storyOf(folder, await lengthOf(folder), await readerOf([...(await keysOf(folder)), key.public]))
  if (story.faults.length > 0)
    throw new PlainError(`The file of checkpoints itself is not as it was written, so nothing is accepted: ${story.faults[0]}.`)
  const { newest, head: from } = story
  const begin = newest ? undefined : await asNobody(database, async (sql) => (await sealsFrom(sql, await newestSeal(sql)))[0])
  const common = newest ? await inCommon(sealer, story) : begin
  const { seal, hash, records } = common ? { ...common, seal: common.number } : NOTHING
  if (seal === from.seal && hash === from.hash)
    throw new PlainError('The newest seal that was signed is in the database: there is nothing to accept.')
  const isWritten = await whileAlone(sealer, async (_sql, tail) => {
    if (tail.last !== newest?.token) return false
    await append(folder, key, tail, {
      kind: 'restored',
      seal,
      hash,
      records,
      expired: Math.min(from.expired, seal),
      from: newest ? { seal: from.seal, hash: from.hash, records: from.records, expired: from.expired } : null,
      signedAt: sealer.now().toISOString(),
    })
    return true
  })
  if (!isWritten) throw new PlainError('Somebody is sealing at this moment: try again.')
  return newest
    ? `Accepted and signed: the database was set back from seal ${from.seal} to seal ${seal}; sealed records given up: ${from.records - records}.`
    : `Accepted and signed: the checkpoints begin at seal ${seal}; sealed records up to there, under none of this folder: ${records}.`
}

/** The newest seal that is in the database as it was signed. */
async function inCommon({ folder, database }: Sealer, story: FileStory): Promise<Seal | undefined> {
  let common: Seal | undefined
  let page: Seal[] = []
  for await (const { seal, hash } of standing(folder, story)) {
    if ((page.at(-1)?.number ?? 0) < seal) page = await asNobody(database, (sql) => sealsFrom(sql, seal))
    const found = page.find(({ number }) => number === seal)
    if (found?.hash !== hash) return common
    common = found
  }
  return common
}
