import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { type AnyOperation, type Log, type Pawl, type Registry, registry, Secret, type Who } from '@pawl/core'
import type { HsmStatus } from '@pawl/core/ports'
import { memoryHsm } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { type Example, examples, testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { type JsonSchema, jsonSchemaOf, propertiesOf } from '../../src/derive/json-schema.ts'
import { type Environment, ensureOwner, openPawl, readConfig } from '../../src/host/index.ts'
import { type HttpOptions, nodeListener, type Served } from '../../src/http/index.ts'
import { type Route, routesOf } from '../../src/http/routes.ts'
import { type Received, type Sent, sendOverSocket } from '../transports.ts'

// Attacks come through the door that everybody uses: a socket, real credentials, and nothing that tidies a request on
// its way.

export interface Door extends AsyncDisposable {
  readonly world: World
  readonly port: number
  send(path: string, sent?: Sent & { readonly bearer?: string | null }): Promise<Received>
}

/** The tests are about doors, and this one is faster than that of the testkit. */
const crypto = nodeCrypto()

/** A whole vault behind node:http. What is said of the engine is for `testPawl`. */
export async function openDoor(options: WorldOptions = {}, http: HttpOptions = {}): Promise<Door> {
  const world = await testPawl({ crypto, ...options })
  const { port, close } = await listen(world.pawl, http)
  return {
    world,
    port,
    send: (path, sent) => sendTo(port, path, sent),
    [Symbol.asyncDispose]: async () => {
      await close()
      await world.close()
    },
  }
}

async function listen(pawl: Served, http: HttpOptions = {}) {
  const server = createServer(nodeListener(pawl, http))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: (server.address() as AddressInfo).port, close }
}

function sendTo(port: number, path: string, sent: Sent & { readonly bearer?: string | null } = {}) {
  const { bearer, headers, ...rest } = sent
  const shown: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}
  return sendOverSocket(port, path, { ...rest, headers: { ...shown, ...headers } })
}

/** Keys that can be sealed, by a call instead of a ceremony. */
export function sealableHsm() {
  let isSealed = false
  const seal = async () => {
    isSealed = true
  }
  const status = async (): Promise<HsmStatus> => (isSealed ? 'sealed' : 'ok')
  return { ...memoryHsm(), status, seal, unseal: async () => {} }
}

/** Sends bytes as they are, and answers what came back before the connection ended. */
export function sendRaw(port: number, text: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(text, 'latin1')))
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const answer = Buffer.concat(chunks).toString('utf8')
      const [head = '', ...rest] = answer.split('\r\n\r\n')
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), body: rest.join('\r\n\r\n') })
    })
  })
}

/** A request line with anything in it. */
export function rawRequest(method: string, target: string, bearer: string | null, body = ''): string {
  const authorization = bearer ? `Authorization: Bearer ${bearer}\r\n` : ''
  const length = body ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` : ''
  return `${method} ${target} HTTP/1.1\r\nHost: vault.test\r\n${authorization}${length}Connection: close\r\n\r\n${body}`
}

/** What this caller shows on the wire: a token of their own. */
export async function bearerOf({ pawl }: World, who: Who): Promise<string | null> {
  if (typeof who === 'string') return who
  if (!('user' in who || 'agent' in who)) return null
  return (await pawl.as(who).auth.refresh()).access_token.reveal()
}

export interface Case {
  readonly operation: AnyOperation
  readonly routes: readonly Route[]
  readonly example: (world: World) => Promise<Example>
}

type Input = Readonly<Record<string, unknown>>

const areas: Registry = registry
const allExamples: Readonly<Record<string, Readonly<Record<string, Case['example']>>>> = examples

/** Every operation that has a route, with its routes and a call that succeeds: what is derived from it needs no list. */
export const cases: readonly Case[] = Object.entries(areas).flatMap(([area, verbs]) =>
  Object.entries(verbs).flatMap(([verb, operation]) => {
    const example = allExamples[area]?.[verb]
    const routes = routesOf({ [area]: { [verb]: operation } })
    return example && routes.length > 0 ? [{ operation, routes, example }] : []
  }),
)

export function named(found: readonly Case[]): [string, Case][] {
  return found.map((one) => [one.operation.name, one])
}

/** What no header can carry is encoded, as clients do. */
const sendable = (text: string) => (/^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text))

/** The input of an operation as one of its routes carries it. */
export function requestOf({ method, path, params, http }: Route, given: Input): { path: string; sent: Sent } {
  const shown = (value: unknown) => (value instanceof Secret ? value.reveal() : value)
  const input = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, shown(value)]))
  const place = path.replace(/\{(\w+)\+?\}/g, (_, name: string) => {
    return String(input[name]).split('/').map(encodeURIComponent).join('/')
  })
  const inHeaders = method === 'GET' ? (http.headers ?? {}) : {}
  const headers = Object.fromEntries(
    Object.entries(inHeaders).flatMap(([name, header]) =>
      name in input ? [[header, sendable(String(input[name]))]] : [],
    ),
  )
  const fields = Object.entries(input).filter(([name]) => !params.includes(name) && !(name in inHeaders))
  if (fields.length === 0) return { path: place, sent: { method, headers } }
  if (method !== 'GET') return { path: place, sent: { method, body: JSON.stringify(Object.fromEntries(fields)) } }
  const query = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)]))
  return { path: `${place}?${query}`, sent: { method, headers } }
}

export function isPublic({ operation }: Case): boolean {
  return operation.access === 'public'
}

/** The fields of an operation's input, as JSON Schema. */
export function fieldsOf({ operation }: Case): Record<string, JsonSchema> {
  return propertiesOf(jsonSchemaOf(operation.input, 'input'))
}

/** Every text inside of a JSON value, so that an answer can be searched for what must not be in it. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

export interface DiskDoor {
  readonly pawl: Pawl
  readonly port: number
  send: Door['send']
  stop(): Promise<void>
}

export const diskOwner = { email: 'owner@localhost', password: tagged('Correct-Horse-1815') }

/** A vault as `pawl serve` opens it, with everything on disk in this folder. */
export async function openOnDisk(folder: string, env: Environment = {}, log?: Log): Promise<DiskDoor> {
  const usual = { PAWL_DATA_DIR: folder, PAWL_OWNER_PASSWORD: diskOwner.password, PAWL_RATE_LIMITS: 'off' }
  const config = readConfig({ ...usual, ...env })
  const pawl = await openPawl(config, log)
  await ensureOwner(pawl, config).catch(async (error: unknown) => {
    await pawl.close()
    throw error
  })
  const { port, close } = await listen(pawl, log ? { log } : {})
  const stop = async () => {
    await close()
    await pawl.close()
  }
  return { pawl, port, send: (path, sent) => sendTo(port, path, sent), stop }
}

export async function signIn({ send }: Pick<Door, 'send'>, { email, password } = diskOwner): Promise<string> {
  const { json } = await send('/v1/auth/token', { method: 'POST', body: JSON.stringify({ email, password }) })
  return json.access_token
}
