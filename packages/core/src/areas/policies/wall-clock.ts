import { Lru } from '../../kernel/lru.ts'
import { minute, second } from '../../kernel/time.ts'

/** What a clock on the wall of a place shows. Months from 1, days of the week from 0, which is Sunday. */
export interface WallTime {
  readonly month: number
  readonly dayOfMonth: number
  readonly dayOfWeek: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

export type WallClock = (now: number) => WallTime

/** The clock of an IANA time zone, summer time included, or null when there is no such zone. */
export function wallClock(zone: string): WallClock | null {
  const known = clocks.get(zone)
  if (known) return known
  const format = formatOf(zone)
  if (!format) return null
  const clock = everyMinute(format)
  clocks.set(zone, clock)
  return clock
}

/** More than one server needs at a time, and few enough that no caller can fill the memory with formatters. */
const clocks = new Lru<string, WallClock>({ max: 64 })

function formatOf(zone: string): Intl.DateTimeFormat | null {
  // Some runtimes also take offsets such as +02:00, others do not.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return null
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      weekday: 'short',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
  } catch {
    return null
  }
}

/** Formatting is slow, so it is done once a minute: zones have been whole minutes from UTC since 1972. */
function everyMinute(format: Intl.DateTimeFormat): WallClock {
  let shown = Number.NaN
  let time = wallTime(format, 0)
  return (now) => {
    const started = Math.floor(now / minute)
    if (started !== shown) {
      time = wallTime(format, started * minute)
      shown = started
    }
    return { ...time, second: Math.floor(now / second) - started * 60 }
  }
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function wallTime(format: Intl.DateTimeFormat, now: number): WallTime {
  const parts = Object.fromEntries(format.formatToParts(new Date(now)).map(({ type, value }) => [type, value]))
  return {
    month: Number(parts.month),
    dayOfMonth: Number(parts.day),
    dayOfWeek: weekdays.indexOf(parts.weekday ?? ''),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    second: 0,
  }
}
