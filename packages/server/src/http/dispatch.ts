import { randomUUID } from 'node:crypto'
import { type Origin, type Pawl, PawlError } from '@pawl/core'
import {
  type Address,
  clientOf,
  formatAddress,
  rates,
  revealed,
  type Sender,
  tokenBuckets,
  type UsageShown,
} from '@pawl/core/surfaces'
import { commandsOf } from '../derive/commands.ts'
import { yamlOf } from '../derive/yaml.ts'
import { bearerOf, credentialOf } from '../web/bearer.ts'
import { type ClientIp, clientIp } from '../web/client-ip.ts'
import { RequestRejected } from '../web/errors.ts'
import { refuseStrangers } from '../web/known-hosts.ts'
import {
  type Dispatch,
  isPieces,
  type Mount,
  type Sending,
  type WebRequest,
  type WebResponse,
} from '../web/messages.ts'
import { sessionOf } from '../web/session.ts'
import { BodyBudget, type Owner } from './body-budget.ts'
import { type ClientCertificate, clientCertificate } from './client-certificate.ts'
import { allowOrigin, allowPreflight, noOrigins } from './cors.ts'
import { entityTag, isKnown } from './entity-tag.ts'
import { type Routing, routingOf } from './find-routes.ts'
import { eventHeaders, eventsFrom, type Following, wantsEvents } from './follow.ts'
import { openApi } from './openapi.ts'
import type { HttpOptions } from './options.ts'
import { ambiguousPath, isAmbiguous, splitTarget } from './path.ts'
import { problemReply } from './problem.ts'
import { shapedFor, wantsOldShapes } from './profiles.ts'
import { inputOf } from './request.ts'
import { type Found, type Route, routeTree } from './routes.ts'
import { usageHeaders } from './usage-headers.ts'

/** The parts of an engine that the server needs. */
export type Served = Pick<Pawl, 'perform' | 'registry' | 'settings'>

/** Everything that answers need, made once. */
interface Http {
  readonly pawl: Served
  readonly options: HttpOptions
  readonly find: Routing['find']
  /** Documents that are served besides the operations, by path. */
  readonly documents: ReadonlyMap<string, Mount>
  /** The same for paths with parameters that belong to no operation. */
  readonly findMount: ReturnType<typeof routeTree>
  readonly addressOf: ClientIp
  readonly certificateOf: ClientCertificate
  /** A bucket for each client; null where rate limits are off. */
  readonly buckets: ReturnType<typeof tokenBuckets> | null
  /** Of all bodies that are on their way. */
  readonly budget: BodyBudget
  readonly now: () => number
  readonly basePath: string
  /** Of the URL that clients use. */
  readonly publicOrigin: string
}

/** One request in progress, with what the server knows about it. */
interface Exchange {
  readonly wire: WebRequest
  readonly requestId: string
  address: Address | null
  route: string
}

/** Makes the one function that answers requests, on every transport. */
export function dispatcher(pawl: Served, options: HttpOptions = {}): Dispatch {
  const { basePath = '', trustedProxies, clientCertificateHeader = null, now = Date.now } = options
  const { routes, find } = routingOf(options.registry ?? pawl.registry)
  const mounts = mountsApart(routes, options)
  const http: Http = {
    pawl,
    options,
    find,
    documents: documentsOf(pawl, options, mounts),
    findMount: routeTree(patternsOf(mounts)),
    addressOf: clientIp(trustedProxies),
    certificateOf: clientCertificate(clientCertificateHeader, trustedProxies),
    buckets: pawl.settings.rateLimits ? tokenBuckets(rates.requests) : null,
    budget: new BodyBudget(options.bodiesBytesMax),
    now,
    basePath: basePath.replace(/\/+$/, ''),
    publicOrigin: new URL(pawl.settings.publicUrl).origin,
  }
  return (wire) => dispatch(http, wire)
}

