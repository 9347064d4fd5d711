// What somebody tells in parts, backwards or by a deed points at a person as much as what is written out; what only sounds so passes.
import { describe, expect, test } from 'vitest'
import { checkText } from '#app/anonymity/guard/check.js'
import { undisguised } from '#app/anonymity/guard/disguise.js'
import { normalise } from '#app/anonymity/guard/normalise.js'
import { reading } from '#app/anonymity/guard/text.js'
import { words } from '#app/anonymity/guard/words.js'

const found = (text: string) => checkText(text).findings.map(({ start, end, kind }) => [kind, text.slice(start, end)] as const)
const secondReading = (text: string) => {
  const plain = normalise(text)
  return undisguised(plain, reading(plain.text), words())?.text
}
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
    [
      'BSN: eerste 9, tweede 9, derde 0, vierde 8, vijfde 0, zesde 9, zevende 1, achtste 2, negende 2',
      ['9, tweede 9', '2, negende 2'],
    ],
    ['bsn om en om: plek 1 3 5 7 9 zijn 8 4 7 7 0 en plek 2 4 6 8 zijn 1 7 1 5', ['8 4 7 7 0', '1 7 1 5']],
    ['auto nr deel een 4-KD. werkgever betaalt niet. deel twee J-55', ['4', 'KD', '55']],
    ['geboren jaar: jaar 66 maand 2 dag 27 ww', ['66', '2', '27']],
    ['hij is van de eenendertigste van de vijfde maand van vijfenzestig', ['eenendertigste', 'vijfde', 'vijfenzestig']],
    ['hij is van oudjaarsdag negentien achtenzestig', ['oudjaarsdag', 'achtenzestig']],
    ['geb op 22 november in zwolle en dat was in 1990', ['22 november', '1990']],
    ['is vd 19e van de achtste 1991', ['19', '1991']],
    ['hij is vd tweede januari vierennegentig', ['tweede', 'vierennegentig']],
    ['born on the twelfth of october nineteen eighty three', ['twelfth', 'october', 'three']],
    [
      'ze woont in de Spoorstraat, zoekt werk in kassen, begint graag vroeg. bus gaat pas 6.40. huisnr is 91',
      ['Spoorstraat', '91'],
    ],
    ['31 aan de Tulpstraat aanbellen', ['31', 'Tulpstraat']],
    ['zit bij hotmail en voor het apestaartje komt gekke_gerritje', ['gekke_gerritje']],
    ['op linkedin, na de /in/ komt van-oers-daan-4b71', ['van-oers-daan-4b71']],
    ['6522 en dan letters DM', ['6522', 'DM']],
    ['vacatures zoeken rondom 5644ha', ['5644ha']],
    ['poolse auto nog WGM 7Y214', ['WGM 7Y214']],
    ['bezwaarzaak ARN 25/3307 PW zitting volgt', ['ARN 25/3307']],
    ['komt van Ossenmarkt no. VII', ['Ossenmarkt', 'VII']],
    ['Schoolpad huisje vijf toevoeging a', ['Schoolpad', 'vijf']],
    ['gebdatum O6 O3 I99O', ['O6 O3 I99O']],
    ['gmail gebruiker bertvandermolen1959', ['bertvandermolen1959']],
    ['vertrekpunt 4817 lima alfa', ['4817', 'alfa']],
    ['derde van de zevende tweeduizend drie', ['derde', 'drie']],
    ['kan di, acht en dertig, Goudsbloemweg', ['acht en dertig', 'Goudsbloemweg']],
    ['brommobiel TZ streep drieenzestig streep BX', ['TZ', 'BX']],
    ['kleuterjuf.bep (gmail, en dan com)', ['kleuterjuf.bep']],
    ['via heftruckheld#gmail.com', ['heftruckheld#gmail.com']],
    ['te vinden op discord pixelridder hekje 4471', ['pixelridder', '4471']],
    ['motor em ef veertig dubbel h, rijles cat A', ['em', 'h, rijles']],
    ['auto eerst KT dan 204 en als laatste X', ['KT', '204', 'X']],
    ['mevr is van de dertigste augustus anno 1961', ['dertigste augustus anno 1961']],
    ['sifir alti bes yedi bir sifir dort dokuz iki sekiz is haar nummer', ['sifir', 'sekiz']],
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
    ['zat bij [S][T][2][1][6][R], zonder kaart', '[S][T][2][1][6][R]', 'plate'],
    ['woonadres Burg_van_Thielstraat_88_hs', 'Burg_van_Thielstraat_88_hs', 'address'],
    ['adres nieuweVaartNegentien', 'nieuweVaartNegentien', 'address'],
    ['nieuwe sim: 06 3I 44 S0 86', '06 3I 44 S0 86', 'phone'],
    ['lease loopt voor *L*3*1*5*T*Z*', 'L*3*1*5*T*Z', 'plate'],
    ['dossierD90417ZKovergedragen', 'dossierD90417ZKovergedragen', 'case-number'],
    ['regio3453dkglasbewassing', 'regio3453dkglasbewassing', 'postcode'],
    ['linkedin 93regalstreboR/ni/moc.nidekniL', '93regalstreboR/ni/moc.nidekniL', 'link'],
    ['kenteken elgeevierzesjeejee', 'elgeevierzesjeejee', 'plate'],
    ['gebdatum vierjuninegentienvijfennegentig', 'vierjuninegentienvijfennegentig', 'birth-date'],
    ['site weeweeweepuntpetra-naaitpuntnl', 'weeweeweepuntpetra-naaitpuntnl', 'link'],
    ['bsn I-II-VII-III-VIII-IX-V-V-VI', 'I-II-VII-III-VIII-IX-V-V-VI', 'bsn'],
    ['stort op NL38 1NGB 4O22 4387 92', 'NL38 1NGB 4O22 4387 92', 'iban'],
    ['adres Molenstraat l4', 'Molenstraat l4', 'address'],
  ])('%s', (text, value, kind) => {
    expect(found(text)).toEqual([[kind, value]])
  })
  test('what is part of a larger disguise is read once, with it', () => {
    expect(secondReading('gd l5/ol/I973 nu')).toBe('gd 15/01/1973 nu')
    expect(secondReading('gd 15/01/1973 nu')).toBeUndefined()
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

describe('A value that is named, and told with words between its signs', () => {
  test.each([
    ['haar kenteken kreeg ik deels, TRX, en buiten gelezen ook de 73 en de H', 'plate', ['TRX', '73', 'H']],
    ['bsn is 107 84 en dan, zij zocht het even op in haar tas, 84 91', 'bsn', ['107', '84 91']],
    ['de postcode gaf ze als 9203 en later aan de balie W en T', 'postcode', ['9203', 'W en', 'T']],
    ['rijbewijs: hij las voor 51029 en, toen hij zijn bril op had, 84637', 'document', ['51029', '84637']],
    ['gaat naar NL29 BUNQ 0321 met nog zes cijfers, te weten 621182', 'iban', ['BUNQ', '621182']],
    ['bel haar op 06 met daarna tweemaal 83 en daarna tweemaal 27', 'phone', ['06', '83', '27']],
    ['zijn zaaknummer heeft een Z en het jaartal 24, waarna 118 en 902 volgen', 'case-number', ['118', '902']],
    ['zit in 8911, zoekt werk, letters DJ', 'postcode', ['8911', 'DJ']],
  ] as const)('%s', (text, kind, values) => {
    expect(found(text).map(([one]) => one)).toContain(kind)
    expect(values.filter((value) => !isCovered(text, value))).toEqual([])
  })
  test.each([
    'postcode 3511 en WW aangevraagd',
    'kenteken is van groep B, 12 lessen en 30 uur',
    'paspoort en 3 pasfotos meenemen op 12 mei om 14.30 uur, balie B',
    'bsn en 4 loonstroken van 2025 en 2026',
    'bellen om 14 uur, of naar 14 033',
  ])('ordinary: %s', (text) => {
    expect(found(text)).toEqual([])
  })
})

describe('A site that somebody calls after himself, wherever it is kept', () => {
  test.each([
    'www.pietersmaakttuinen.nl',
    'vera-tekent.wixsite.com',
    'nagelsdoornoor punt jouwweb punt nl',
    'info@schildersbedrijfhoekmans.nl',
    'haar site is coachjet streepje advies punt nl',
  ])('%s', (text) => {
    expect(found(text)).toHaveLength(1)
  })
})

test('who is asked for by a name that nobody knows is somebody, and where one goes is a place', () => {
  expect(found('Vraag naar Qwabblestein')).toEqual([['name', 'Qwabblestein']])
  expect(found('Ze gaat naar Qwabblestein')).toEqual([])
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
    'de man die twee keer de dijkloop van Oosterbierum won',
    'deed mee aan boer zoekt vrouw',
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
  'Er is een vervolgafspraak gemaakt. Er wordt nog gebeld.',
  'Dan is hij bijna met pensioen.',
  'Zaal Johan van Oldenbarnevelt is gereserveerd',
  'lokaal spinoza zaal 1.08 beamer stuk',
  'bij Cordaan aan de Laan van Spartaan',
  'pieter calandlaan, daar stopt de bus',
  'Leert Nederlands van Boer zoekt Vrouw',
  'van der poel fietsen in losser zoekt een monteur',
  'jansen tholen metaalbouw in de planning',
  'Roelofs wegenbouw had de ploeg vol',
  'michiel de ruyter mavo zoekt vakdocent',
  'site www.werkindrenthe.nl laten zien',
  'vacaturenr 2291-HB-07 gemaild',
  'auto van 9000 te duur, bus lijn 73 dan maar',
  'kvk nummer van bedrijf is 68214093',
  'postadres UWV postbus 57002 1040 CC Amsterdam',
  'Marktplein 1 is ons adres',
  'leyweg: 14 aangemeld 9 gekomen',
  'met eigen auto 0,23 per km',
  '0900 9294 ov reisinfo',
  'z w b i artikelen door elkaar',
  'wij geven deel 1 en deel 2 van de cursus, tweede helft na de zomer',
  'verhuist van Vriezenveen naar Hardenberg',
  'boekje mee, examen wk 12',
  'postbus 57002 is van het uwv',
  'bouwgrond van 5644 ha',
  'wk 25/26 en art 25/3 lid 2',
  'komt do terug met cv',
  'roos, tulp en iris sorteren op de veiling',
  'scheeper bouw, ballast nedam genoemd',
  'marie heineken plein, horeca',
  'Zwolle, Douglas, Rituals: winkels langsgaan',
  'het Catharina Ziekenhuis of het Elisabeth',
  'proefmodule bij Techgrounds, of naar Medelstein',
  'rijden m heftruck RX-20-16, werkschoen S3-43-XL',
  'postcodegebied 7811 en 7812',
  'teams @ 10:15 @ rivium, link volgt',
  'wil iets met vogels, of een fokkerij',
  'Albert Schweitzer is de naam van de school',
  'gesprek jumbo dijkstra in heerenveen',
  'Het vacaturenummer van UWV is 20251187',
  'bus naar Zuilichem en Moddergat, en dan Tuitjenhorn',
  'cursusvca2025online en code95chauffeur',
])('ordinary: %s', (text) => {
  expect(found(text)).toEqual([])
})
