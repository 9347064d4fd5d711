// Codes that are of a thing, because somebody says so right before: "bestelnr toner 305076812", "projectnr RMT-2025/07", "staal S235 JR".
import { calledOf } from './codes.js'
import { places, type Reading, Spans } from './text.js'

const THING =
  'cursus|bestel|bestelling|order|onderdeel|onderdeels|artikel|project|locatie|fout|error|vacature|vac|product|factuur|model|type|versie|update|serie|lot|batch|formulier|crebo|croho|brin|kvk|rsin|ecli|btw|ticket|incident|topdesk(?: melding)?|subsidie|opleidings|module|norm|zending|pallet|machine|boormachine|gebouw|stelling|toner|printer|werkinstructie|instructie|protocol|procedure|procede|lasproces|tender|aanbesteding|bestek|bijlage|staal|standaardbrief'
const OF_A_THING = new RegExp(
  `\\b(?:${THING})(?:[-. ]?(?:code|nummer|nr|id|no))?[.:]?\\s(?:van (?:het |een |ons |de )?(?:bedrijf|werkgever|zaak|gemeente|werkcentrum|uwv|wsp|school|roc|bank|winkel) (?:is )?)?(?:(?!van |is )(?:folder |uwv )?([a-z]{2,14})\\s)?(?=[\\w./:-]{0,16}\\d)[\\w./:-]{2,30}(?: [A-Z]{2}\\b| \\d{3,4}\\b)?`,
  'gi',
)

/** Not past a word that says otherwise: "bestelling klantnr K8812391". */
export function codesOfThings({ text }: Reading): Spans {
  const things = new Spans()
  for (const { start, end, match } of places(OF_A_THING, text))
    if (!calledOf(match[1]?.toLowerCase() ?? '')) things.add(start, end)
  return things
}
