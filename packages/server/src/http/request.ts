import type { AnyOperation } from '@pawl/core'
import { InputToRead, parseInput, type Sender } from '@pawl/core/surfaces'
import { type JsonSchema, jsonSchemaOf, propertiesOf, typesOf } from '../derive/json-schema.ts'
import { bodyOf } from '../web/body.ts'
import { RequestRejected } from '../web/errors.ts'
import { parseJson } from '../web/json.ts'
import { type Arrival, bodyBytesMax, publicBodyBytesMax, type WebRequest } from '../web/messages.ts'
import { type Quirks, quirksOf, settle } from './profiles.ts'
import { paramsOf, type Route } from './routes.ts'

const queryFieldsMax = 100

/** How to read the input of a route, computed at its first use. */
interface Reading {
  readonly quirks: Quirks | null
  readonly declared: ReadonlySet<string>
  /** Number fields, which are text in a URL. */
  readonly numbers: ReadonlySet<string>
  readonly booleans: ReadonlySet<string>
  /** Fields that a header fills. They are secrets, so a URL must not contain them. */
  readonly inHeaders: ReadonlySet<string>
  readonly headers: readonly (readonly [field: string, header: string])[]
}

const readings = new WeakMap<Route, Reading>()

/** The input of an operation: path parameters and body, or query where there is no body. It is not checked yet. */
export function inputOf(
  route: Route,
  values: readonly string[],
  query: string,
  wire: WebRequest,
  nowMs: number,
  begin: (sender: Sender) => Arrival,
  bytesMax = bodyBytesMax,
): Record<string, unknown> | InputToRead {
  const reading = readings.get(route) ?? remember(route)
  const takesBody = wire.hasBody && (route.method !== 'GET' || reading.quirks?.bodyOnGet === true)
  if (!takesBody) return complete({}, route, reading, values, query, wire, nowMs)
  const { access } = route.operation
  const max = access === 'public' ? Math.min(bytesMax, publicBodyBytesMax) : bytesMax
  const takesForm = reading.quirks?.form === true
  const known: Record<string, unknown> = {}
  paramsOf(route, values, known)
  return new InputToRead(known, async (sender) => {
    const body = await readBody(wire, max, { takesForm, rawBody: route.http.rawBody }, begin(sender))
    return complete(body, route, reading, values, query, wire, nowMs)
  })
}

function complete(
  input: Record<string, unknown>,
  route: Route,
  reading: Reading,
  values: readonly string[],
  query: string,
  wire: WebRequest,
  nowMs: number,
): Record<string, unknown> {
  const { quirks } = reading
  if (query !== '' && takesQuery(route, quirks)) addQuery(input, query, reading)
  if (route.params.length > 0) addParams(input, route, values, reading)
  for (const [field, header] of reading.headers) input[field] ??= wire.header(header)
  if (quirks) settle(input, quirks, reading.declared, (name) => wire.header(name), nowMs)
  if (quirks) checkOtherNames(route, quirks, reading.declared, wire, input)
  return input
}

/** If a field comes under two names, or in the body and a header, the declared one counts. The other must still be valid. */
function checkOtherNames(
  { operation }: Route,
  { aliases = {}, headers = {} }: Quirks,
  declared: ReadonlySet<string>,
  wire: WebRequest,
  input: Readonly<Record<string, unknown>>,
): void {
  const check = (name: string, field: string, value: unknown) => {
    if (declared.has(name) || !declared.has(field) || value === undefined || value === input[field]) return
    const problem = problemWith(operation.input, field, { ...input, [field]: value })
    if (problem !== null) throw new RequestRejected(400, 'invalid_input', `${name}: ${problem}`)
  }
  for (const [alias, field] of Object.entries(aliases)) check(alias, field, input[alias])
  for (const [header, field] of Object.entries(headers)) check(header, field, wire.header(header))
}

function problemWith(schema: AnyOperation['input'], field: string, input: unknown): string | null {
  try {
    parseInput(schema, input)
    return null
  } catch (error) {
    const { fields = {} } = ((error as { data?: unknown }).data ?? {}) as { fields?: Readonly<Record<string, string>> }
    return Object.entries(fields).find(([name]) => name.split('.')[0] === field)?.[1] ?? null
  }
}

