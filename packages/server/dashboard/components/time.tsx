import { fromNow } from './from-now.ts'

const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** How long ago, or how soon. The tooltip has the time itself. */
export function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={absolute.format(new Date(at))} className="nowrap">
      {fromNow(at, Date.now())}
    </time>
  )
}

export function isPast(at: string | undefined): boolean {
  return at !== undefined && Date.parse(at) <= Date.now()
}
