// The terms of an agreement as one canonical text with a hash, made a second time: what the database function agreement_terms has to say.
import { createHash } from 'node:crypto'
import type { Terms } from '#app/agreements/terms.js'

/** Canonical JSON after RFC 8785: sorted names, no spaces. */
export function canonicalTerms(terms: Terms & { werkcentrum: string; partner: string; version: number }): string {
  const { werkcentrum, partner, version } = terms
  const sorted = (items: readonly string[]) => [...items].sort()
  return JSON.stringify({
    actingFor: sorted(terms.actingFor),
    answerTermDays: terms.answerTermDays,
    cells: sorted(terms.cells),
    contactPoint: terms.contactPoint,
    controllers: sorted(terms.controllers),
    documentReference: terms.documentReference,
    firstContactTermDays: terms.firstContactTermDays,
    legalBasis: terms.legalBasis,
    legalBasisVersion: terms.legalBasisVersion,
    partner,
    reviewOn: terms.reviewOn,
    validFrom: terms.validFrom,
    validTo: terms.validTo,
    version,
    werkcentrum,
  })
}

/** SHA-256 of the canonical text, in hexadecimal. */
export const hashOfTerms = (canonical: string): string => createHash('sha256').update(canonical).digest('hex')
