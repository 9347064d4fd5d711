// Who asks: one person for each capacity, at the right organisation and at wrong ones, and visitors with the code of one hand-off.
import { idOf, PARTNERS, WERKCENTRA } from '../support/small-world.js'

export type Who = Readonly<{
  name: string
  role: 'GUIDE' | 'HANDLER' | 'COORDINATOR' | 'PRIVACY_OFFICER' | 'SIGNATORY' | 'CODE_HOLDER' | 'NOBODY'
  organisation?: Readonly<{ side: 'werkcentrum' | 'partner'; id: string }>
  /** The story (twin-story.ts) whose follow-up code this visitor holds, or the visitor at the desk of this guide. */
  story?: string
}>

type Desk = 'a' | 'b' | 'c'
type Kind = keyof typeof PARTNERS | 'SCHOOL'

/** A werkcentrum and a partner that nothing was ever handed over by or to. */
export const EMPTY_DESK = idOf('werkcentrum c')
export const SCHOOL = idOf('partner SCHOOL')
export const deskId = (desk: Desk): string => (desk === 'c' ? EMPTY_DESK : WERKCENTRA[desk])
export const partnerId = (kind: Kind): string => (kind === 'SCHOOL' ? SCHOOL : PARTNERS[kind])

const atDesk = (role: Who['role'], desk: Desk): Who => ({
  name: `${role} of desk ${desk}`,
  role,
  organisation: { side: 'werkcentrum', id: deskId(desk) },
})
const atPartner = (role: Who['role'], kind: Kind): Who => ({
  name: `${role} of ${kind}`,
  role,
  organisation: { side: 'partner', id: partnerId(kind) },
})
const visitor = (story: string): Who => ({ name: `visitor with the code of "${story}"`, role: 'CODE_HOLDER', story })

export const NOBODY: Who = { name: 'nobody', role: 'NOBODY' }
export const guide = (desk: Desk): Who => ({
  ...atDesk('GUIDE', desk),
  ...(desk === 'a' ? { story: 'with the visitor at the desk' } : {}),
})
export const coordinator = (desk: Desk) => atDesk('COORDINATOR', desk)
export const officerOfDesk = (desk: Desk) => atDesk('PRIVACY_OFFICER', desk)
export const signatoryOfDesk = (desk: Desk) => atDesk('SIGNATORY', desk)
export const handler = (kind: Kind) => atPartner('HANDLER', kind)
export const officerOf = (kind: Kind) => atPartner('PRIVACY_OFFICER', kind)
export const signatoryOf = (kind: Kind) => atPartner('SIGNATORY', kind)

/** Each in turn is the one from whom something is hidden. */
export const PEOPLE: readonly Who[] = [
  guide('a'),
  handler('UWV'),
  handler('GEMEENTE'),
  handler('WSP'),
  handler('UNION'),
  handler('PRIVATE'),
  coordinator('a'),
  officerOfDesk('a'),
  officerOf('UWV'),
  officerOf('UNION'),
  signatoryOfDesk('a'),
  signatoryOf('UWV'),
  visitor('accepted with sensitive facts'),
  visitor('forwarded'),
  visitor('accepted by the union'),
  visitor('withdrawn consent'),
  // Of a wrong organisation: that of another region, and those that have nothing to do with anything.
  guide('b'),
  guide('c'),
  handler('SCHOOL'),
  officerOfDesk('b'),
  NOBODY,
]
