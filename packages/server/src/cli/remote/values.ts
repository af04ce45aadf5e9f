import type { FieldSpec } from '../../derive/commands.ts'
import { UsageError } from '../terminal.ts'

/** The name of a field as the user types it. */
export function nameOf({ name, flag }: FieldSpec, places: readonly string[]): string {
  return places.includes(name) ? `<${flag}>` : `--${flag}`
}

/** The value to send for what the user typed. An empty value in quotes clears a field. */
export function valueFrom(field: FieldSpec, called: string, given: readonly string[], now: number): unknown {
  const [text = '', ...more] = given
  if (field.isClearable && more.length === 0 && text === '') return null
  if (field.type === 'list') return given.flatMap((one) => entriesOf(field, called, one))
  if (more.length > 0) throw new UsageError(`${called} must be given only once`)
  if (field.type === 'number') return numberOf(called, text)
  if (field.type === 'boolean') return booleanOf(called, text)
  if (field.type === 'time') return timeOf(called, text, now)
  if (field.type === 'json') return jsonOf(called, text)
  return chosen(field, called, text)
}

function chosen({ choices }: FieldSpec, called: string, text: string): string {
  if (choices && !choices.includes(text)) throw new UsageError(`${called} must be one of ${choices.join(', ')}`)
  return text
}

function entriesOf(field: FieldSpec, called: string, text: string): unknown[] {
  if (text.startsWith('[')) return jsonOf(called, text) as unknown[]
  const entries = text.split(',').map((entry) => entry.trim())
  return entries.filter((entry) => entry !== '').map((entry) => chosen(field, called, entry))
}

function numberOf(called: string, text: string): number {
  if (!/^-?\d{1,15}(\.\d+)?$/.test(text)) throw new UsageError(`${called} must be a number`)
  return Number(text)
}

function booleanOf(called: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new UsageError(`${called} must be true or false`)
  return text === 'true'
}

function jsonOf(called: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${called} must be JSON, such as '{"team":"web"}'`)
  }
}

/** A time: absolute (2027-01-31, or with a time of day), or relative to now: 30d, 12h, 6m, 1y. -7d is in the past. */
export function timeOf(called: string, text: string, now: number): string {
  const [, sign, count = '', unit = ''] = /^(-?)(\d{1,5})([hdwmy])$/.exec(text) ?? []
  if (unit !== '') return away(now, Number(count) * (sign === '-' ? -1 : 1), unit).toISOString()
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  if (isTime && !Number.isNaN(Date.parse(text))) return text.includes('T') ? text : `${text}T00:00:00Z`
  throw new UsageError(`${called} must be a time: 2027-01-31, 2027-01-31T12:00:00Z, or relative to now: 30d, 6m, 1y`)
}

const hourMs = 3_600_000

function away(now: number, count: number, unit: string): Date {
  const moment = new Date(now)
  const hours = { h: 1, d: 24, w: 168 }[unit]
  if (hours !== undefined) return new Date(now + count * hours * hourMs)
  // The last day of January and a month is the last day of February.
  const day = moment.getUTCDate()
  moment.setUTCDate(1)
  moment.setUTCMonth(moment.getUTCMonth() + count * (unit === 'y' ? 12 : 1))
  const last = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate()
  moment.setUTCDate(Math.min(day, last))
  return moment
}
