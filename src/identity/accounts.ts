// The demo accounts: one for each part in the story. Each acts in exactly one capacity, so some people have two.
import { demoId } from '../demo/ids.js'

export type DemoAccount = Readonly<{
  name: string
  role: 'GUIDE' | 'HANDLER' | 'COORDINATOR' | 'PRIVACY_OFFICER' | 'SIGNATORY'
  side: 'werkcentrum' | 'partner'
  /** Key of the organisation; its id is `demoId(organisation)`. */
  organisation: string
  /** One line for the start page, in Dutch. */
  about: string
}>

const account = (
  name: string,
  role: DemoAccount['role'],
  side: DemoAccount['side'],
  organisation: string,
  about: string,
): DemoAccount => Object.freeze({ name, role, side, organisation, about })

export const ACCOUNTS: readonly DemoAccount[] = [
  account('gids-amersfoort', 'GUIDE', 'werkcentrum', 'werkcentrum-amersfoort', 'Gids aan de balie in Amersfoort'),
  account(
    'gids2-amersfoort',
    'GUIDE',
    'werkcentrum',
    'werkcentrum-amersfoort',
    'Tweede gids in Amersfoort, neemt de dienst over',
  ),
  account('coordinator-amersfoort', 'COORDINATOR', 'werkcentrum', 'werkcentrum-amersfoort', 'Coördinator van het werkcentrum'),
  account(
    'privacy-amersfoort',
    'PRIVACY_OFFICER',
    'werkcentrum',
    'werkcentrum-amersfoort',
    'Privacy officer van het werkcentrum',
  ),
  account('signatory-amersfoort', 'SIGNATORY', 'werkcentrum', 'werkcentrum-amersfoort', 'Tekent afspraken voor het werkcentrum'),
  account('uwv-amersfoort', 'HANDLER', 'partner', 'uwv-amersfoort', 'Medewerker van UWV Amersfoort'),
  account('privacy-uwv', 'PRIVACY_OFFICER', 'partner', 'uwv-amersfoort', 'Privacy officer van UWV'),
  account('signatory-uwv', 'SIGNATORY', 'partner', 'uwv-amersfoort', 'Tekent afspraken voor UWV'),
  account('gemeente-amersfoort', 'HANDLER', 'partner', 'gemeente-amersfoort', 'Medewerker van de gemeente Amersfoort'),
  account('wsp-amersfoort', 'HANDLER', 'partner', 'wsp-amersfoort', 'Medewerker van het WerkgeversServicepunt'),
  account('lwl-amersfoort', 'HANDLER', 'partner', 'lwl-amersfoort', 'Medewerker van het Leerwerkloket'),
  account('rmt-amersfoort', 'HANDLER', 'partner', 'rmt-amersfoort', 'Medewerker van het Regionaal Mobiliteitsteam'),
  account('fnv-amersfoort', 'HANDLER', 'partner', 'fnv-amersfoort', 'Medewerker van vakbond FNV'),
  account('gids-gooi', 'GUIDE', 'werkcentrum', 'werkcentrum-gooi', 'Gids in een andere regio: Gooi en Vechtstreek'),
  account('gemeente-hilversum', 'HANDLER', 'partner', 'gemeente-hilversum', 'Medewerker van de gemeente Hilversum'),
  account('uwv-gooi', 'HANDLER', 'partner', 'uwv-gooi', 'Medewerker van UWV Gooi en Vechtstreek'),
]

/** An account as the development issuer wants it. */
export function issuerAccount({ name, role, side, organisation }: DemoAccount) {
  return { name, claims: { wo_role: role, wo_organisation: `${side}:${demoId(organisation)}` } }
}
