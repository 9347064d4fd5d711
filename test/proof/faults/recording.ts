// Faults in the transaction of an operation and in its record: no log line, no answer.
import type { Fault } from '../faults.js'

const DOOR = 'test/database/door.test.ts'
const MAIN_JOB = 'test/journeys/main-job.test.ts'
const OUTAGE = 'test/graphql/outage.test.ts'

export const RECORDING: readonly Fault[] = [
  {
    fault: 'No record is written',
    file: 'src/operations/perform.ts',
    from: '      await writeRecord(act)\n',
    to: '',
    by: MAIN_JOB,
    title: 'a contact becomes a hand-off that is accepted, followed and closed',
  },
  {
    fault: 'A record that cannot be written is passed over in silence',
    file: 'src/operations/perform.ts',
    from: 'await writeRecord(act)',
    to: 'await writeRecord(act).catch(() => undefined)',
    by: OUTAGE,
    title: 'the log may not be written: a fault, no data, and nothing changed',
  },
  {
    fault: 'The record is written after the answer was committed',
    file: 'src/operations/perform.ts',
    from: `      const result = await work(act)
      await writeRecord(act)
      return result
    })`,
    to: `      return { act, result: await work(act) }
    }).then(async ({ act, result }) => {
      await asCapacity(world.database, capacity, { ...moment, kind: 'mutation' }, (sql) => writeRecord({ ...act, sql }))
      return result
    })`,
    by: OUTAGE,
    title: 'the log may not be written: a fault, no data, and nothing changed',
  },
  {
    fault: 'REPEATABLE READ is dropped: decision, rows and record are of different moments',
    file: 'src/database/door.ts',
    from: "moment.kind === 'query' ? Prisma.TransactionIsolationLevel.RepeatableRead : Prisma",
    to: 'Prisma',
    by: DOOR,
    title: 'within a query everything is of one moment',
  },
  {
    fault: 'A capacity stays on the connection after its transaction',
    file: 'src/database/door.ts',
    from: "set_config('role', ${databaseRole(capacity)}, true), set_config('app.capacity', ${who}, true)",
    to: "set_config('role', ${databaseRole(capacity)}, false), set_config('app.capacity', ${who}, false)",
    by: DOOR,
    title: 'the next on its connection is nobody',
  },
  {
    fault: 'An acknowledged record may be lost in a crash',
    file: 'src/database/door.ts',
    from: "set_config('synchronous_commit', 'on', true), ",
    to: '',
    by: DOOR,
    title: 'what is committed survives a crash',
  },
  {
    fault: 'The operation is run before it is asked who may',
    file: 'src/operations/perform.ts',
    from: 'const purpose = purposeFor(action, capacity.role)\n  if (',
    to: "const purpose = purposeFor(action, capacity.role) ?? 'OVERVIEW'\n  if (",
    by: 'test/operations/perform.test.ts',
    title: 'of another role does not begin',
  },
  {
    fault: 'The record names no category that was withheld',
    file: 'src/access-log/record.ts',
    from: '    else withheld[category] = { rule: because, reason: reasonOf(because) }\n',
    to: '',
    by: MAIN_JOB,
    title: '20: the record names what was asked for',
  },
  {
    fault: 'A hand-off to a union stands in the log of an officer',
    file: 'src/access-log/record.ts',
    from: "=> kind === 'UNION'",
    to: '=> kind === null',
    by: 'test/journeys/desk.test.ts',
    title: 'is not there for coordinator and privacy officers',
  },
  {
    fault: 'A gap in the log of an officer tells of a hand-off to a union',
    file: 'src/access-log/record.ts',
    from: 'confidential: isAllConfidential || object.confidential,',
    to: 'confidential: object.confidential,',
    by: MAIN_JOB,
    title: 'not even by a gap',
  },
  {
    fault: 'A decision is explained with the agreement as it is now, not as it was then',
    file: 'src/insight/facts.ts',
    from: 'event && { ...agreement, state: event.state, events: number }',
    to: 'event && { ...agreement, events: number }',
    by: 'test/insight/replay.test.ts',
    title: 'nothing: it is decided with the agreement in the state of its event',
  },
]
