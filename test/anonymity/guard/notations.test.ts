// What is written in one of its usual notations is found, whichever that is and wherever it stands; what only looks so passes.
import { describe, expect, test } from 'vitest'
import { checkText } from '#app/anonymity/guard/check.js'

/** Is all of `value` found in `text`, and as what? */
function foundIn(text: string, value: string): string | undefined {
  const start = text.indexOf(value)
  const end = start + value.length
  const over = checkText(text).findings.filter((one) => one.start < end && one.end > start)
  const covered = over.reduce((sum, one) => sum + Math.min(end, one.end) - Math.max(start, one.start), 0)
  return covered >= value.trim().length * 0.9 ? over[0]?.kind : undefined
}

/** Every value in every place that is given; those that pass unseen are shown. */
function areFound(values: readonly string[], places: readonly string[]) {
  const unseen = places
    .flatMap((place) => values.map((value) => [place.replace('_', value), value] as const))
    .filter(([text, value]) => foundIn(text, value) === undefined)
    .map(([text]) => text)
  expect(unseen.length, unseen.join('\n')).toBe(0)
}

/** "12345678", cut so: 2, 2, 2, 2. */
const cut = (value: string, ...sizes: number[]): string[] =>
  sizes.map((size, nth) => {
    const at = sizes.slice(0, nth).reduce((sum, each) => sum + each, 0)
    return value.slice(at, at + size)
  })
const both = (values: readonly string[]) => values.flatMap((value) => [value.toUpperCase(), value.toLowerCase()])

const ANYWHERE = ['_', 'heeft _ doorgegeven', '_ staat in het systeem', 'let op: _.', '(_)']

/** The letters and digits of the fourteen side codes, N for a digit. */
const SIDE_CODES =
  'XX-NN-NN NN-NN-XX NN-XX-NN XX-NN-XX XX-XX-NN NN-XX-XX NN-XXX-N N-XXX-NN XX-NNN-X X-NNN-XX XXX-NN-X X-NN-XXX N-XX-NNN NNN-XX-N'.split(
    ' ',
  )
/** No vowels, as the plates since 1978; "SD" and "SS" are never given. */
const plateOf = (form: string, nth: number) => {
  let at = nth
  return form.replace(/[XN]/g, (sign) => (sign === 'N' ? '4718305926'[at++ % 10]! : 'KXLTZRGHPN'[at++ % 10]!))
}
const plates = SIDE_CODES.flatMap((form) => [0, 3, 6].map((nth) => plateOf(form, nth)))

describe('A licence plate of any side code', () => {
  test('with dashes, in capitals or not, anywhere', () => {
    areFound(both(plates), [...ANYWHERE, 'auto _', 'parkeerkaart voor _'])
  })

  test('without dashes or with spaces, in capitals, anywhere', () => {
    const glued = plates.map((plate) => plate.replaceAll('-', ''))
    const spaced = plates.map((plate) => plate.replaceAll('-', ' '))
    areFound(
      [...glued.filter((plate) => !/^(?:[A-Z]{2}\d{4}|\d{4}[A-Z]{2})$/.test(plate)), ...spaced],
      ['kenteken _', 'rijdt in een _ rond', 'auto _', 'parkeerkaart voor _'],
    )
  })

  test('without dashes or with spaces, in small letters, beside a word for it', () => {
    const loose = plates
      .flatMap((plate) => [plate.replaceAll('-', ''), plate.replaceAll('-', ' ')])
      .map((plate) => plate.toLowerCase())
    areFound(loose, ['kenteken _', 'kenteken is _', 'auto _', 'met _ als kenteken'])
  })

  test('with a digit too many, or with other separators', () => {
    areFound(['8-KXL-307', 'KX-307-LT', '12.KXL.3', 'kx/30/lt', 'KX–30–LT', '8·KXL·30'], ['parkeerkaart voor _', 'kenteken _'])
  })
})

