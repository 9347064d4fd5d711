// Loaded into a server by test/bench/log.mjs alone, before everything else: its access record is then not written. The product has no such
// switch; what is compared is the built code as it is with the same code without one function.
import { register } from 'node:module'

const hook = `export async function load(url, context, next) {
  const loaded = await next(url, context)
  if (!url.endsWith('/dist/access-log/record.js')) return loaded
  const source = String(loaded.source).replace(/(export async function writeRecord\\([^)]*\\) \\{)/, '$1 return;')
  if (source === String(loaded.source)) throw new Error('there is no writeRecord to leave out')
  return { ...loaded, source }
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
