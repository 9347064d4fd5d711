// The receipt of a consent, pure: what was agreed, in plain Dutch (B1) and English, and as a record after ISO/IEC TS 27560:2023.
import { type Shareable, WORDINGS, WORDINGS_IN_ENGLISH } from '../consent/consent.js'
import type { ConsentVersion } from '../consent/consent-history.js'
import { CATEGORIES, type Category, type PartnerKind, type Policy } from '../decide/decide.js'
import { dayInWords } from '../handoffs/calendar.js'

export const RECEIPT_LANGUAGES = { nl: 'Nederlands', en: 'Engels' } as const
export type ReceiptLanguage = keyof typeof RECEIPT_LANGUAGES

/** A legal basis as cited. Article and law are null when the policy of today has other words than were agreed on. */
export type LawfulBasis = { name: string; version: number; article: string | null; law: string | null }

/** What the partner sees whatever the visitor says: always, and besides as long as there is an agreement. */
export type Unasked = { always: readonly Category[]; underAgreement: readonly Category[] }

/** Everything that a receipt says. Days are YYYY-MM-DD. */
export type Agreed = Readonly<{
  /** Tells two receipts apart and opens nothing: a keyed hash, not the id of the hand-off. */
  recordId: string
  today: string
  werkcentrum: string
  /** The legal persons that answer for the desk and for the partner; a partnership names those it acts for. */
  deskControllers: readonly string[]
  partner: string
  partnerControllers: readonly string[]
  /** Null: no agreement is in force; then the desk is where to ask. */
  contactPoint: string | null
  /** What the partner relies on: by the agreement that is in force, else by policies/sharing.yaml. */
  lawfulBasis: LawfulBasis
  /** What it relies on besides for what is sensitive. */
  basesOfSensitive: readonly LawfulBasis[]
  unasked: Unasked
  /** Newest first; empty: nothing was ever agreed. */
  versions: readonly ConsentVersion[]
}>

/** By the rules that share; what is said to be seen never is less than what is. */
export function seenUnasked({ share }: Pick<Policy, 'share'>, kind: PartnerKind): Unasked {
  const seen = (category: Category, mayNeed: readonly string[]) =>
    share.some(
      ({ role, partnerKinds, categories, needs }) =>
        role === 'HANDLER' &&
        partnerKinds.includes(kind) &&
        categories.includes(category) &&
        needs.every((need) => mayNeed.includes(need)),
    )
  return {
    always: CATEGORIES.filter((category) => seen(category, [])),
    underAgreement: CATEGORIES.filter((category) => seen(category, ['agreement']) && !seen(category, [])),
  }
}

/** Newest version that still stands today; undefined: withdrawn, expired, or never given. */
export function standing({ versions, today }: Pick<Agreed, 'versions' | 'today'>): ConsentVersion | undefined {
  const [newest] = versions
  return newest && newest.change !== 'WITHDRAWN' && today < newest.expiresOn ? newest : undefined
}

/** When it was last asked: narrowing asks nothing. */
const askedOn = ({ versions }: Pick<Agreed, 'versions'>): string =>
  versions.find(({ change }) => change === 'GIVEN' || change === 'WIDENED')?.day ?? ''

export type Section = { heading: string; lines: string[]; isList?: true }

/** In words that a visitor knows. What is sensitive is not named: whoever finds the paper must not read it from there. */
export const CATEGORY_WORDS: Readonly<Record<ReceiptLanguage, Readonly<Record<Exclude<Shareable, 'outcome'>, string>>>> = {
  nl: {
    routing: 'wat voor bezoeker u bent, en uit welke gemeente u komt',
    question: 'waarmee u hulp wilt, en wat de volgende stap is',
    situation: 'uw werk, uitkering, leeftijdsgroep en opleiding, en of u hulp met taal wilt',
    sensitive: 'bijzondere gegevens die u zelf vertelde',
    note: 'een korte toelichting',
  },
  en: {
    routing: 'what kind of visitor you are, and which municipality you come from',
    question: 'what you want help with, and what the next step is',
    situation: 'your work, benefit, age group and education, and whether you want help with language',
    sensitive: 'special data that you told us yourself',
    note: 'a short explanation',
  },
}