describe('A postcode', () => {
  const letters = ['RS', 'JT', 'HR', 'KX', 'EB', 'WL']
  const gaps = ['', ' ', '  ', '   ', '\t', '\u00a0', '\u2009', '-', ' - ']
  const postcodes = ['1315', '9203', '3811', '7941'].flatMap((digits) =>
    letters.flatMap((pair) => gaps.map((gap) => `${digits}${gap}${pair}`)),
  )
  test('with any white space, in capitals, anywhere', () => {
    areFound(postcodes, ['geef _ door aan de taxi', 'woont in _', '_ Lelystad', 'vanaf _, liefst dagdienst'])
  })
  test('in small letters, where somebody lives, leaves from or looks around', () => {
    const small = postcodes.map((postcode) => postcode.toLowerCase())
    areFound(small, [
      'woont in _',
      'reist vanaf _, liefst dagdienst',
      'omgeving _',
      'postcode _',
      'in _ gaan wonen',
      'rond _ zoeken',
    ])
  })
})

describe('An address', () => {
  const streets = [
    'Kerkstraat',
    'Zuiderkade',
    'Lindelaan',
    'Molenweg',
    'Nieuwe Gracht',
    'Lange Nering',
    "'t Hofke",
    'Laan van Meerdervoort',
    'Prins Hendrikstraat',
    'Burg. de Vlugtlaan',
    'Oude Rijksweg',
    'De Savornin Lohmanplein',
    '1e Oosterparkstraat',
    'Grote Markt',
    'Kortestr',
    'Havendijk',
    'Zonnesingel',
    'Schoolsteeg',
    'Beatrixplantsoen',
    'Achter de Kerk',
  ]
  const numbers = [
    '5',
    '33',
    '117',
    '61a',
    '61 A',
    '61-2',
    '61/3',
    '61 bis',
    '61hs',
    '61-III',
    'nr 61',
    'no. 61',
    'nummer 61',
    ', 61',
    't/o 61',
    '# 61',
  ]
  test('with a house number in any notation', () => {
    const addresses = streets.flatMap((street) =>
      numbers.map((number) => `${street}${number.startsWith(',') ? '' : ' '}${number}`),
    )
    const withStreet = addresses.filter((address) => !/^(?:Achter|1e|'t)/.test(address))
    areFound(withStreet, ['woonboot _, geen bus in de buurt', '_ is zijn kamer'])
    areFound(addresses, ['woont _', 'adres: _', 'Inschrijfadres = _, maar verblijft elders'])
  })
  test('in small letters, where somebody lives or before a town', () => {
    const addresses = streets
      .filter((street) => !/Savornin|Achter|Burg/.test(street))
      .map((street) => `${street.toLowerCase()} 33`)
    areFound(addresses, ['woont _', 'adres _', '_ emmeloord is zijn kamer', 'woont aan _ in ede'])
  })
})

describe('A number that is one person’s', () => {
  const bsn = '123456782'
  const cuts = [[9], [3, 3, 3], [4, 2, 3], [4, 5], [2, 2, 2, 3], [1, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1, 1, 1, 1], [3, 6], [8, 1]]
  test('BSN: cut and parted in any way', () => {
    const values = cuts.flatMap((sizes) => [' ', '.', '-', ' - ', '/', '_', '. '].map((gap) => cut(bsn, ...sizes).join(gap)))
    areFound([...new Set(values)], ['bsn _', 'BSN: _', 'bsn-nummer _', 'burgerservicenummer is _', 'sofinr. _', '_ is het bsn'])
  })
  test('telephone: cut and parted in any way, with or without its country', () => {
    const heads = [
      '06',
      '06-',
      '06 ',
      '06 - ',
      '(06) ',
      '06/',
      '06.',
      '+316',
      '+31 6 ',
      '+31-6-',
      '+31(0)6 ',
      '+31 (0) 6-',
      '00316',
      '0031 6 ',
      '0031-6-',
      '31 6 ',
      '+31.6.',
    ]
    const tails = [[8], [4, 4], [2, 2, 2, 2], [3, 3, 2], [2, 3, 3], [3, 2, 3], [1, 7]].flatMap((sizes) =>
      [' ', '.', '-'].map((gap) => cut('41830592', ...sizes).join(gap)),
    )
    const mobile = heads.flatMap((head) => [...new Set(tails)].map((tail) => `${head}${tail}`))
    areFound(mobile, ['bel _', '_', 'bereikbaar op _ na 5 uur'])
    const landlines = [
      '033-4567890',
      '0334567890',
      '033 456 78 90',
      '(033) 456 7890',
      '033 - 456 78 90',
      '0341-551234',
      '0341 55 12 34',
      '(0341) 551234',
      '+31 33 4567890',
      '+31 (0)33-4567890',
      '0031334567890',
    ]
    areFound(landlines, ['tel _', 'thuis _', 'bel haar op _'])
    const abroad = [
      '+49 151 23456789',
      '+49 (0)151 23456789',
      '+48 601 234 567',
      '0048601234567',
      '+90 532 123 45 67',
      '+212 612345678',
      '+32 475 12 34 56',
      '00380 67 123 4567',
      '+40-721-234-567',
    ]
    areFound(abroad, ['bel _', '_', 'whatsapp _ graag'])
  })
  test('account: Dutch or not, cut and parted in any way', () => {
    const ibans = [
      'NL91ABNA0417164300',
      'BE68539007547034',
      'DE89370400440532013000',
      'PL61109010140000071219812874',
      'TR330006100519786457841326',
      'RO49AAAA1B31007593840000',
    ]
    const parted = ibans.flatMap((iban) => ['', ' ', '.', '-', '  '].map((gap) => iban.match(/.{1,4}/g)!.join(gap)))
    const dutch = [
      'NL 91 ABNA 0417164300',
      'NL91 ABNA 04 17 16 43 00',
      'NL91ABNA 0417164300',
      'NL91 ABNA 0417 164 300',
      'NL-91-ABNA-0417164300',
    ]
    areFound(both([...parted, ...dutch]), ['iban _', 'rekening _', '_', 'uitkering op _ storten'])
  })
  test('document: in any form that one has', () => {
    const documents = ['NXB4R7P21', 'SPECI2014', 'BSR472LC8', 'IM4T81QK7', 'NP1CK5D84', 'Y48R19C30', 'W12345678']
    areFound(both(documents), [
      'paspoort _',
      'paspoortnr: _',
      'ID-kaart _',
      'rijbewijsnummer _',
      'verblijfsdocument _',
      'documentnr. _',
      'v-nummer _',
    ])
    areFound(['5123456789', '5 123 456 789', '5123.456.789'], ['rijbewijs _', 'rijbewijsnr _'])
    areFound(['1234567890', '123 456 7890', '123.456.7890'], ['v-nummer _', 'vnr _', 'V-nr: _'])
  })
  test('case: under any name and in any form', () => {
    const cases = [
      '88123',
      '2026-00431',
      '2026.00431',
      '2026/00431',
      'Z2026-0431',
      'Z-2026-00431',
      'ZK/26/00431',
      'PW-88123',
      'WMO-2026-431',
      '26.00431',
      'SR88123',
      'ABC 88123',
      'K-88123-B',
      '881-23-44',
    ]
    areFound(both(cases), [
      'zaaknummer _',
      'dossiernr. _',
      'klantnr _',
      'kenmerk: _',
      'cliëntnummer _',
      'onze ref _',
      'zaaknr is _',
    ])
  })
})

describe('A date of birth', () => {
  const dates = [
    '12-03-1985',
    '12/03/1985',
    '12.03.1985',
    '12 03 1985',
    '12-3-1985',
    '1-3-85',
    '12-03-85',
    "12-03-'85",
    '1985-03-12',
    '19850312',
    '12031985',
    '12 maart 1985',
    '12 mrt 1985',
    '12 mrt. 85',
    '12-mrt-1985',
    '12mrt85',
    'maart 12, 1985',
    '12 March 1985',
    '12e maart 1985',
    '12 mrt ’85',
  ]
  test('in any notation, after any word for it', () => {
    areFound(dates, [
      'geb. _',
      'geboren op _',
      'geboortedatum: _',
      'gebdat _',
      'geb _ te Ede',
      'geb: _',
      '° _',
      '* _',
      'gd _',
      'dob _',
      'is van _',
      'jarig op _',
    ])
  })
})

describe('Online', () => {
  test('mail: any box of somebody', () => {
    const boxes = [
      'f.yilmaz@gmail.com',
      'fatima_yilmaz85@hotmail.nl',
      'F.Yilmaz@Outlook.com',
      'fy+werk@ziggo.nl',
      'f-yilmaz@kpnmail.nl',
      'yilmaz@sub.bedrijf.co.uk',
      'f.yilmaz @ gmail.com',
      'f.yilmaz(at)gmail.com',
      'f.yilmaz [at] gmail [dot] com',
      'f.yilmaz at gmail dot com',
      'f.yilmaz apenstaartje gmail punt com',
      '<f.yilmaz@gmail.com>',
      'f.yilmaz@gmail,com',
      'f.yilmaz@gmail',
    ]
    areFound(boxes, ['mail _', '_', 'cv naar _ sturen', 'e-mail: _'])
  })
  test('link: any account of somebody', () => {
    const links = [
      'linkedin.com/in/fatima-yilmaz',
      'https://www.linkedin.com/in/fatima-yilmaz-85b1/',
      'nl.linkedin.com/in/fyilmaz',
      'http://facebook.com/fatima.yilmaz',
      'fb.com/fyilmaz',
      'instagram.com/fatima_y',
      'https://x.com/fyilmaz85',
      'wa.me/31641830592',
      'linkedin\\com\\in\\fyilmaz',
      'linkedin.com\\in\\fyilmaz',
      'linkedin com/in/fyilmaz',
      'linkedin|com|in|fyilmaz',
      'linkedin/in/fyilmaz',
      'linkedin.com / in / fyilmaz',
      'hxxps://linkedin[.]com/in/fyilmaz',
      'tiktok.com/@fyilmaz',
      'youtube.com/@fyilmaz',
      'drive.google.com/file/d/1AbC',
    ]
    areFound(links, ['linkje _', '_', 'profiel staat op _ kijk maar'])
  })
})

describe('A name', () => {
  test('that ends like a street is somebody’s, after a given name or a title', () => {
    areFound(['Marieke Oldenhof', 'Ahmed Kerkhof', 'Bart Westerdijk'], ['contact is _', '_ belt morgen'])
    areFound(['Westerdijk', 'Nieuwenhof'], ['mw _ belt', 'dhr _ wil werken'])
  })
  test('is somebody’s beside a house, when it is told what they are there', () => {
    areFound(['Mustapha Chaoui'], ['eigenaar bakkerij _', 'contact stichting _ over banenmarkt', 'consulent gemeente _ belt'])
    areFound(['Smits'], ['contact rederij _'])
  })
  test('of whom is asked after, or before its initial', () => {
    areFound(['Joke'], ['terugbellen, vragen naar _'])
    areFound(['Soeparman, R.'], ['_ aow in nov'])
  })
  test.each([
    'werkt aan de Jan Vermeerweg',
    'loopt over de Beatrixbrug naar school',
    'stage op Fatima Mernissiweg',
    'gaat naar Ahmed Yildizhof voor de les',
    'applicatie Elly van gemeente deed het niet',
  ])('of a street, a firm or a program passes: %s', (text) => {
    expect(checkText(text).findings).toEqual([])
  })
})

test('a byte order mark between signs is nothing, and no space', () => {
  areFound(['73\ufeff11G\ufeffH'], ['_ reistijd te lang'])
})

describe('The site of an organisation', () => {
  test.each([
    'www.uwv.nl/fatma-yilmaz',
    'https://www.amersfoort.nl/?naam=Yilmaz',
    'www.uwv.nl/fatma%2Dyilmaz',
    'uwv.nl/%66atma',
    'uwv.nl/%2566atma',
    'https://www.amersfoort.nl/#yilmaz',
    'https://www.uwv.nl/search?q=Y%C4%B1lmaz&p=1',
    'https://www.uwv.nl/fatmayilmaz',
    'https://www.amersfoort.nl/dossier/fatma_yilmaz.pdf',
    'www.uwv.nl/06-12345678',
    'www.uwv.nl/ww/123456782',
  ])('with somebody in its path or its query is a link to somebody: %s', (link) => {
    areFound([link], ['zie _', '_ even lezen', 'https://www.uwv.nl/ww en _'])
  })

  test.each([
    'https://www.uwv.nl/particulieren/ww',
    'fnv.nl/cao-schoonmaak',
    'https://www.rijksoverheid.nl/onderwerpen/bijstand/vraag-en-antwoord/hoe-hoog-is-de-bijstandsuitkering',
    'https://www.duo.nl/particulier/inburgeren/index.jsp',
    'https://www.9292.nl/reisadvies/station-amersfoort/station-utrecht',
    'ede.nl/contact?taal=nl',
    'privacy@uwv.nl',
    'info@werkcentrumamersfoort.nl',
    'fg@amersfoort.nl',
    'loket@werkcentrumamersfoort.nl',
    'werk.inkomen@amersfoort.nl',
    'sociaal-domein@ede.nl',
  ])('and its mailboxes point at nobody: %s', (link) => {
    expect(checkText(`kijk op ${link} voor meer`).findings).toEqual([])
  })

  test('a name or initials before the sign are somebody, at any host', () => {
    const boxes = [
      'f.yilmaz@uwv.nl',
      'fy@uwv.nl',
      'jan@uwv.nl',
      'yilmaz@amersfoort.nl',
      'f.info@uwv.nl',
      'team.fatma@ede.nl',
      'info.yilmaz@uwv.nl',
    ]
    areFound([...boxes, 'info@fatmayilmaz.nl', 'info@kapsalonfatma.nl'], ['mail _', '_'])
  })
})

/** Ordinary notes that hold what looks like one of these. */
test.each([
  'in 2024 EU subsidie aangevraagd',
  'budget 2500 eu',
  'kost 2500 EU ex btw',
  'heeft 1200 kg getild',
  'machine van 4000 mw',
  'cursus 1500 EX btw',
  'budget 3000 PP voor groep',
  'schaal 8 max 4394 BR',
  'salaris 2800 br pm',
  'ruim 1200 pj aan reiskosten',
  'in 2023 is hij gestopt',
  'vanaf 2025 op zoek naar werk',
  'vanaf 2019 ww gehad',
  'in 2020 ww en in 2021 pw',
  'lokaal GB-101-A op het roc',
  'kamer B-12-C op de derde verdieping',
  'zaal 4-KL-12 in gebouw b',
  'S7-1200 plc training',
  'cursus NEN-3140 gevolgd',
  'iso 9001 en vca-vol gehaald',
  'formulier WW-2026-A ingevuld',
  'crebo 25604 mbo 3',
  'ma-12-mei om 10 uur',
  '12-mei-26 afspraak',
  '24-32 uur per week',
  'tussen 9-12-15 uur wisseldienst',
  'bus 33 emmeloord gaat om 8 uur',
  'lijn 5 utrecht rijdt niet',
  'groep 12 amersfoort start morgen',
  'niveau 2 zwolle vol',
  'straat 3 nachten geslapen',
  "'t kost 5 euro",
  'de lange week 33 is druk',
  'grote groep 20 amersfoort',
  'max 1600 per maand bij 32 uur',
  '112 gebeld',
  'bel 0800-8001 of 14 033',
  'om 10.30 tot 12.45 gesprek',
  '8-16-24 uur ploegen',
  'win-win 50-50',
  'A4 en A3 printen',
  'route A28-N302-N305',
  'afspraak 12-03-2027 om 10 uur',
  'mbo-2 en mbo-3 vergeleken',
  'cv @ printer vergeten',
])('ordinary: %s', (note) => {
  expect(checkText(note).findings.map(({ start, end, kind }) => `${kind} ${note.slice(start, end)}`)).toEqual([])
})
