import type { Area, CallOptions, ClientOfAreas } from '../operations/index.ts'
import { outputOf, refusesCredential } from './answer.ts'
import type { PawlHttpClient } from './areas/index.ts'
import { type Connection, connect } from './connection.ts'
import { type Credential, credentialOf, type Exchange } from './credential.ts'
import { eachOf } from './pages.ts'
import { type Route, readRoute, requestOf } from './route.ts'
import { routes as ownRoutes } from './routes.ts'
import type { ClientOptions, Door } from './types.ts'
import { orAborted, patiently, type Repeatable } from './waiting.ts'

type Input = Readonly<Record<string, unknown>>

/**
 * Creates a client that calls a vault over HTTP. It has the same names, types and errors as the in-process client, and
 * its secrets do not print. It runs wherever there is `fetch`. Pass the types of additional areas as a type argument:
 * `createClient<[typeof notes]>({ url, routes })`.
 *
 * @example
 * const pawl = createClient({ url: 'http://127.0.0.1:8210', apiKey: process.env.PAWL_API_KEY })
 * const { value } = await pawl.secrets.get({ vault_id, path: 'db/password' })
 */
export function createClient<Areas extends readonly Area[] = readonly []>(
  options: ClientOptions,
): PawlHttpClient & ClientOfAreas<Areas> {
  const connection = connect(options)
  const credential = credentialOf(options, exchangeOver(connection))
  const bind = (text: string) => {
    const route = readRoute(text)
    const call = (input: Input = {}, options: CallOptions = {}) =>
      perform(connection, credential, route, input, options)
    return route.pages === null ? call : Object.assign(call, { each: eachOf(call, route.pages) })
  }
  const areas = Object.entries(options.routes ?? ownRoutes).map(([area, verbs]) => [
    area,
    Object.fromEntries(Object.entries(verbs).map(([verb, text]) => [verb, bind(text)])),
  ])
  const client = Object.fromEntries(areas)
  if (Object.hasOwn(client, 'request'))
    throw new TypeError('An area cannot be named request, because every client has a method with this name.')
  return Object.defineProperty(client, 'request', { value: doorOf(connection, credential) })
}

async function perform(
  connection: Connection,
  credential: Credential,
  route: Route,
  input: Input,
  { idempotencyKey, signal: ofCall }: CallOptions,
): Promise<unknown> {
  const { target, body, headers } = requestOf(route, input)
  const { method } = route
  const answer = await connection.within(ofCall, (signal) => {
    const sendAs = (bearer: string | null) => {
      const init = { ...sent(method, body, bearer, headers, idempotencyKey), signal }
      return patiently(repeatable(method, route.isIdempotent && idempotencyKey !== undefined), signal, () =>
        connection.send(target, init),
      )
    }
    return route.isOpen ? sendAs(null) : showing(credential, signal, sendAs, refusesCredential)
  })
  return outputOf(route, answer)
}

/** A lost request is sent again only if a repetition changes nothing. Putting a secret twice makes two versions. */
function repeatable(method: string, hasKey: boolean): Repeatable {
  return { whenLost: method === 'GET' || hasKey, whenLimited: method === 'GET' || method === 'PUT' || hasKey }
}

/** An additional token does no harm, so an exchange is retried like a read. */
function exchangeOver(connection: Connection): Exchange {
  return async (verb, input, bearer) => {
    const route = readRoute(ownRoutes.auth[verb])
    const { target, body } = requestOf(route, input)
    const init = sent(route.method, body, bearer)
    const answer = await connection.within(undefined, (signal) =>
      patiently(repeatable('GET', false), signal, () => connection.send(target, { ...init, signal })),
    )
    return outputOf(route, answer)
  }
}

function sent(
  method: string,
  body: string | undefined,
  bearer: string | null,
  given: Readonly<Record<string, string>> = {},
  idempotencyKey?: string,
): RequestInit {
  const headers: Record<string, string> = { ...given }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (bearer !== null) headers.authorization = `Bearer ${bearer}`
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
  return { method, headers, ...(body === undefined ? {} : { body }) }
}

/** Sends with the token. If the server refuses it and a new one can be obtained, sends once more. */
async function showing<T>(
  credential: Credential,
  signal: AbortSignal,
  send: (bearer: string | null) => Promise<T>,
  isRefused: (answer: T) => boolean,
): Promise<T> {
  const bearer = await orAborted(credential.token(), signal)
  const answer = await send(bearer)
  if (bearer === null || !isRefused(answer) || !credential.drop(bearer)) return answer
  return send(await orAborted(credential.token(), signal))
}

function doorOf(connection: Connection, credential: Credential): Door['request'] {
  return async (path, init = {}) => {
    if (!path.startsWith('/')) throw new TypeError('A path must begin with a slash.')
    const signal = connection.signalOf(init.signal)
    const send = (bearer: string | null) => {
      const headers = new Headers(init.headers)
      if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`)
      return connection.fetch(path, { ...init, headers, signal })
    }
    // A stream can be sent only once.
    const isAtHand = init.body === undefined || init.body === null || typeof init.body === 'string'
    return showing(credential, signal, send, ({ status }) => status === 401 && isAtHand)
  }
}
