// The clock of the story: what happens when, one thing at a time, in scenes that wait for a later day as people do.
import { type Day, dutchToday } from '../handoffs/calendar.js'

/** Waits until an instant; what lies past the end of the story never comes. */
export type Until = (at: Date) => Promise<void>

export type Agenda = Readonly<{
  /** Now in the story; each look is a second later, so that what happens in one scene has an order. */
  now: () => Date
  enter: (at: Date, scene: (until: Until) => Promise<void>) => void
  /** Plays everything before `end`, in order of time, and of entering where that is the same. */
  play: (end: Date) => Promise<void>
}>

export function makeAgenda(): Agenda {
  const planned: { at: number; number: number; goOn: () => Promise<void> }[] = []
  let clock = 0
  let count = 0
  let fault: unknown

  const plan = (at: Date, goOn: () => Promise<void>) => {
    const entry = { at: at.getTime(), number: count++, goOn }
    const place = planned.findIndex((other) => other.at > entry.at)
    planned.splice(place === -1 ? planned.length : place, 0, entry)
  }

  return Object.freeze({
    now: () => {
      clock += 1000
      return new Date(clock)
    },
    enter: (at, scene) => {
      // Whoever plays waits until the scene either ends or waits itself: two scenes never run at once.
      let handBack = () => {}
      const goOn = (start: () => void) => () =>
        new Promise<void>((resolve) => {
          handBack = resolve
          start()
        })
      const until: Until = (next) =>
        new Promise<void>((resume) => {
          plan(next, goOn(resume))
          handBack()
        })
      plan(
        at,
        goOn(() => {
          scene(until)
            .catch((thrown: unknown) => {
              fault = thrown
            })
            .then(() => handBack())
        }),
      )
    },
    play: async (end) => {
      for (;;) {
        const next = planned.shift()
        if (!next || next.at >= end.getTime()) return
        clock = Math.max(clock, next.at)
        await next.goOn()
        if (fault !== undefined) throw fault
      }
    },
  } satisfies Agenda)
}

/** The instant at which Dutch clocks say so many minutes past midnight. */
export function dutchInstant(day: Day, minutes: number): Date {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000
  // Clocks are an hour ahead of UTC, in summer two; noon of the same day says which, away from the night in which it changes.
  const noon = new Date(Date.parse(`${day}T10:30:00Z`))
  return new Date(asUtc - (dutchToday(noon).dayPart === 'MORNING' ? 60 : 120) * 60_000)
}
