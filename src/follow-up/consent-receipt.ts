// The receipt that somebody with the code asks for: what it says is read, the rest is pure (receipt.ts, receipt-page.tsx).
import { versionsOf } from '../consent/consent-history.js'
import type { PartnerKind } from '../decide/decide.js'
import { readFollowUpCode } from '../handoffs/codes.js'
import type { HandOffData } from '../handoffs/handoffs.js'
import { keyedHash } from '../identity/pseudonym.js'
import type { Act } from '../operations/perform.js'
import { type Agreed, type ReceiptLanguage, recordOf, textOf } from './receipt.js'
import { printable } from './receipt-page.js'

/** `record` is JSON after ISO/IEC TS 27560:2023; `printable` one HTML document. */
export type ConsentReceiptData = { text: string; record: string; printable: string }

export async function consentReceipt(
  act: Act,
  handOff: HandOffData,
  code: string,
  language: ReceiptLanguage,
): Promise<ConsentReceiptData> {
  const agreed = await read(act, handOff)
  const written = readFollowUpCode(code) ?? code
  return {
    text: textOf(agreed, language),
    record: JSON.stringify(recordOf(agreed), null, 2),
    printable: printable(agreed, written, language),
  }
}

async function read(act: Act, handOff: HandOffData): Promise<Agreed> {
  const { werkcentrum, partner } = handOff
  const versions = await versionsOf(act, werkcentrum.id, handOff.id)
  const [said] = await act.sql.$queryRaw<
    { contactPoint: string | null; deskControllers: string[]; partnerControllers: string[] }[]
  >`
    SELECT contact_point_of_code() AS "contactPoint",
      ARRAY(SELECT p.name FROM controller c JOIN partner p ON p.id = c.partner_id WHERE c.werkcentrum_id = ${werkcentrum.id}::uuid ORDER BY p.name)
        AS "deskControllers",
      ARRAY(SELECT p.name FROM partner p WHERE p.id = ${partner.id}::uuid AND p.legal_person
        UNION SELECT m.name FROM partner_acts_for a JOIN partner m ON m.id = a.member_id WHERE a.partner_id = ${partner.id}::uuid ORDER BY 1)
        AS "partnerControllers"`
  const { sharing } = act.world.policies
  const basis = sharing.bases.get(sharing.basisOfPartner[partner.kind as PartnerKind])
  const newest = versions[0]?.version ?? 0
  return {
    recordId: keyedHash(act.world.keys, 'receipt', `${handOff.id} ${newest}`),
    today: act.today,
    werkcentrum: werkcentrum.name,
    deskControllers: said?.deskControllers ?? [],
    partner: partner.name,
    partnerControllers: said?.partnerControllers ?? [],
    contactPoint: said?.contactPoint ?? null,
    lawfulBasis: { article: basis?.article ?? '', law: basis?.law ?? '', version: basis?.version ?? 0 },
    versions,
  }
}