/** What is no answer of the visitor, in the same words. */
export const UNASKED_WORDS: Readonly<Record<ReceiptLanguage, Readonly<Record<Category, string>>>> = {
  nl: {
    ...CATEGORY_WORDS.nl,
    reference: 'de herkenningscode, het werkcentrum',
    logistics: 'bij welke balie u was, hoe en op welke dag',
    progress: 'hoe het met uw vraag gaat',
    outcome: 'hoe het is afgelopen',
    internal: 'eigen aantekeningen',
    staff: 'welke medewerker u helpt',
  },
  en: {
    ...CATEGORY_WORDS.en,
    reference: 'the recognition code, the werkcentrum',
    logistics: 'which desk you visited, how and on which day',
    progress: 'how your question is going',
    outcome: 'how it ended',
    internal: 'notes of its own',
    staff: 'which colleague helps you',
  },
}

function unaskedIn(language: ReceiptLanguage, { always, underAgreement }: Unasked): Section[] {
  const join = (categories: readonly Category[]) =>
    categories.map((category) => UNASKED_WORDS[language][category]).join(language === 'nl' ? ' en ' : ' and ')
  const [heading, first, more] =
    language === 'nl'
      ? [
          'Wat de partner altijd ziet',
          'De partner ziet altijd, ook als u nee zegt',
          'Is er een afspraak, dan ziet de partner ook',
        ]
      : [
          'What the partner always sees',
          'The partner always sees, also when you say no',
          'Under an agreement the partner also sees',
        ]
  const said = [
    ...(always.length > 0 ? [`${first}: ${join(always)}.`] : []),
    ...(underAgreement.length > 0 ? [`${more}: ${join(underAgreement)}.`] : []),
  ]
  return said.length > 0 ? [{ heading, lines: [said.join(' ')] }] : []
}

const TITLE: Readonly<Record<ReceiptLanguage, string>> = { nl: 'Wat u hebt afgesproken', en: 'What you agreed to' }
export const titleIn = (language: ReceiptLanguage): string => TITLE[language]

/** The receipt as headed sections; the same for the text and for the printable page. */
export function sectionsOf(agreed: Agreed, language: ReceiptLanguage): Section[] {
  return language === 'nl' ? inDutch(agreed) : inEnglish(agreed)
}

function inDutch(agreed: Agreed): Section[] {
  const consent = standing(agreed)
  const [newest] = agreed.versions
  const answers = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : 'dat is nog niet vastgelegd')
  const who = {
    heading: 'Wie',
    lines: [
      `U vroeg hulp bij ${agreed.werkcentrum}. Voor uw gegevens bij de balie zorgen: ${answers(agreed.deskControllers)}.`,
      `De partner is ${agreed.partner}. Voor uw gegevens bij de partner zorgen: ${answers(agreed.partnerControllers)}.`,
    ],
  }
  const change = {
    heading: 'Als u zich bedenkt',
    lines: [
      'U mag minder laten delen, stoppen, iets verbeteren, of laten wissen wat u liet delen.',
      'Dat mag altijd, en u hoeft niet te zeggen waarom.',
      'Na het wissen blijft bewaard: waar u ja op zei, via welke balie, wanneer, hoe het ging en wie keek.',
      'Uw gesprek zelf blijft bij de balie bewaard, los van deze vraag.',
      'Dat doet u zelf met uw volgcode. Of u zegt het aan de balie of tegen de partner.',
      'Wilt u meer laten delen, of langer? Dat kan aan de balie, met uw volgcode.',
      'Bent u de code kwijt? Wij maken geen nieuwe. De balie kan deze vraag stoppen en een nieuwe beginnen.',
      agreed.contactPoint ? `Vragen over uw gegevens: ${agreed.contactPoint}.` : 'Vragen over uw gegevens stelt u aan de balie.',
      'U kunt ook een klacht indienen bij de Autoriteit Persoonsgegevens.',
    ],
  }
  if (!consent) {
    const why =
      newest === undefined
        ? 'U hebt niet afgesproken dat wij iets delen.'
        : newest.change === 'WITHDRAWN'
          ? `U hebt uw toestemming ingetrokken op ${dayInWords(newest.day)}.`
          : `Uw toestemming gold tot ${dayInWords(newest.expiresOn)}.`
    return [
      { heading: 'Van wat u vertelde, delen wij nu niets', lines: [why, 'Dat heeft geen gevolgen voor u.'] },
      who,
      ...unaskedIn('nl', agreed.unasked),
      change,
    ]
  }
  const { reservePartner } = consent
  return [
    who,
    {
      heading: 'Wat de partner mag weten',
      lines: consent.categories.map((category) => CATEGORY_WORDS.nl[category]),
      isList: true,
    },
    ...unaskedIn('nl', agreed.unasked),
    {
      heading: 'Waarvoor en tot wanneer',
      lines: [
        'Alleen om u te helpen met uw vraag, en om te volgen of dat lukt.',
        `Het geldt tot ${dayInWords(consent.expiresOn)}.`,
      ],
    },
    {
      heading: 'Wat de balie hoort',
      lines: [
        consent.feedbackToDesk
          ? 'De partner mag de balie vertellen hoe het is afgelopen.'
          : 'De balie hoort niet hoe het is afgelopen.',
      ],
    },
    ...(reservePartner
      ? [{ heading: 'Als de partner niet kan helpen', lines: [`Dan mag uw vraag naar ${reservePartner.name}.`] }]
      : []),
    {
      heading: 'Hoe het is gevraagd',
      lines: [
        `Een gids aan de balie vroeg het u op ${dayInWords(askedOn(agreed))}:`,
        `“${WORDINGS[consent.wordingVersion]}”`,
        'U vroeg zelf om hulp, en het is in uw belang. Nee zeggen had geen gevolgen.',
        ...(consent.underSixteen && !consent.representativePresent
          ? ['U bent jonger dan 16, of dat weten wij niet. Daarom delen wij dit pas als uw ouder of voogd erbij was.']
          : []),
      ],
    },
    {
      heading: 'Wat niet wordt gedeeld',
      lines: [
        'Van wat u vertelde, krijgt de partner van ons alleen wat hierboven staat.',
        'Uw naam, adres, telefoonnummer, geboortedatum en burgerservicenummer hebben wij niet.',
      ],
    },
    change,
  ]
}

