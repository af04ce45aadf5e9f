import type { WebRequest } from './messages.ts'

// The site of a request, according to the headers of the browser.

type Headers = Pick<WebRequest, 'header'>

/** Whether the request names this server as its origin: by the public URL, or by the host that the browser asked for. */
export function isOwnOrigin(publicUrl: string, wire: Headers): boolean {
  const origin = wire.header('origin')
  if (origin === undefined || !URL.canParse(origin)) return false
  return origin === new URL(publicUrl).origin || new URL(origin).host === wire.header('host')
}

/** Whether the browser says that a page of another site, or of another host of this site, sends the request. */
export function isFromElsewhere(wire: Headers): boolean {
  return ['cross-site', 'same-site'].includes(wire.header('sec-fetch-site') ?? '')
}
