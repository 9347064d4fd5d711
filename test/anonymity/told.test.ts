// What somebody tells in parts, backwards or by a deed points at a person as much as what is written out; what only sounds so passes.
import { describe, expect, test } from 'vitest'
import { checkText } from '#app/anonymity/guard/check.js'

const found = (text: string) => checkText(text).findings.map(({ start, end, kind }) => [kind, text.slice(start, end)] as const)
const isCovered = (text: string, value: string) => {
  const start = text.indexOf(value)
  return checkText(text).findings.some((one) => one.start < start + value.length && one.end > start)
}

describe('A value told in two parts or three', () => {
  const told = [
    ['bsn', '1234', '56782'],
    ['kenteken', 'KX4', '71L'],
    ['paspoortnr', 'BSR4', '72LC8'],
    ['rekening', 'NL91ABNA', '0417164300'],
    ['telefoonnr', '06418', '30592'],
    ['klantnr', 'K88', '1239'],
    ['voornaam', 'Kwa', 'bena'],
  ] as const
  const ways: readonly ((called: string, a: string, b: string) => string)[] = [
    (called, a, b) => `${called} begint met ${a} en eindigt op ${b}`,
    (called, a, b) => `${called} begint met ${a} en eindigt (zelfde nummer) op ${b}`,
    (called, a, b) => `${called} start ${a} en gaat verder met ${b}`,
    (called, a, b) => `${called}: eerst ${a} dan ${b}`,
    (called, a, b) => `${called} eerste deel is ${a}, tweede deel ${b}`,
    (called, a, b) => `${called} begin ${a} slot ${b}`,
    (called, a, b) => `${called} eerste stuk: ${a} laatste stuk: ${b}`,
  ]
  test.each(told)('%s %s, %s is found, whatever the words for it', (called, a, b) => {
    const unseen = ways.map((way) => way(called, a, b)).filter((text) => !isCovered(text, a) || !isCovered(text, b))
    expect(unseen).toEqual([])
  })
  test.each([
    ['kenteken eerst NB dan 83 en als laatste RZ', ['NB', '83', 'RZ']],
    ['plaat JXl2OF met een 1 en een nul', ['JXl2OF']],
    ['achternaam achterstevoren: artskeoH doet logistiek', ['artskeoH']],
    ['zamliy omgekeerd is de naam', ['zamliy']],
    ['straat is Havikshorst, Lelystad, huisnr daarvan 117', ['Havikshorst', '117']],
    ['verjaart op koningsdag en is van 1998', ['1998']],
    ['bsn is 479IOI760', ['479IOI760']],
  ])('%s: all of it is found', (text, values) => {
    expect(values.filter((value) => !isCovered(text, value))).toEqual([])
  })
})

describe('A deed that a place remembers', () => {
  test.each([
    'de man die vorig jaar de brand in het dorpshuis van Eext aanstak wil werk',
    'jongen die vorige week uit het kanaal bij Almelo een kind redde',
    'vrouw die in Urk de supermarkt overviel zoekt een baan',
    'trainer van de hockeyclub in Borne die geschorst werd in april',
    'de man van 102 die nog elke dag bij de bakker in Ootmarsum werkt',
    'moeder van elf uit de flat in Emmeloord wil taalles',
    'oud-stationschef van Roden verveelt zich',
    'vrouwelijke kraanmachinist van de werf in Lelystad, de enige daar',
    'bakker uit Workum die haar beide benen verloor',
  ])('%s', (text) => {
    expect(found(text).map(([kind]) => kind)).toContain('description')
  })
})

test.each([
  'naam begint altijd met een hoofdletter en eindigt met een punt',
  'telefoon eerst opladen dan bellen',
  'postcode en dan huisnummer invullen',
  'kenteken eerst controleren, dan 2 weken wachten',
  'rekening eerst openen, daarna 3 maanden sparen',
  'paspoort eerst aanvragen dan pas solliciteren',
  'tweede gesprek omgekeerd gepland, eerst de werkgever',
  'man die vorig jaar in Ede een cursus vond',
  'vrouw die in Amersfoort haar baan verloor zoekt werk',
  'jongen die in Utrecht zijn rijbewijs kreeg',
  'client die geschorst is bij de ww',
  'oud-collega van de bakker in Ede zoekt werk',
  'de brand in het dorpshuis is geblust',
  'moeder van drie uit Ede wil parttime werken',
  'bus 102 van Amersfoort naar Ede',
  'verjaardag van het werkcentrum in 2026',
])('ordinary: %s', (text) => {
  expect(found(text)).toEqual([])
})