async function dispatch(http: Http, wire: WebRequest): Promise<WebResponse> {
  const { observe, metrics } = http.options
  const startedAt = observe || metrics ? performance.now() : 0
  const exchange: Exchange = { wire, requestId: requestIdOf(wire), address: null, route: '' }
  let reply: WebResponse
  try {
    reply = await answer(http, exchange)
  } catch (error) {
    if (!(error instanceof RequestRejected || error instanceof PawlError)) {
      http.options.log?.('error', 'request failed', { error })
    }
    reply = problemReply(error)
  }
  complete(http, exchange, reply)
  if (observe || metrics) tell(http.options, exchange, reply, performance.now() - startedAt)
  return reply
}

function answer(http: Http, exchange: Exchange): WebResponse | Promise<WebResponse> {
  const { wire } = exchange
  exchange.address = http.addressOf(wire.peer, wire.header('x-forwarded-for'))
  // Before the server reads anything of the request, so that a flood is cheap (G3).
  http.buckets?.take(clientOf(exchange.address), http.now())
  if (http.options.known) refuseStrangers(http.options.known, wire)
  const { path: fullPath, query } = splitTarget(wire.target)
  const path = within(http.basePath, fullPath)
  const document = http.documents.get(path)
  if (document) return mounted(http, exchange, document)
  const pattern = http.findMount(path)?.routes.get('GET')?.path
  const patterned = pattern === undefined ? undefined : http.options.mounts?.[pattern]
  if (pattern !== undefined && patterned) {
    exchange.route = pattern
    return mounted(http, exchange, patterned)
  }
  const ambiguous = ambiguousIn(wire, fullPath)
  if (ambiguous !== null) {
    return refuseAmbiguous(http, exchange, http.find(within(http.basePath, ambiguous), wire.method))
  }
  const exact = pageAt(http, exchange, path)
  if (exact) return mounted(http, exchange, exact)
  const found = http.find(path, wire.method)
  const { navigation } = http.options
  if (!found && navigation && isNavigation(wire, path)) return mounted(http, exchange, navigation)
  if (!found) throw new RequestRejected(404, 'unknown_route', 'No operation exists at this path.')
  const page = pageAt(http, exchange, patternOf(found))
  if (page) return mounted(http, exchange, page)
  const route = routeFor(exchange, found)
  return route ? run(http, exchange, route, found.values, query) : options(http, exchange, found)
}

function mounted({ budget }: Http, { wire, address }: Exchange, mount: Mount): Promise<WebResponse> {
  return mount(wire, address, (caller) => budget.begin(ownerOf(caller, address)))
}

/** Whether a user opens the address in a browser. Paths of the API are only for programs. */
function isNavigation(wire: WebRequest, path: string): boolean {
  const isRead = wire.method === 'GET' || wire.method === 'HEAD'
  return isRead && !!wire.header('accept')?.includes('text/html') && !/^\/(v1|\.well-known|mcp)(\/|$)/.test(path)
}

/** The page at the path of an operation, for a browser. Programs get the operation: they do not accept HTML. */
function pageAt({ options: { mounts = {} } }: Http, exchange: Exchange, path: string): Mount | null {
  if (!isForBrowser(exchange.wire) || !Object.hasOwn(mounts, path)) return null
  exchange.route = path
  return mounts[path] ?? null
}

