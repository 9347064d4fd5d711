// The report as a document to print: one page of HTML with its own style and drawings, no scripts, nothing fetched; readable in black and white.
import { dayInWords } from '../handoffs/calendar.js'
import type { Report, ReportGoal, ReportTable } from './report.js'

const safe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const inDutch = new Intl.NumberFormat('nl-NL')
/** What stands where a number is not told. */
const UNTOLD = '<abbr title="wordt niet genoemd">·</abbr>'
const number = (value: number | null): string => (value === null ? UNTOLD : inDutch.format(value))
const percent = (value: number | null): string => (value === null ? '' : `${value}%`)

const STYLE = `
@page { size: A4; margin: 14mm }
* { box-sizing: border-box }
body { font: 10.5pt/1.4 "Liberation Sans", Arial, sans-serif; color: #111; margin: 0 auto; max-width: 190mm; padding: 8mm }
h1 { font-size: 19pt; line-height: 1.2; margin: 0 }
h2 { font-size: 13pt; margin: 7mm 0 2mm; border-bottom: 1.5pt solid #111; padding-bottom: 1mm }
p { margin: 1.5mm 0 }
.lead { font-size: 12pt }
.totals { display: grid; grid-template-columns: repeat(5, 1fr); gap: 3mm; margin: 5mm 0; padding: 0 }
.totals div { border: 1pt solid #111; padding: 2.5mm }
.totals dt { font-size: 8.5pt; min-height: 8.5mm }
.totals dd { margin: 0; font-size: 18pt; font-weight: bold }
.tables { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm 8mm; align-items: start }
figure, table { margin: 0; break-inside: avoid }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; font-weight: bold; padding-bottom: 1mm }
th, td { padding: .6mm 1mm; text-align: left; vertical-align: middle; font-weight: normal; border-bottom: .4pt solid #bbb; font-size: 9pt }
thead th { font-size: 8pt; color: #444 }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.bar { width: 26mm }
svg { display: block }
abbr { text-decoration: none }
footer { margin-top: 6mm; border-top: .5pt solid #111; padding-top: 2mm; font-size: 8.5pt }
@media print { body { padding: 0; max-width: none } }
`

/** A bar of a share; what it shows stands in the cells beside it. */
const bar = (share: number | null): string =>
  share === null
    ? ''
    : `<svg width="96" height="9" viewBox="0 0 96 9" aria-hidden="true"><rect width="96" height="9" fill="#fff" stroke="#999" stroke-width=".6"/><rect width="${Math.min(96, Math.max(1, Math.round(share * 0.96)))}" height="9" fill="#333"/></svg>`

const table = ({ title, rows }: ReportTable): string => `<table><caption>${safe(title)}</caption>
<thead><tr><th scope="col"></th><th scope="col" class="n">aantal</th><th scope="col" class="n">deel</th><th></th></tr></thead>
<tbody>${rows
  .map(
    ({ label, value, share }) =>
      `<tr><th scope="row">${safe(label)}</th><td class="n">${number(value)}</td><td class="n">${percent(share)}</td><td class="bar">${bar(share)}</td></tr>`,
  )
  .join('\n')}</tbody></table>`

/** Columns side by side for each quarter: contacts in black, hand-offs hatched, with their numbers above. */
function chartOf({ quarters }: Report): string {
  const most = Math.max(1, ...quarters.flatMap(({ contacts, offered }) => [contacts ?? 0, offered ?? 0]))
  const wide = 150
  const columns = quarters.map(({ label, contacts, offered }, index) => {
    const left = 20 + index * wide
    const column = (value: number | null, x: number, fill: string) => {
      const height = value === null ? 0 : Math.max(1, Math.round((90 * value) / most))
      return `<rect x="${x}" y="${110 - height}" width="42" height="${height}" fill="${fill}" stroke="#111"/><text x="${x + 21}" y="${105 - height}" text-anchor="middle">${value === null ? 'niet genoemd' : inDutch.format(value)}</text>`
    }
    return `${column(contacts, left, '#333')}${column(offered, left + 52, 'url(#hatched)')}<text x="${left + 47}" y="126" text-anchor="middle">${safe(label)}</text>`
  })
  const said = quarters.map(
    ({ label, contacts, offered }) =>
      `${label}: ${contacts ?? 'niet genoemd'} contactmomenten, ${offered ?? 'niet genoemd'} aangeboden overdrachten`,
  )
  return `<figure><svg width="100%" height="150" viewBox="0 0 ${wide * quarters.length + 20} 150" role="img" aria-label="${safe(said.join('; '))}" font-size="10" font-family="inherit" preserveAspectRatio="xMinYMid meet">
<defs><pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="#fff"/><rect width="2" height="5" fill="#333"/></pattern></defs>
<line x1="10" y1="110" x2="${wide * quarters.length + 10}" y2="110" stroke="#111"/>
${columns.join('\n')}
<rect x="20" y="138" width="10" height="10" fill="#333"/><text x="34" y="147">contactmomenten</text><rect x="130" y="138" width="10" height="10" fill="url(#hatched)" stroke="#111"/><text x="144" y="147">aangeboden overdrachten</text>
</svg></figure>`
}

const goalsOf = (goals: readonly ReportGoal[], year: number): string =>
  goals.length === 0
    ? `<p>Voor ${year} zijn geen doelen gezet.</p>`
    : `<table><caption>Hoe ver zijn we?</caption><thead><tr><th scope="col">doel voor ${year}</th><th scope="col" class="n">doel</th><th scope="col" class="n">bereikt in deze periode</th><th scope="col" class="n">deel</th><th></th></tr></thead><tbody>${goals
        .map(
          ({ label, target, reached, share }) =>
            `<tr><th scope="row">${safe(label)}</th><td class="n">${number(target)}</td><td class="n">${number(reached)}</td><td class="n">${percent(share)}</td><td class="bar">${bar(share)}</td></tr>`,
        )
        .join('\n')}</tbody></table>`

export const htmlOf = (report: Report): string => `<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rapport ${safe(report.werkcentrum)}, ${safe(report.periodInWords)}</title><style>${STYLE}</style></head>
<body><header><h1>${safe(report.werkcentrum)}</h1>
<p class="lead">Bereiken we iedereen die we willen bereiken? Rapport over het ${safe(report.periodInWords)}.</p>
<p>Arbeidsmarktregio ${safe(report.region)}. Vastgesteld op ${dayInWords(report.publishedOn)}.</p></header>
<main><dl class="totals">${report.totals.map(({ label, value }) => `<div><dt>${safe(label)}</dt><dd>${number(value)}</dd></div>`).join('')}</dl>
${chartOf(report)}
${report.sections.map(({ title, tables }) => `<section><h2>${safe(title)}</h2><div class="tables">${tables.map(table).join('\n')}</div></section>`).join('\n')}
<section><h2>Doelen</h2>${goalsOf(report.goals, report.goalsYear)}</section></main>
<footer><p>Een punt (·) is een getal dat niet genoemd wordt. Aantallen onder ${report.threshold}, nul ook, worden niet genoemd, en zoveel daarnaast dat niemand ze kan uitrekenen. Delen zijn afgerond; wat niet genoemd is, heeft geen deel. Overdrachten aan vakbonden tellen nergens mee.</p>
<p>Contactmomenten tellen in het kwartaal van het gesprek. Van overdrachten telt wat er in de periode gebeurde: aangeboden, beantwoord, geëindigd; dat zijn niet steeds dezelfde overdrachten.</p></footer>
</body></html>
`
