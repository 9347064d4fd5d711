// The list of seeded faults: what goes wrong, where it is put, and which test of the suite is there to find it.
import { ANONYMITY } from './faults/anonymity.js'
import { ASKING } from './faults/asking.js'
import { DECIDING } from './faults/deciding.js'
import { EVIDENCE } from './faults/evidence.js'
import { HANDING_OVER } from './faults/handing-over.js'
import { RECORDING } from './faults/recording.js'
import { WALL } from './faults/wall.js'
import type { Change } from './faulty-copy.js'

export type Fault = Change &
  Readonly<{
    /** One sentence: what would be the matter. */
    fault: string
    /** A file of tests, and part of the titles of those that should fail. */
    by: string
    title: string
  }>

export const FAULTS: readonly Fault[] = [
  ...DECIDING,
  ...ASKING,
  ...HANDING_OVER,
  ...RECORDING,
  ...EVIDENCE,
  ...ANONYMITY,
  ...WALL,
]
