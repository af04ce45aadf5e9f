import { nearest } from '../../kernel/did-you-mean.ts'
import type { Json } from '../../kernel/json.ts'
import { type Check, fails, holds, isObject, type Report } from './condition.ts'
import { parseCron } from './cron.ts'
import { type WallTime, wallClock } from './wall-clock.ts'

// A time window comes in two shapes, which may be mixed; every part that is there must hold:
//
//   after, before           "HH:MM", from the one to just before the other
//   start_hour, end_hour    0 to 23 and 0 to 24, from the one to just before the other
//   days_of_week            0 (Sunday) to 6
//   cron_expr               see cron.ts
//   timezone                where all of this is meant; UTC when absent
//
// A window whose end is before its start goes on past midnight. The day of the week is that of the moment itself, so the
// hours after midnight count to the new day.

type Part = (time: WallTime) => boolean
type Window = { readonly [name: string]: Json }

const whenNames = ['after', 'before', 'start_hour', 'end_hour', 'days_of_week', 'cron_expr']

export function readTimeWindow(value: Json, report: Report): Check {
  if (!isObject(value)) return report('', 'must be an object')
  const clock = wallClock(typeof value.timezone === 'string' ? value.timezone : 'UTC')
  if (!clock || !(value.timezone === undefined || typeof value.timezone === 'string')) {
    return report('.timezone', 'must be the name of an IANA time zone, such as Europe/Vienna')
  }
  const parts: Part[] = []
  for (const read of [readClockTimes, readHours, readDays, readCron]) {
    const part = read(value, report)
    if (part) parts.push(part)
  }
  const names = Object.keys(value).filter((name) => name !== 'timezone')
  const unknown = names.find((name) => !whenNames.includes(name))
  if (unknown !== undefined) {
    return report('', `has a field that does not exist. The nearest is ${nearest(unknown, [...whenNames, 'timezone'])}`)
  }
  if (names.length === 0) return report('', `must have at least one of ${whenNames.join(', ')}`)
  return ({ now }) => {
    const time = clock(now)
    return parts.every((part) => part(time)) ? inside : outside
  }
}

const inside = holds('the time is inside the window')
const outside = fails('the time is outside the window')

function readClockTimes({ after, before }: Window, report: Report): Part | null {
  if (after === undefined && before === undefined) return null
  const from = after === undefined ? 0 : minutesOf(after)
  const to = before === undefined ? 24 * 60 : minutesOf(before)
  if (from === null) report('.after', 'must be a time of day as HH:MM')
  if (to === null) report('.before', 'must be a time of day as HH:MM')
  if (from === to) report('.before', 'must differ from after')
  return from === null || to === null ? null : between(from, to)
}

function readHours({ start_hour: start, end_hour: end }: Window, report: Report): Part | null {
  if (start === undefined && end === undefined) return null
  const from = start === undefined ? 0 : hourOf(start, 23)
  const to = end === undefined ? 24 : hourOf(end, 24)
  if (from === null) report('.start_hour', 'must be a whole number from 0 to 23')
  if (to === null) report('.end_hour', 'must be a whole number from 0 to 24')
  if (from === to) report('.end_hour', 'must differ from start_hour')
  return from === null || to === null ? null : between(from * 60, to * 60)
}

function readDays({ days_of_week: days }: Window, report: Report): Part | null {
  if (days === undefined) return null
  if (!Array.isArray(days) || days.length === 0 || days.some((day) => hourOf(day, 6) === null)) {
    report('.days_of_week', 'must be a list of whole numbers from 0 (Sunday) to 6')
    return null
  }
  const allowed = new Set<Json>(days)
  return (time) => allowed.has(time.dayOfWeek)
}

function readCron({ cron_expr: text }: Window, report: Report): Part | null {
  if (text === undefined) return null
  const cron = typeof text === 'string' ? parseCron(text) : { problem: 'must be a string' }
  if ('holds' in cron) return cron.holds
  report('.cron_expr', cron.problem)
  return null
}

/** From `from` to just before `to`, in minutes of the day, past midnight when `to` comes first. */
function between(from: number, to: number): Part {
  return ({ hour, minute }) => {
    const now = hour * 60 + minute
    return from < to ? from <= now && now < to : from <= now || now < to
  }
}

function minutesOf(value: Json): number | null {
  const match = typeof value === 'string' ? /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(value) : null
  return match ? Number(match[1]) * 60 + Number(match[2]) : null
}

function hourOf(value: Json, max: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max ? value : null
}
