// The guard at the command line: JSON lines {"id","text"} in, {"id","findings":[{"start","end","kind"}]} out, in the same order.
import { pipeline } from 'node:stream/promises'
import { guarded } from './guarded.js'

try {
  await pipeline(process.stdin.setEncoding('utf8'), guarded, process.stdout)
} catch (fault) {
  // Whoever reads the answers may stop when it has enough, as `head` does.
  if ((fault as NodeJS.ErrnoException).code !== 'EPIPE') throw fault
}