function inEnglish(agreed: Agreed): Section[] {
  const consent = standing(agreed)
  const [newest] = agreed.versions
  const answers = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : 'this has not been recorded yet')
  const who = {
    heading: 'Who',
    lines: [
      `You asked for help at ${agreed.werkcentrum}. Responsible for your data at the desk: ${answers(agreed.deskControllers)}.`,
      `The partner is ${agreed.partner}. Responsible for your data at the partner: ${answers(agreed.partnerControllers)}.`,
    ],
  }
  const change = {
    heading: 'If you change your mind',
    lines: [
      'You may share less, stop, correct something, or have erased what you let us share.',
      'You always may, and you need not say why.',
      'After erasing, this is kept: what you said yes to, through which desk, when, how it went and who looked.',
      'Your conversation itself is kept at the desk, apart from this question.',
      'You do it yourself with your follow-up code. Or you tell the desk or the partner.',
      'Do you want to share more, or for longer? You can at the desk, with your follow-up code.',
      'Did you lose the code? We do not make a new one. The desk can stop this question and start another.',
      agreed.contactPoint
        ? `Questions about your data: ${agreed.contactPoint}.`
        : 'Ask the desk if you have questions about your data.',
      'You can also complain to the Dutch data protection authority (Autoriteit Persoonsgegevens).',
    ],
  }
  if (!consent) {
    const why =
      newest === undefined
        ? 'You did not agree that we share anything.'
        : newest.change === 'WITHDRAWN'
          ? `You withdrew your consent on ${dayInWords(newest.day, 'en')}.`
          : `Your consent held until ${dayInWords(newest.expiresOn, 'en')}.`
    return [
      { heading: 'Of what you told us, nothing is shared now', lines: [why, 'This has no consequences for you.'] },
      who,
      ...unaskedIn('en', agreed.unasked),
      change,
    ]
  }
  const { reservePartner } = consent
  return [
    who,
    {
      heading: 'What the partner may know',
      lines: consent.categories.map((category) => CATEGORY_WORDS.en[category]),
      isList: true,
    },
    ...unaskedIn('en', agreed.unasked),
    {
      heading: 'What for, and until when',
      lines: [
        'Only to help you with your question, and to follow whether that works.',
        `It holds until ${dayInWords(consent.expiresOn, 'en')}.`,
      ],
    },
    {
      heading: 'What the desk hears',
      lines: [consent.feedbackToDesk ? 'The partner may tell the desk how it ended.' : 'The desk does not hear how it ended.'],
    },
    ...(reservePartner
      ? [{ heading: 'If the partner cannot help', lines: [`Then your question may go to ${reservePartner.name}.`] }]
      : []),
    {
      heading: 'How you were asked',
      lines: [
        `A guide at the desk asked you on ${dayInWords(askedOn(agreed), 'en')}:`,
        `“${WORDINGS_IN_ENGLISH[consent.wordingVersion]}”`,
        'You asked for help yourself, and it is in your interest. Saying no had no consequences.',
        ...(consent.underSixteen && !consent.representativePresent
          ? ['You are younger than 16, or we do not know. So we share this only once your parent or guardian was there.']
          : []),
      ],
    },
    {
      heading: 'What is not shared',
      lines: [
        'Of what you told us, the partner gets from us only what is named above.',
        'We do not have your name, address, telephone number, date of birth or citizen service number.',
      ],
    },
    change,
  ]
}

