// What every page shares: the frame around its content, and the headers it is sent with.
import type { FastifyReply } from 'fastify'
import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'

/** The frame of a page, in Dutch. Scripts and styles are addresses on this server; nothing stands in the page itself. */
export function Page(props: {
  title: string
  styles: readonly string[]
  scripts?: readonly string[]
  kind?: 'wide'
  children: ComponentChildren
}) {
  return (
    <html lang="nl">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{props.title}</title>
        <link rel="icon" href="data:," />
        {props.styles.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {props.scripts?.map((src) => (
          <script key={src} src={src} defer />
        ))}
      </head>
      <body class={props.kind}>
        <a class="skip" href="#inhoud">
          Naar de inhoud
        </a>
        {props.children}
      </body>
    </html>
  )
}

/** Only this server, no script or style in the page itself, never in a frame. */
const CLOSED = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", 'img-src data:']

export const READING = [...CLOSED, "style-src 'self'"].join('; ')

/** CodeMirror, inside GraphiQL, sets styles from script; GraphiQL's fonts are in its style sheet. */
export const GRAPHIQL = [
  ...CLOSED,
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'font-src data:',
].join('; ')

export function sendPage(reply: FastifyReply, policy: string, page: VNode) {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-cache')
    .send(`<!doctype html>${renderToString(page)}`)
}
