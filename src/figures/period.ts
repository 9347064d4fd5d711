// The periods that figures are about: calendar quarters, half years and years, written 2026-Q1, 2026-H1, 2026. Pure.

export type Quarter = 1 | 2 | 3 | 4

export type Period = Readonly<{ name: string; year: number; quarters: readonly Quarter[] }>

const PARTS = { Q1: [1], Q2: [2], Q3: [3], Q4: [4], H1: [1, 2], H2: [3, 4] } as const satisfies Record<string, readonly Quarter[]>

/** Undefined: there is no such period. */
export function periodCalled(name: string): Period | undefined {
  const [, year, part] = /^(\d{4})(?:-(Q[1-4]|H[12]))?$/.exec(name) ?? []
  if (!year) return undefined
  return { name, year: Number(year), quarters: part ? PARTS[part as keyof typeof PARTS] : [1, 2, 3, 4] }
}

/** Every period of a year that is over once this quarter is: longer ones hold the shorter ones that came before. */
export function periodsUntil(year: number, last: Quarter): Period[] {
  return [...Object.keys(PARTS).map((part) => `${year}-${part}`), `${year}`]
    .map((name) => periodCalled(name)!)
    .filter(({ quarters }) => quarters.every((quarter) => quarter <= last))
}

/** The periods that end with this quarter. */
export const closedBy = (year: number, last: Quarter): Period[] =>
  periodsUntil(year, last).filter(({ quarters }) => quarters.at(-1) === last)

/** `day` is the first day of a quarter, YYYY-MM-DD. */
export const quarterOf = (day: string): { year: number; quarter: Quarter } => ({
  year: Number(day.slice(0, 4)),
  quarter: Math.ceil(Number(day.slice(5, 7)) / 3) as Quarter,
})

export const firstDayOf = (year: number, quarter: Quarter): string => `${year}-${String(quarter * 3 - 2).padStart(2, '0')}-01`

const PART_WORDS: Record<string, { nl: string; en: string }> = {
  Q1: { nl: 'eerste kwartaal', en: 'first quarter' },
  Q2: { nl: 'tweede kwartaal', en: 'second quarter' },
  Q3: { nl: 'derde kwartaal', en: 'third quarter' },
  Q4: { nl: 'vierde kwartaal', en: 'fourth quarter' },
  H1: { nl: 'eerste halfjaar', en: 'first half' },
  H2: { nl: 'tweede halfjaar', en: 'second half' },
}

/** 'eerste halfjaar 2026' */
export function periodInWords(name: string, language: 'nl' | 'en' = 'nl'): string {
  const [year, part] = name.split('-')
  const words = part && PART_WORDS[part]?.[language]
  return words ? `${words} ${year}` : `${language === 'nl' ? 'jaar' : 'year'} ${year}`
}