/** Plain text: a title, headings, lines. */
export function textOf(agreed: Agreed, language: ReceiptLanguage): string {
  const sections = sectionsOf(agreed, language).map(({ heading, lines, isList }) =>
    [heading, ...lines.map((line) => (isList ? `- ${line}` : line))].join('\n'),
  )
  return [titleIn(language), ...sections].join('\n\n')
}

const EVENT_STATES = { GIVEN: 'given', NARROWED: 'given', WIDENED: 'renewed', WITHDRAWN: 'withdrawn' } as const

/**
 * The record in the structure of ISO/IEC TS 27560:2023: header, processing of personal data, parties, events. Left out on purpose:
 * `pii_principal_id` (there is no identity to give), times (a day is kept, never an hour), addresses, e-mail and telephone of the parties
 * (`party_contact` holds the one contact point that the agreement names), `storage_locations` and `processing_locations` (the
 * agreement's document says them), and signatures. `pii_type` are the categories of policies/sharing.yaml, never values. `record_id` is a
 * keyed hash: two receipts of one version have the same, and nothing is opened with it.
 */
export function recordOf(agreed: Agreed): object {
  const consent = standing(agreed)
  const [newest] = agreed.versions
  const parties = [
    ...agreed.deskControllers.map((name) => ({ name, role: 'controller', side: 'desk' })),
    ...agreed.partnerControllers.map((name) => ({ name, role: 'controller', side: 'partner' })),
  ].map(({ name, role, side }, index) => ({
    party_id: `party-${index + 1}`,
    party_name: name,
    party_role: role,
    party_side: side,
  }))
  const idsOf = (side: string) => parties.filter(({ party_side }) => party_side === side).map(({ party_id }) => party_id)
  const shared = consent ? [...consent.categories, ...(consent.feedbackToDesk ? (['outcome'] as const) : [])] : []
  return {
    schema_version: 'ISO/IEC TS 27560:2023',
    record_id: agreed.recordId,
    pii_processing: {
      language: newest?.language ?? null,
      notice_version: newest?.wordingVersion ?? null,
      collection_method: newest ? { given_how: newest.givenHow, asked_by_role: newest.askedByRole } : null,
      purposes: consent
        ? [
            {
              purpose: 'help-with-the-question-and-follow-up',
              purpose_type: consent.purposes,
              lawful_basis: { ...agreed.lawfulBasis, consent: consent.basis },
              pii_information: shared.map((category) => ({
                pii_type: category,
                special_pii_category: category === 'sensitive',
                explicit: consent.explicitCategories.includes(category),
                ...(category === 'sensitive' ? { lawful_basis_besides: agreed.basesOfSensitive } : {}),
                pii_controllers: idsOf(category === 'outcome' ? 'partner' : 'desk'),
                recipients: idsOf(category === 'outcome' ? 'desk' : 'partner'),
              })),
              recipient_name: agreed.partner,
              reserve_recipient_name: consent.reservePartner?.name ?? null,
              retention_period: { until: consent.expiresOn, erased_after: 'P14D' },
              jurisdictions: ['NL'],
              conditions: {
                asked_for_help: consent.askedForHelp,
                in_own_interest: consent.inOwnInterest,
                refusal_is_free: consent.refusalIsFree,
                under_sixteen: consent.underSixteen,
                representative_present: consent.representativePresent,
              },
            },
          ]
        : [],
      withdrawal_method: ['with-follow-up-code', 'at-the-desk', 'at-the-partner'],
      privacy_rights: ['access', 'rectification', 'erasure', 'restriction', 'objection', 'withdraw-consent', 'complaint'],
      authority_party: 'Autoriteit Persoonsgegevens',
    },
    party_identification: [
      ...parties,
      { party_id: 'contact-point', party_role: 'contact-point', party_contact: agreed.contactPoint ?? agreed.werkcentrum },
    ],
    events: agreed.versions.toReversed().map((version) => ({
      event_time: version.day,
      event_type: version.change.toLowerCase(),
      event_state: EVENT_STATES[version.change],
      entity: version.bySide.toLowerCase(),
      valid_until: version.change === 'WITHDRAWN' ? version.day : version.expiresOn,
      version: version.version,
    })),
    state: consent ? 'valid' : newest === undefined ? 'none' : newest.change === 'WITHDRAWN' ? 'withdrawn' : 'expired',
  }
}
