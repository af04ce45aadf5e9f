const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })
const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How long ago, or how soon. The tooltip has the time itself. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={absolute.format(new Date(at))} className="nowrap">
      {fromNow(at)}
    </time>
  )
}

function fromNow(at: string): string {
  const seconds = (Date.parse(at) - Date.now()) / 1000
  const unit = units.find(([, length]) => Math.abs(seconds) >= length)
  if (!unit) return seconds > 0 ? 'in a moment' : 'just now'
  return relative.format(Math.trunc(seconds / unit[1]), unit[0])
}

export function isPast(at: string | undefined): boolean {
  return at !== undefined && Date.parse(at) <= Date.now()
}
