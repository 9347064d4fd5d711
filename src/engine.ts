// What decides: the name and version of this server, as the log keeps them with each decision.
import { readFileSync } from 'node:fs'

const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, string>

/** `warme-overdracht@0.2.0` */
export const ENGINE = `${name}@${version}`
