import { isThisMachine } from '@pawl/core/ports'
import { RequestRejected } from './errors.ts'
import type { WebRequest } from './messages.ts'

// A hostile page can make its own host name point at this machine (DNS rebinding). It then has the same origin as a server
// that listens here. It cannot change the Host header that the browser sends (E13).

export interface Known {
  /** Host names of this server besides those of the loopback interface, in the form of a URL. */
  readonly hosts: readonly string[]
  /** Origins of pages that may call, besides those of this machine: `https://app.example.com` */
  readonly origins: readonly string[]
}

/** Refuses requests for another host, and requests from pages of other origins. Programs send no origin. */
export function refuseStrangers({ hosts, origins }: Known, wire: Pick<WebRequest, 'header'>): void {
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?$/i.exec(wire.header('host') ?? '')?.[1]?.toLowerCase()
  if (name === undefined || !(isThisMachine(name) || hosts.includes(name))) {
    throw new RequestRejected(
      403,
      'unknown_host',
      'This server does not accept that Host name. Set PAWL_PUBLIC_URL to the URL that clients use.',
    )
  }
  const origin = wire.header('origin')
  if (origin === undefined || origins.includes(origin)) return
  if (!URL.canParse(origin) || !isThisMachine(new URL(origin).hostname)) {
    throw new RequestRejected(
      403,
      'unknown_origin',
      'This origin is not allowed. PAWL_CORS_ORIGINS lists the allowed origins.',
    )
  }
}
