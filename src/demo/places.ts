// The two desks of the story: how busy, who comes from where, whom they send people to, and how that goes. Proportions as in design 1.
import type { Channel } from '../contacts/lists.js'
import type { Weights } from './chance.js'
import type { CourseName } from './courses.js'

export type Place = Readonly<{
  werkcentrum: string
  amCode: string
  contacts: number
  /** Lent by partners, two on duty at a time, each for one half-day a week. */
  guides: readonly string[]
  coordinator: string
  privacyOfficer: string
  /** Desks where one can walk in. */
  desks: Weights<string>
  onlineDesk: string
  channels: Weights<Channel>
  own: Weights<string>
  /** A quarter of all: municipalities of other regions, near ones first. */
  elsewhere: Readonly<Record<string, Weights<string>>>
  partners: Weights<string>
  courses: Readonly<Partial<Record<CourseName, number>>>
}>

const numbered = (from: number, to: number, name: (number: string) => string) =>
  Array.from({ length: to - from + 1 }, (_, index) => name(String(from + index).padStart(2, '0')))

/** 500 conversations in four months, 20 guides; some 150 hand-offs. */
const AMERSFOORT: Place = {
  werkcentrum: 'werkcentrum-amersfoort',
  amCode: 'AM14',
  contacts: 500,
  guides: ['gids-amersfoort', 'gids2-amersfoort', ...numbered(3, 20, (number) => `gids-${number}`)],
  coordinator: 'coordinator-amersfoort',
  privacyOfficer: 'privacy-amersfoort',
  desks: { 'desk-amersfoort-stadhuis': 45, 'desk-amersfoort-bibliotheek': 30, 'desk-soest': 15, 'desk-nijkerk': 10 },
  onlineDesk: 'desk-amersfoort-online',
  channels: { WALK_IN: 64, PHONE: 16, ONLINE: 12, EMAIL: 8 },
  // Amersfoort, Soest, Nijkerk, Leusden, Baarn, Bunschoten, Woudenberg.
  own: { GM0307: 55, GM0342: 14, GM0267: 10, GM0327: 8, GM0308: 5, GM0313: 5, GM0351: 3 },
  elsewhere: {
    AM12: { GM0402: 12, GM0317: 6, GM0406: 4 }, // Hilversum, Eemnes, Huizen
    AM13: { GM0344: 18, GM0355: 14, GM0310: 8, GM1581: 6 }, // Utrecht, Zeist, De Bilt, Utrechtse Heuvelrug
    AM38: { GM0203: 12, GM0345: 6, GM0228: 5, GM0279: 4 }, // Barneveld, Veenendaal, Ede, Scherpenzeel
    AM06: { GM0273: 5, GM0233: 4, GM0200: 3 }, // Putten, Ermelo, Apeldoorn
    AM11: { GM0034: 4 }, // Almere
  },
  partners: {
    'uwv-amersfoort': 26,
    'gemeente-amersfoort': 20,
    'lwl-amersfoort': 16,
    'wsp-amersfoort': 14,
    'rmt-amersfoort': 10,
    'fnv-amersfoort': 9,
    'school-amersfoort': 9,
    'ontwikkelbedrijf-amersfoort': 7,
    'reintegratie-amersfoort': 7,
    'gemeente-soest': 6,
    'werkgevers-amersfoort': 5,
    // Only where a course says so: it never signs in.
    'wijkteam-amersfoort': 0,
    'sociale-dienst-eemland': 4,
    'gemeente-leusden': 4,
    'gemeente-hilversum': 4,
    'uwv-gooi': 4,
  },
  courses: {
    fresh: 8,
    overdue: 6,
    accepted: 8,
    'accepted, and then silence past the first-contact term': 4,
    'in progress': 12,
    'completed, and the visitor says so': 32,
    'completed, and the guide heard that it worked': 8,
    'completed, and the visitor heard nothing': 4,
    'completed, and it did not work for the visitor': 2,
    'completed, and the visitor stays silent': 17,
    'completed just now': 4,
    'helped on the spot': 6,
    declined: 3,
    'declined, and closed by the desk': 3,
    returned: 3,
    'returned, and closed by the desk': 3,
    'forwarded to the reserve': 4,
    'forwarded with the code of the visitor': 2,
    'withdrawn because the visitor asked': 3,
    'withdrawn as no longer needed': 2,
    'sent to the wrong partner, and seen there': 2,
    'sent to the wrong partner, and not seen': 1,
    'entered in error': 1,
    lapsed: 3,
    'heard by the desk from a partner that does not sign in': 5,
    'heard as declined, and the partner says otherwise': 2,
    'accepted, and then the visitor shares less': 3,
    'accepted, and then the visitor withdraws consent': 3,
  },
}

const GOOI: Place = {
  werkcentrum: 'werkcentrum-gooi',
  amCode: 'AM12',
  contacts: 60,
  guides: ['gids-gooi', ...numbered(2, 4, (number) => `gids-gooi-${number}`)],
  coordinator: 'coordinator-gooi',
  privacyOfficer: 'privacy-gooi',
  desks: { 'desk-hilversum': 1 },
  onlineDesk: 'desk-gooi-online',
  channels: { WALK_IN: 60, PHONE: 15, ONLINE: 20, EMAIL: 5 },
  // Hilversum, Gooise Meren, Huizen, Wijdemeren, Laren, Blaricum, Eemnes.
  own: { GM0402: 50, GM1942: 18, GM0406: 14, GM1696: 7, GM0417: 4, GM0376: 4, GM0317: 3 },
  elsewhere: {
    AM14: { GM0307: 6, GM0308: 6, GM0342: 4 }, // Amersfoort, Baarn, Soest
    AM11: { GM0034: 10 }, // Almere
    AM13: { GM0344: 4, GM1904: 4 }, // Utrecht, Stichtse Vecht
    AM18: { GM0363: 4 }, // Amsterdam
  },
  partners: { 'uwv-gooi': 6, 'gemeente-hilversum': 4, 'wsp-gooi': 2, 'uwv-amersfoort': 2, 'lwl-amersfoort': 1 },
  courses: {
    accepted: 2,
    'in progress': 2,
    'completed, and the visitor says so': 5,
    'completed, and the visitor stays silent': 2,
    'completed, and the visitor heard nothing': 1,
    declined: 1,
    'returned, and closed by the desk': 1,
    'withdrawn because the visitor asked': 1,
  },
}

export const PLACES: readonly Place[] = [AMERSFOORT, GOOI]
