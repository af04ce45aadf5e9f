import type { Pawl } from '@pawl/core'
import type { Address } from '@pawl/core/surfaces'
import { cookieOf } from '../web/cookies.ts'
import { RequestRejected } from '../web/errors.ts'
import { type Known, refuseStrangers } from '../web/known-hosts.ts'
import type { Mount, WebRequest, WebResponse } from '../web/messages.ts'
import { renewedSession, sessionOf } from '../web/session.ts'
import { type Bundle, bundleIn, type File, fileReply } from './bundle.ts'

export { type Bundle, entryOf } from './bundle.ts'

export interface DashboardOptions extends Known {
  /** The built files. Default: those of this package. */
  readonly bundle?: Bundle | null
}

/** What the HTTP server needs to serve the dashboard: spread it into its options. */
export interface Dashboard {
  readonly mounts: Readonly<Record<string, Mount>>
  readonly navigation: Mount
  readonly dashboardAt: Known
}

/**
 * The dashboard: static files, and one call that keeps the session. For everything else it calls the operations. A browser
 * that is not signed in goes to the sign-in page of `pages`.
 *
 * @example
 * const { mounts, ...rest } = dashboard(pawl, { hosts: ['vault.example.com'], origins: [] })
 * createServer(nodeListener(pawl, { mounts: { ...pages(pawl), ...mounts }, ...rest }))
 */
export function dashboard(pawl: Pick<Pawl, 'as' | 'settings'>, options: DashboardOptions): Dashboard {
  const { hosts, origins, bundle = bundleIn(new URL('../../dashboard/dist/', import.meta.url)) } = options
  const { publicUrl } = pawl.settings
  const known = { hosts: [...hosts, new URL(publicUrl).hostname], origins: [...origins, new URL(publicUrl).origin] }
  const start: Mount = async (wire) => {
    refuseStrangers(known, wire)
    requireRead(wire)
    return bundle === null ? notBuilt : startPage(publicUrl, bundle, wire)
  }
  const session: Mount = (wire, from) => keepSession(pawl, known, wire, from)
  const files = [...(bundle ?? [])].filter(([name]) => name !== indexName)
  const mounts = files.map(([name, file]) => [`/${name}`, mountOf(name, file)] as const)
  return {
    mounts: { '/': start, '/session': session, ...Object.fromEntries(mounts) },
    navigation: start,
    dashboardAt: known,
  }
}

const indexName = 'index.html'

const notBuilt: WebResponse = {
  status: 503,
  headers: ['content-type', 'text/plain; charset=utf-8', 'cache-control', 'no-store'],
  body: 'The dashboard is not built. `npm run build` builds it. The API works without it.\n',
}

/** All files come from this server, and no page of another site can frame it. No inline script runs. */
const contentSecurityPolicy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"],
  ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
].join('; ')

const pageHeaders = [
  ...['content-type', 'text/html; charset=utf-8', 'cache-control', 'no-store'],
  ...['content-security-policy', contentSecurityPolicy, 'x-frame-options', 'DENY'],
  ...['referrer-policy', 'same-origin', 'cross-origin-opener-policy', 'same-origin'],
  ...['cross-origin-resource-policy', 'same-origin', 'x-robots-tag', 'noindex'],
]

function startPage(publicUrl: string, bundle: Bundle, wire: WebRequest): WebResponse {
  const base = new URL(publicUrl).pathname.replace(/\/$/, '')
  if (cookieOf(publicUrl, wire.header('cookie')) === null) {
    const next = wire.target === '/' ? '' : `?next=${encodeURIComponent(wire.target)}`
    return { status: 303, headers: ['location', `${base}/login${next}`, 'cache-control', 'no-store'], body: null }
  }
  const text = Buffer.from(bundle.get(indexName)?.bytes ?? []).toString('utf8')
  // The build has no base path. Its files and routes begin at the path of the public URL.
  return { status: 200, headers: [...pageHeaders], body: text.replaceAll('="./', `="${base}/`) }
}

function mountOf(name: string, file: File): Mount {
  return async (wire) => {
    requireRead(wire)
    return fileReply(name, file, wire)
  }
}

/** Renews the token of the session while a person uses the dashboard. */
async function keepSession(
  pawl: Pick<Pawl, 'as' | 'settings'>,
  known: Known,
  wire: WebRequest,
  ip: Address | null,
): Promise<WebResponse> {
  if (wire.method !== 'POST') throw methodNotAllowed('POST')
  const { publicUrl } = pawl.settings
  const bearer = sessionOf(publicUrl, known, wire)
  if (bearer === null) throw new RequestRejected(401, 'not_authenticated', 'You are not signed in.')
  const renewed = await renewedSession(pawl.as({ bearer, scheme: 'cookie', ip }), publicUrl, bearer)
  return { status: 204, headers: [...renewed, 'cache-control', 'no-store'], body: null }
}

function requireRead({ method }: WebRequest): void {
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed('GET, HEAD')
}

function methodNotAllowed(allow: string): RequestRejected {
  return new RequestRejected(405, 'method_not_allowed', `This path allows only ${allow}.`, ['allow', allow])
}
