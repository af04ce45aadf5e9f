import type { WallTime } from './wall-clock.ts'

// Cron expressions of six fields, read as the seconds in which something holds:
//
//   second  minute  hour  day of month  month  day of week
//   `* * 9-17 * * MON-FRI` holds from 9:00:00 to 17:59:59 on working days; `0 0 9 * * *` in one second a day
//
// A field is `*` or a list of numbers, ranges and steps; months and days of the week may have English names. Days of the
// week count from 0, Sunday, and 7 is Sunday too. `?` stands for `*` in the two fields of days. Schedulers disagree on
// what it means to restrict both fields of days, so that is refused.

export interface Cron {
  holds(time: WallTime): boolean
}

export interface CronProblem {
  readonly problem: string
}

interface Field {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly names?: readonly string[]
  readonly part: keyof WallTime
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

const fields: readonly Field[] = [
  { name: 'second', from: 0, to: 59, part: 'second' },
  { name: 'minute', from: 0, to: 59, part: 'minute' },
  { name: 'hour', from: 0, to: 23, part: 'hour' },
  { name: 'day of month', from: 1, to: 31, part: 'dayOfMonth' },
  { name: 'month', from: 1, to: 12, names: months, part: 'month' },
  { name: 'day of week', from: 0, to: 7, names: days, part: 'dayOfWeek' },
]

const charactersMax = 256

export function parseCron(text: string): Cron | CronProblem {
  if (text.length > charactersMax) return { problem: `must be at most ${charactersMax} characters long` }
  const texts = text.trim().split(/[ \t]+/)
  if (texts.length !== fields.length)
    return { problem: 'must have six fields: second minute hour day-of-month month day-of-week' }
  if (isRestricted(texts[3]) && isRestricted(texts[5])) {
    return { problem: 'must restrict the day of the month or the day of the week, not both' }
  }
  const checks: { part: keyof WallTime; allowed: ReadonlySet<number> }[] = []
  for (const [at, field] of fields.entries()) {
    const allowed = parseField(texts[at] as string, field)
    if (!allowed)
      return {
        problem: `must have numbers from ${field.from} to ${field.to}, ranges or steps as its ${field.name}`,
      }
    checks.push({ part: field.part, allowed })
  }
  return { holds: (time) => checks.every(({ part, allowed }) => allowed.has(time[part])) }
}

function isRestricted(text: string | undefined): boolean {
  return text !== '*' && text !== '?'
}

function parseField(text: string, field: Field): ReadonlySet<number> | null {
  const allowed = new Set<number>()
  if (text === '?' && field.part.startsWith('dayOf')) return parseField('*', field)
  for (const item of text.split(',')) {
    const values = parseItem(item, field)
    if (!values) return null
    for (const value of values) allowed.add(field.part === 'dayOfWeek' ? value % 7 : value)
  }
  return allowed
}

/** `*`, `5`, `1-5`, any of them with `/step`. A step behind a single number goes on to the end: `5/15` is 5, 20, 35, 50. */
function parseItem(item: string, field: Field): number[] | null {
  const match = /^(?:(\*)|([0-9]{1,2}|[A-Za-z]{3})(?:-([0-9]{1,2}|[A-Za-z]{3}))?)(?:\/([0-9]{1,2}))?$/.exec(item)
  if (!match) return null
  const [, all, first, last, stepText] = match
  const step = stepText === undefined ? 1 : Number(stepText)
  const from = all ? field.from : parseValue(first, field)
  const open = all || (last === undefined && stepText !== undefined)
  const to = open ? field.to : last === undefined ? from : parseValue(last, field)
  if (from === null || to === null || from > to || step === 0) return null
  const values: number[] = []
  for (let value = from; value <= to; value += step) values.push(value)
  return values
}

function parseValue(text = '', field: Field): number | null {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1
  const value = named === -1 ? Number(text) : named + field.from
  return Number.isInteger(value) && value >= field.from && value <= field.to ? value : null
}
