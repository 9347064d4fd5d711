// The receipt that somebody with the code asks for: what it says is read, the rest is pure (receipt.ts, receipt-page.tsx).
import { versionsOf } from '../consent/consent-history.js'
import type { PartnerKind } from '../decide/decide.js'
import { basesFor, type Sharing } from '../decide/policy-files.js'
import { readFollowUpCode } from '../handoffs/codes.js'
import type { HandOffData } from '../handoffs/handoffs.js'
import { keyedHash } from '../identity/pseudonym.js'
import type { Act } from '../operations/perform.js'
import { type Agreed, type LawfulBasis, type ReceiptLanguage, recordOf, seenUnasked, textOf } from './receipt.js'
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
    {
      agreement: { contact_point: string; legal_basis: string; legal_basis_version: number } | null
      deskControllers: string[]
      partnerControllers: string[]
    }[]
  >`
    SELECT (SELECT to_jsonb(a) FROM agreement_of_code() a) AS agreement,
      ARRAY(SELECT p.name FROM controller c JOIN partner p ON p.id = c.partner_id WHERE c.werkcentrum_id = ${werkcentrum.id}::uuid ORDER BY p.name)
        AS "deskControllers",
      ARRAY(SELECT p.name FROM partner p WHERE p.id = ${partner.id}::uuid AND p.legal_person
        UNION SELECT m.name FROM partner_acts_for a JOIN partner m ON m.id = a.member_id WHERE a.partner_id = ${partner.id}::uuid ORDER BY 1)
        AS "partnerControllers"`
  const { sharing } = act.world.policies
  const kind = partner.kind as PartnerKind
  const ofPartner = sharing.basisOfPartner[kind]
  const agreement = said?.agreement
  const newest = versions[0]?.version ?? 0
  return {
    recordId: keyedHash(act.world.keys, 'receipt', `${handOff.id} ${newest}`),
    today: act.today,
    werkcentrum: werkcentrum.name,
    deskControllers: said?.deskControllers ?? [],
    partner: partner.name,
    partnerControllers: said?.partnerControllers ?? [],
    contactPoint: agreement?.contact_point ?? null,
    lawfulBasis: lawfulBasis(sharing, agreement?.legal_basis ?? ofPartner, agreement?.legal_basis_version),
    basesOfSensitive: basesOfSensitive(sharing, kind).map((name) => lawfulBasis(sharing, name)),
    unasked: seenUnasked(sharing, kind),
    versions,
  }
}

/** As agreed on; where the policy has other words by now, the name and the version say which they were. */
function lawfulBasis({ bases }: Sharing, name: string, version = bases.get(name)?.version ?? 0): LawfulBasis {
  const basis = bases.get(name)
  const isSame = basis?.version === version
  return { name, version, article: isSame ? basis.article : null, law: isSame ? basis.law : null }
}

/** What a partner needs for what is sensitive, besides its own basis (AVG art. 9(2)(a), UAVG art. 22(2)(a)). */
function basesOfSensitive(sharing: Sharing, kind: PartnerKind): string[] {
  const rules = sharing.share.filter(
    ({ role, partnerKinds, categories }) => role === 'HANDLER' && partnerKinds.includes(kind) && categories.includes('sensitive'),
  )
  const names = rules.flatMap((rule) => basesFor(sharing, rule, kind))
  return [...new Set(names)].filter((name) => name !== sharing.basisOfPartner[kind])
}
