// A program of ours, run by Node as people run it: what it says, and how it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export async function run(command: readonly string[], input = ''): Promise<{ out: string; err: string; code: number }> {
  const child = spawn(process.execPath, command)
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text))
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { out, err, code }
}
