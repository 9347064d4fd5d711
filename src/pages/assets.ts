// The files that pages use: a short fixed list, kept in memory, each at an address that changes when the file does.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { FastifyInstance } from 'fastify'

const require = createRequire(import.meta.url)
/** This project's own files stay in src, also when the server runs from dist. */
const own = (file: string) => new URL(`../../src/pages/assets/${file}`, import.meta.url)

/** Files for browsers stand beside what a package exports, so they are found from its package.json. */
const from = (name: string, file: string) => new URL(file, pathToFileURL(require.resolve(`${name}/package.json`)))

const FILES = {
  'pages.css': own('pages.css'),
  'graphiql-boot.js': own('graphiql.js'),
  'graphiql.js': from('graphiql', 'graphiql.min.js'),
  'graphiql.css': from('graphiql', 'graphiql.min.css'),
  'react.js': from('react', 'umd/react.production.min.js'),
  'react-dom.js': from('react-dom', 'umd/react-dom.production.min.js'),
} as const

export type AssetName = keyof typeof FILES

/** Serves the files and says where each is. They may be kept for ever: another content is another address. */
export function registerAssets(app: FastifyInstance): Readonly<Record<AssetName, string>> {
  const paths = Object.entries(FILES).map(([name, file]) => {
    const content = readFileSync(file)
    const path = `/assets/${createHash('sha256').update(content).digest('hex').slice(0, 16)}/${name}`
    app.get(path, (_request, reply) =>
      reply
        .type(name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8')
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .send(content),
    )
    return [name, path] as const
  })
  return Object.fromEntries(paths) as Record<AssetName, string>
}
