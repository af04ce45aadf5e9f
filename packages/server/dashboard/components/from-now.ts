const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How long ago, or how soon, to the nearest whole number. */
export function fromNow(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000
  // In whole minutes, so that 59 minutes and 50 seconds are an hour.
  const rounded = Math.abs(seconds) < 60 ? seconds : Math.round(seconds / 60) * 60
  const unit = units.find(([, length]) => Math.abs(rounded) >= length)
  if (!unit) return seconds > 0 ? 'in a moment' : 'just now'
  return relative.format(Math.round(rounded / unit[1]), unit[0])
}
