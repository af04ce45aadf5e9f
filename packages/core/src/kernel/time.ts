export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** Formats milliseconds since 1970 as RFC 3339 in UTC, the format of every time in the API. */
export function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** The month in UTC, such as `2026-11`. */
export function monthOf(milliseconds: number): string {
  return rfc3339(milliseconds).slice(0, 7)
}

const pattern = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/

/** Parses an RFC 3339 time to milliseconds since 1970. Returns null if it is invalid, such as February 30. */
export function fromRfc3339(text: string): number | null {
  const parts = pattern.exec(text)
  if (!parts) return null
  const milliseconds = Date.parse(text.replace(' ', 'T').toUpperCase())
  if (Number.isNaN(milliseconds)) return null
  const [, year, month, dayOfMonth] = parts
  return Number(dayOfMonth) <= daysInMonth(Number(year), Number(month)) ? milliseconds : null
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
