// What somebody tells in parts, backwards or by a deed points at a person as much as what is written out; what only sounds so passes.
import { describe, expect, test } from 'vitest'
import { checkText } from '#app/anonymity/guard/check.js'
import { undisguised } from '#app/anonymity/guard/disguise.js'
import { normalise } from '#app/anonymity/guard/normalise.js'
import { words } from '#app/anonymity/guard/words.js'

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
    ['laatste vier van mob 6093, daarvoor 06 12 78', ['6093', '06', '12', '78']],
    ['letters XD, cijfers ervoor 7411, postcode van zijn zus', ['XD', '7411']],
    ['rijdt in een auto, vooraan RG, wil taxi rijden, midden 550, eind X is kenteken', ['RG', '550', 'X']],
    ['zn nr eerst 06 dan 4410 en dan als laatste 5729', ['4410', '5729']],
    ['op de Eikenlaan, als je nr 31 ziet ben je er', ['Eikenlaan', '31']],
    ['drieëntwintig op de Esdoornlaan woont ie', ['drieëntwintig', 'Esdoornlaan']],
    ['driehonderdtwaalf 908 elf is klantnummer', ['driehonderdtwaalf', '908', 'elf']],
    ['geboren op nul twee nul zeven zesennegentig', ['nul twee nul zeven zesennegentig']],
  ])('%s: all of it is found', (text, values) => {
    expect(values.filter((value) => !isCovered(text, value))).toEqual([])
  })
})

describe('What is disguised is read a second time, and points at where it was written', () => {
  test.each([
    ['woont Stati0nsweg l18 boven de winkel', 'Stati0nsweg l18', 'address'],
    ['thuis is Ga-ns-st-raat 71', 'Ga-ns-st-raat 71', 'address'],
    ['nr 54o2970o8 klopt', '54o2970o8', 'bsn'],
    ['gd l5/ol/I973', 'l5/ol/I973', 'birth-date'],
    ['tiktok @ k o k k i e _ 0 4 0', '@ k o k k i e _ 0 4 0', 'link'],
    ['site hxxps://petravink[.]art', 'hxxps://petravink[.]art', 'link'],
    ['aanhanger W D ★ 0 5 ★ F K', 'W D ★ 0 5 ★ F K', 'plate'],
    ['dos.nr WW-2O25-l1837', 'WW-2O25-l1837', 'case-number'],
  ])('%s', (text, value, kind) => {
    expect(found(text)).toEqual([[kind, value]])
  })
  test('what is part of a larger disguise is read once, with it', () => {
    expect(undisguised(normalise('gd l5/ol/I973 nu'), words())?.text).toBe('gd 15/01/1973 nu')
    expect(undisguised(normalise('gd 15/01/1973 nu'), words())).toBeUndefined()
  })
  test('in the midst of a long text as by itself, and of many each', () => {
    const filler = 'gesprek over scholing en werk. '.repeat(20)
    const text = `${filler}\nthuis is Ga-ns-st-raat 71\n${filler}\ngd l5/ol/I973\n${filler}`
    expect(found(text)).toEqual([
      ['address', 'Ga-ns-st-raat 71'],
      ['birth-date', 'l5/ol/I973'],
    ])
  })
})

describe('A code that somebody has, after a word for a thing, is still somebody’s', () => {
  test.each([
    ['bestelling klantnr K8812391', 'case-number'],
    ['order kenteken 12-abc-3 klopt', 'plate'],
    ['versie paspoort NX8812AB4', 'document'],
  ])('%s', (text, kind) => {
    expect(found(text).map(([one]) => one)).toEqual([kind])
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
  'eerste helft 2026 start groep 4 en in de tweede helft groep 5',
  'cursus begint met 3 lessen, daarna 12 weken stage, laatste deel 2 toetsen',
  'de laatste vier weken 32 uur, daarvoor 24 uur, belt nog',
  'zaal B12, iso9001 en nt2 b1, formulier 17b en 20l verf',
  'over de A28 en N348 naar werk, ploeg 06-14 14-22 22-06',
  'rijbewijs kost 6.000 ongeveer',
  'vacaturenr 2025-00418 orderpicker',
  'de o is een klinker, 3 is een getal: taalles op dinsdag',
])('ordinary: %s', (text) => {
  expect(found(text)).toEqual([])
})