/** Whether a browser navigates, or sends the form of a page. */
function isForBrowser(wire: WebRequest): boolean {
  if (!wire.header('accept')?.includes('text/html')) return false
  const isForm = wire.header('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true
  return ['GET', 'HEAD'].includes(wire.method) || (wire.method === 'POST' && isForm)
}

/** The path that a route declares: `/v1/approvals/{approval_id}`. */
function patternOf({ routes }: Found): string {
  const [{ path }] = routes.values() as unknown as [Route]
  return path
}

/** The path as it came, if another program could read it as a different path. */
function ambiguousIn({ target, rawTarget }: WebRequest, path: string): string | null {
  if (isAmbiguous(path)) return path
  if (rawTarget === target) return null
  const raw = splitTarget(rawTarget).path
  return isAmbiguous(raw) ? raw : null
}

/** The route for the method; null for OPTIONS, which asks about the path and calls no operation. */
function routeFor(exchange: Exchange, { routes }: Found): Route | null {
  const { method } = exchange.wire
  const route = routes.get(method === 'HEAD' ? 'GET' : method)
  // HEAD would use up a read without sending the value. So it is only for operations that reveal nothing.
  if (route && !(method === 'HEAD' && route.operation.reveals)) {
    exchange.route = route.path
    return route
  }
  const [any] = routes.values()
  exchange.route = any?.path ?? ''
  if (method === 'OPTIONS') return null
  const allow = allowed(routes)
  throw new RequestRejected(405, 'method_not_allowed', `This path allows only ${allow}.`, ['allow', allow])
}

function allowed(routes: ReadonlyMap<string, Route>): string {
  const get = routes.get('GET')
  return [...routes.keys(), ...(get && !get.operation.reveals ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

function options(http: Http, { wire }: Exchange, { routes }: Found): WebResponse {
  const allow = allowed(routes)
  const headers = ['allow', allow]
  allowPreflight(http.options.origins ?? noOrigins, wire.header('origin'), allow, headers)
  return { status: 204, headers, body: null }
}

async function run(
  http: Http,
  exchange: Exchange,
  route: Route,
  values: readonly string[],
  query: string,
): Promise<WebResponse> {
  const { wire, address } = exchange
  const { operation } = route
  const begin = ({ caller, onStop }: Sender) => {
    const arrival = http.budget.begin(ownerOf(caller.kind === 'anonymous' ? null : caller, address))
    onStop(arrival.stop)
    return arrival
  }
  const inputFor = (given: string) => inputOf(route, values, given, wire, http.now(), begin, http.options.bodyBytesMax)
  const noted: Noted = { isRepeated: false, isOver: false, usage: null, receipt: null }
  const origin = originOf(http, exchange, route, noted)
  if (route.http.follows === true && wantsEvents(wire)) {
    const ask = (given: string) => http.pawl.perform(operation, inputFor(given), origin) as Promise<Following>
    return followed(ask, query, wire, { gone: (told) => wire.gone(told), isOver: () => noted.isOver })
  }
  const reply = success(route, await http.pawl.perform(operation, inputFor(query), origin), wire)
  // Clients of x402 read how the payment was settled from here.
  if (noted.receipt !== null) reply.headers.push('x-payment-response', Buffer.from(noted.receipt).toString('base64'))
  if (noted.usage) reply.headers.push(...usageHeaders(noted.usage))
  return noted.isRepeated ? repeated(reply) : reply
}

/** What the engine tells about a call, beside its answer. */
interface Noted {
  isRepeated: boolean
  isOver: boolean
  usage: UsageShown | null
  receipt: string | null
}

function originOf(http: Http, { wire, address }: Exchange, { operation }: Route, noted: Noted): Origin {
  const { bearer = null, scheme, possession = null } = credentialIn(http, wire)
  // Without a spread: Node 20 makes such an object slow.
  return {
    bearer,
    scheme,
    possession,
    clientCertificate: operation.access === 'public' ? http.certificateOf(wire) : null,
    ip: address,
    idempotencyKey: wire.header('idempotency-key') ?? null,
    platformConnection: wire.header('x-platform-connection') ?? null,
    payment: wire.header('x-payment') ?? null,
    receipt: (text) => {
      noted.receipt = text
    },
    answeredBefore: () => {
      noted.isRepeated = true
    },
    charged: (shown) => {
      noted.usage = shown
    },
    gone: (told) => wire.gone(told),
    waitingEnds: () => {
      noted.isOver = true
    },
  }
}

/** The answers of an operation as events. A refusal of the first call is an answer like any other. */
async function followed(
  ask: (query: string) => Promise<Following>,
  query: string,
  wire: WebRequest,
  ends: Parameters<typeof eventsFrom>[2],
): Promise<WebResponse> {
  const first = await ask(queryOf(query, wire))
  const body = eventsFrom(first, (more) => ask(changed(query, more)), ends)
  return { status: 200, headers: [...eventHeaders], body }
}

/** A client that reconnects names the last event that it got. It does not wait for the first answer. */
function queryOf(query: string, wire: WebRequest): string {
  const last = wire.header('last-event-id')
  const from = changed(query, { wait: '0' })
  return last === undefined || new URLSearchParams(query).has('after') ? from : changed(from, { after: last })
}

function changed(query: string, more: Readonly<Record<string, string>>): string {
  const parameters = new URLSearchParams(query)
  for (const [name, value] of Object.entries(more)) parameters.set(name, value)
  return parameters.toString()
}

/** The credential of a program, or the session of a person who uses the dashboard. */
function credentialIn({ options, pawl, publicOrigin }: Http, wire: WebRequest): ReturnType<typeof credentialOf> {
  const { dashboardAt } = options
  if (dashboardAt && wire.header('authorization') === undefined) {
    const bearer = sessionOf(pawl.settings.publicUrl, dashboardAt, wire)
    if (bearer !== null) return { bearer, scheme: 'cookie' }
  }
  return credentialOf(wire, publicOrigin)
}

/** The principal owns the body, because a sender cannot choose its principal. Without a principal, the address owns it. */
function ownerOf(caller: Sending | null, address: Address | null): Owner {
  return caller ? ['known', caller.org, `${caller.kind} ${caller.id}`] : ['anonymous', `${clientOf(address)}`]
}

/** The answer to a repeated call does not say 201, because this call created nothing (§2.7). */
function repeated({ status, headers, body }: WebResponse): WebResponse {
  return { status: status === 201 ? 200 : status, headers: [...headers, 'idempotent-replayed', 'true'], body }
}

function success(route: Route, output: unknown, wire: WebRequest): WebResponse {
  const { status, shape, operation } = route
  if (status === 204) return { status, headers: [], body: null }
  const tag = entityTag(operation.http?.etag, output)
  const marks = tag === null ? [] : ['etag', tag]
  if (tag !== null && isKnown(tag, wire.header('if-none-match'))) {
    return { status: 304, headers: [...marks, 'cache-control', 'no-store'], body: null }
  }
  const { reveals } = operation
  const shown = shapedFor(
    wantsOldShapes((name) => wire.header(name)),
    shape,
    reveals ? revealed(output, reveals) : output,
  )
  const headers = [...route.headers, ...marks]
  // The URL with the state of the running work (§10.1).
  if (status === 202) headers.push('location', placeOf(route, output as { id: string }, wire))
  const { createdIf, acceptedIf } = route.http
  const isCreated = createdIf !== undefined && (output as Record<string, unknown>)[createdIf] === true
  const isAccepted =
    acceptedIf !== undefined &&
    Object.entries(acceptedIf).every(([field, value]) => (output as Record<string, unknown>)[field] === value)
  // Clients parse every success but 204 (§1.2.2).
  return { status: isAccepted ? 202 : isCreated ? 201 : status, headers, body: JSON.stringify(shown ?? {}) }
}

function placeOf({ http }: Route, { id }: { readonly id: string }, wire: WebRequest): string {
  return http.location?.replace('{id}', id) ?? `${splitTarget(wire.target).path}/${id}`
}

/** An ambiguous path reaches no operation. The pipeline still runs, because it records an event for a known caller. */
async function refuseAmbiguous(http: Http, { wire, address }: Exchange, found: Found | null): Promise<never> {
  const route = found?.routes.get(wire.method)
  if (found && route) {
    const input = Object.fromEntries(route.params.map((name, at) => [name, found.values[at]]))
    const origin = { ...credentialIn(http, wire), ip: address, isAmbiguous: true }
    await http.pawl.perform(route.operation, input, origin).catch(() => {})
  }
  throw ambiguousPath()
}

/** The path below the base path. Empty, which matches no route, if the path is not below it. */
function within(basePath: string, path: string): string {
  return path.startsWith(basePath) && path[basePath.length] === '/' ? path.slice(basePath.length) : ''
}

/** Echoes the request ID of the caller if it is safe in a log. Otherwise, the server makes one. */
function requestIdOf(wire: WebRequest): string {
  const given = wire.header('x-request-id')
  return given !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : randomUUID()
}

function complete({ options }: Http, { wire, requestId }: Exchange, { headers, body, status }: WebResponse): void {
  if (status !== 204 && status !== 304 && !isPieces(body))
    headers.push('content-length', String(body === null ? 0 : Buffer.byteLength(body)))
  headers.push('x-request-id', requestId, 'x-content-type-options', 'nosniff')
  allowOrigin(options.origins ?? noOrigins, wire.header('origin'), headers)
}

function tell({ observe, metrics }: HttpOptions, exchange: Exchange, { status }: WebResponse, ms: number): void {
  const { wire, route, requestId, address } = exchange
  const ip = address && formatAddress(address)
  const access = { method: wire.method, route, status, ms, requestId, ip }
  observe?.(access)
  metrics?.observe(access)
}

function documentsOf(
  pawl: Served,
  { registry = pawl.registry, metrics }: HttpOptions,
  mounts: Readonly<Record<string, Mount>>,
) {
  const documents = new Map<string, Dispatch>()
  const contract = () => openApi(registry, { serverUrl: pawl.settings.publicUrl })
  documents.set('/openapi.json', json(contract))
  documents.set(
    '/openapi.yaml',
    made('application/yaml', () => yamlOf(contract())),
  )
  documents.set(
    '/commands.json',
    json(() => commandsOf(registry)),
  )
  documents.set(
    '/healthz',
    made('text/plain', () => 'ok\n'),
  )
  documents.set('/readyz', () => readiness(pawl))
  if (metrics) documents.set('/metrics', (wire) => numbers(metrics, wire))
  const readable = [...documents].map(([path, document]) => [path, readOnly(document)] as const)
  return new Map<string, Mount>([...readable, ...Object.entries(mounts)])
}

/** The mounts that are not at the path of an operation. `pageAt` finds the others, because programs get the operation. */
function mountsApart(routes: readonly Route[], { mounts = {} }: HttpOptions): Readonly<Record<string, Mount>> {
  const taken = new Set(routes.map(({ path }) => path))
  return Object.fromEntries(Object.entries(mounts).filter(([path]) => !taken.has(path)))
}

/** The mounts for many paths, such as `/connect/{slug}/grant`. */
function patternsOf(mounts: Readonly<Record<string, Mount>>) {
  return Object.keys(mounts)
    .filter((path) => path.includes('{'))
    .map((path) => ({ method: 'GET', path }))
}

function json(make: () => unknown): Dispatch {
  return made('application/json', () => JSON.stringify(make()))
}

/** Made once, at the first request. */
function made(type: string, make: () => string): Dispatch {
  let body: string | null = null
  return async () => {
    body ??= make()
    return { status: 200, headers: ['content-type', type], body }
  }
}

/** For probes, which read only the status: 503 while the vault is sealed, or its storage or key store does not work. */
async function readiness({ perform, registry: { health } }: Served): Promise<WebResponse> {
  const { status } = health?.get ? ((await perform(health.get, {}, {})) as { status: string }) : { status: 'healthy' }
  const headers = ['content-type', 'text/plain', 'cache-control', 'no-store']
  return { status: status === 'healthy' ? 200 : 503, headers, body: `${status}\n` }
}

function readOnly(document: Mount): Mount {
  return (wire, ...more) => {
    if (wire.method === 'GET' || wire.method === 'HEAD') return document(wire, ...more)
    throw new RequestRejected(405, 'method_not_allowed', 'This path allows only GET, HEAD.', ['allow', 'GET, HEAD'])
  }
}

async function numbers(metrics: NonNullable<HttpOptions['metrics']>, wire: WebRequest): Promise<WebResponse> {
  if (!metrics.mayRead(bearerOf(wire.header('authorization')))) {
    throw new RequestRejected(
      401,
      'not_authenticated',
      'This path requires the metrics token (PAWL_METRICS_TOKEN) as a bearer token.',
      ['www-authenticate', 'Bearer'],
    )
  }
  return { status: 200, headers: ['content-type', metrics.contentType], body: await metrics.text() }
}
