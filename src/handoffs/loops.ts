// Is the loop closed? Derived from three voices, never stored (design 5). The column hand_off.open_until says the same in SQL.
import type { LoopStatus, State, Voice } from './lists.js'

/** How long a visitor may be silent before a finished hand-off counts as not confirmed, in days. */
export const SILENCE_DAYS = 14

export type Voices = Readonly<{ state: State; changedOn: string; guideVoice: Voice | null; visitorVoice: Voice | null }>

/** `today` and `changedOn` are days, YYYY-MM-DD. The visitor's own word goes before what the desk heard. */
export function loopStatus({ state, changedOn, guideVoice, visitorVoice }: Voices, today: string): LoopStatus {
  switch (state) {
    case 'OFFERED':
    case 'ACCEPTED':
    case 'IN_PROGRESS':
      return 'OPEN'
    case 'DECLINED':
    case 'RETURNED':
      // The visitor still has no help: open until the desk says how it ended, or forwards it.
      return guideVoice === null ? 'OPEN' : 'CLOSED'
    case 'COMPLETED': {
      const voice = visitorVoice ?? guideVoice
      if (voice === 'WORKED') return 'CLOSED'
      if (voice !== null) return 'CONTRADICTED'
      return today < addDays(changedOn, SILENCE_DAYS) ? 'OPEN' : 'UNCONFIRMED'
    }
    default:
      return 'CLOSED'
  }
}

/** Does the desk still have work with it? */
export const isOpenLoop = (status: LoopStatus): boolean => status === 'OPEN' || status === 'CONTRADICTED'

/** `day` is YYYY-MM-DD. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
