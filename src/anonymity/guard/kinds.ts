// What the guard looks for in free text, and what to write instead, in plain Dutch.

/** The order is that of importance: where two overlap, the first stays. */
export const KINDS = [
  'email',
  'link',
  'iban',
  'bsn',
  'phone',
  'document',
  'case-number',
  'plate',
  'birth-date',
  'address',
  'postcode',
  'name',
  'description',
] as const
export type Kind = (typeof KINDS)[number]

/** `start` and `end` count UTF-16 units of the text as it was given; `end` is the first that does not belong to it. */
export type Finding = Readonly<{ start: number; end: number; kind: Kind }>

const ADVICE: Readonly<Record<Kind, string>> = {
  name: 'Schrijf geen namen. Schrijf "bezoeker", "partner" of "collega", of de functie: "de consulent van UWV".',
  bsn: 'Schrijf geen BSN. De partner vraagt het zelf als het nodig is.',
  phone:
    'Schrijf geen telefoonnummer van een persoon. Spreek af wie belt en kies een volgende stap. Een algemeen nummer zoals 14 033 mag wel.',
  email: 'Schrijf geen e-mailadres. Geef de bezoeker de code mee, of laat de bezoeker zelf mailen.',
  iban: 'Schrijf geen rekeningnummer. Schrijf alleen waar het om gaat, bijvoorbeeld "vraag over betaling".',
  address: 'Schrijf geen straat met huisnummer. Een gemeente of wijk is genoeg.',
  postcode: 'Schrijf geen volledige postcode. Een gemeente of de vier cijfers zijn genoeg.',
  'birth-date': 'Schrijf geen geboortedatum. Kies de leeftijdsgroep, of schrijf een leeftijd.',
  plate: 'Schrijf geen kenteken. Schrijf alleen "heeft een auto" als dat nodig is.',
  'case-number': 'Schrijf geen klant-, dossier- of zaaknummer. Gebruik de herkenningscode.',
  document: 'Schrijf geen nummer van een paspoort, rijbewijs of verblijfsdocument. Schrijf alleen welk document het is.',
  link: 'Schrijf geen profiel, account of eigen site van een persoon. De site van een organisatie mag wel.',
  description: 'Hieraan kan iemand de bezoeker herkennen. Laat weg wat deze persoon bijzonder maakt: schrijf alleen de vraag.',
}

export const advice = (kind: Kind): string => ADVICE[kind]
