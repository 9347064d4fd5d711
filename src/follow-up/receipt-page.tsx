// The receipt on paper: one document with everything in it, that asks nothing of anybody and holds no identity.
import { renderToString } from 'preact-render-to-string'
import { Qr } from './qr.js'
import { type Agreed, type ReceiptLanguage, sectionsOf, titleIn } from './receipt.js'

const WORDS = {
  nl: {
    code: 'Uw volgcode',
    secret: 'Bewaar deze code goed en laat hem aan niemand zien. Wie de code heeft, kan zien hoe het met uw vraag gaat.',
    qr: 'QR-code met uw volgcode',
  },
  en: {
    code: 'Your follow-up code',
    secret: 'Keep this code safe and show it to nobody. Whoever has the code can see how your question is going.',
    qr: 'QR code of your follow-up code',
  },
} as const

/** Black on white, one column, A4; headings in order (WCAG 2.2 AA). */
const STYLE = `
  :root { color-scheme: light }
  body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; background: #fff; color: #000; font: 1rem/1.5 sans-serif }
  h1 { font-size: 1.6rem; line-height: 1.2 }
  h2 { margin: 1.4rem 0 .3rem; font-size: 1.15rem }
  p, ul { margin: .3rem 0 }
  .code { font: 700 1.6rem/1.4 monospace; letter-spacing: .05em }
  svg { display: block; width: 10rem; height: 10rem }
  @page { size: A4; margin: 20mm }
  @media print { body { max-width: none; margin: 0; padding: 0; font-size: 11pt } section { break-inside: avoid } }
`

export function printable(agreed: Agreed, code: string, language: ReceiptLanguage): string {
  const words = WORDS[language]
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>{titleIn(language)}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <h1>{titleIn(language)}</h1>
          {sectionsOf(agreed, language).map(({ heading, lines, isList }) => (
            <section key={heading}>
              <h2>{heading}</h2>
              {isList ? (
                <ul>
                  {lines.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              ) : (
                lines.map((line) => <p key={line}>{line}</p>)
              )}
            </section>
          ))}
          <section>
            <h2>{words.code}</h2>
            <p class="code">{code}</p>
            <Qr text={code} label={words.qr} />
            <p>{words.secret}</p>
          </section>
        </main>
      </body>
    </html>
  )
  return `<!doctype html>${renderToString(page)}`
}