/** If the body of a GET is read, the query is not: its field (a passphrase) must not be in a URL. */
function takesQuery({ method }: Route, quirks: Quirks | null): boolean {
  return method === 'DELETE' || (method === 'GET' && !quirks?.bodyOnGet)
}

function remember(route: Route): Reading {
  const schema = jsonSchemaOf(route.operation.input, 'input')
  const properties = propertiesOf(schema)
  const quirks = quirksOf(route.shape)
  const headers = route.operation.http?.headers ?? {}
  const reading = {
    quirks: Object.keys(quirks).length > 0 ? quirks : null,
    declared: new Set(Object.keys(properties)),
    numbers: fieldsOf(properties, ['integer', 'number']),
    booleans: fieldsOf(properties, ['boolean']),
    inHeaders: new Set([...Object.values(quirks.headers ?? {}), ...Object.keys(headers)]),
    headers: Object.entries(headers),
  }
  readings.set(route, reading)
  return reading
}

function fieldsOf(properties: Record<string, JsonSchema>, wanted: readonly string[]): Set<string> {
  const is = (schema: JsonSchema) => {
    const types = typesOf(schema)
    return !types.includes('string') && types.some((type) => wanted.includes(type))
  }
  return new Set(Object.keys(properties).filter((name) => is(properties[name] ?? {})))
}

async function readBody(
  wire: WebRequest,
  bytesMax: number,
  { takesForm, rawBody }: { readonly takesForm: boolean; readonly rawBody: string | undefined },
  arrival: Arrival,
): Promise<Record<string, unknown>> {
  const bytes = await bodyOf(wire, bytesMax, arrival)
  if (rawBody !== undefined) return { [rawBody]: Buffer.from(bytes).toString() }
  // Clients announce JSON and send nothing (§1.1.1).
  if (bytes.length === 0) return {}
  if (takesForm && mediaTypeOf(wire) === 'application/x-www-form-urlencoded') return formIn(bytes)
  requireJson(wire)
  const value = parseJson(bytes)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new RequestRejected(400, 'invalid_json', 'The body must be a JSON object.')
  }
  return value as Record<string, unknown>
}

/** A page of another origin may send other types without a preflight, and could lock its visitor out by wrong passwords (M13). */
function requireJson(wire: WebRequest): void {
  if (/^application\/(?:[a-z0-9.+-]+\+)?json$/.test(mediaTypeOf(wire))) return
  throw new RequestRejected(
    415,
    'unsupported_media_type',
    'Send the body as JSON, with `Content-Type: application/json`.',
  )
}

function mediaTypeOf(wire: WebRequest): string {
  const [type = ''] = (wire.header('content-type') ?? '').split(';')
  return type.trim().toLowerCase()
}

/** Refuses a repeated name, as in a query (A13). */
function formIn(bytes: Uint8Array): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of new URLSearchParams(Buffer.from(bytes).toString())) {
    if (Object.hasOwn(fields, name)) {
      throw new RequestRejected(400, 'invalid_form', 'A field of a form must be given only once.')
    }
    define(fields, name, value)
  }
  return fields
}

/** Refuses a repeated name: one parser would take the first value, and another parser the last (A13). */
function addQuery(input: Record<string, unknown>, query: string, reading: Reading): void {
  const seen = new Set<string>()
  for (const [name, value] of new URLSearchParams(query)) {
    if (seen.has(name)) throw new RequestRejected(400, 'invalid_query', 'A query parameter must be given only once.')
    if (seen.add(name).size > queryFieldsMax)
      throw new RequestRejected(400, 'invalid_query', 'The query has too many parameters.')
    if (!Object.hasOwn(input, name) && !reading.inHeaders.has(name)) define(input, name, typed(name, value, reading))
  }
}

/** Like an assignment, but `__proto__` is an ordinary name. */
function define(input: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(input, name, { value, enumerable: true, configurable: true, writable: true })
}

function addParams(input: Record<string, unknown>, route: Route, values: readonly string[], reading: Reading): void {
  paramsOf(route, values, input)
  if (reading.numbers.size === 0) return
  for (const name of route.params) input[name] = typed(name, input[name] as string, reading)
}

/** Parses text as a number or a boolean if the field declares one. Other text stays, and the operation refuses it. */
function typed(name: string, value: string, { numbers, booleans }: Reading): unknown {
  if (numbers.has(name) && /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$/.test(value)) return Number(value)
  if (booleans.has(name) && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
