// The standards as schemas: what misses one is told where.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { LogFormat } from '#app/access-log/export.js'

const schema = (name: string) => JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), 'utf8'))

// Words that no draft knows are mistakes; that each word names its type again is a matter of taste.
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
const checks = {
  ADL: ajv.compile(schema('authorization-decision-log')),
  LDV: ajv.compile(schema('logboek-dataverwerkingen')),
  OTLP: ajv.compile(schema('otlp-traces')),
}

/** Where a record misses its standard; nothing when it is as it should be. */
export function misses(format: LogFormat, record: unknown): string[] {
  checks[format](record)
  return (checks[format].errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
}

/** A record with one place of it changed, or taken out; `path` in steps. */
export function broken<T>(record: T, path: readonly (string | number)[], value?: unknown): T {
  const copy = structuredClone(record)
  const [last, ...above] = path.toReversed()
  const holder = above.reverse().reduce((inner: any, step) => inner[step], copy)
  if (value === undefined) delete holder[last!]
  else holder[last!] = value
  return copy
}
