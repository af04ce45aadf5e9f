import type { AnyOperation, Registry } from '@pawl/core'
import { agreementErrors, confirmationErrors, confirmHeader, idempotencyErrors, purposesIn } from '@pawl/core/surfaces'
import { type JsonSchema, jsonSchemaOf, propertiesOf } from '../derive/json-schema.ts'
import { version } from '../version.ts'
import { exampleInputs } from './openapi-examples.ts'
import { linksOf } from './openapi-links.ts'
import { type Components, components } from './openapi-schemas.ts'
import { statusOf } from './problem.ts'
import { contentTypeOf, hoursMax, type Quirks, quirksOf } from './profiles.ts'
import { type Route, routesOf } from './routes.ts'

export interface OpenApiOptions {
  readonly serverUrl?: string
}

type Json = Record<string, unknown>

/** The contract of a registry, as an OpenAPI 3.1 document. */
export function openApi(registry: Registry, { serverUrl = 'http://127.0.0.1:8210' }: OpenApiOptions = {}): Json {
  const routes = routesOf(registry)
  const shared = components({ Problem: problemSchema })
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace('+}', '}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route, shared, linksOf(route, routes)) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pawl',
      version,
      description: 'A vault engine for AI agents. Agents use secrets and hold no more than they were granted.',
    },
    servers: [{ url: serverUrl }],
    security: [{ bearer: [] }],
    tags: tagsOf(routes),
    paths,
    components: {
      responses: Object.fromEntries(Object.values(early).map(({ name, response }) => [name, response])),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An access token or an API key.' } },
      schemas: Object.fromEntries(Object.entries(shared.schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  }
}

/** Each tag with the summary of the first area that has it. */
function tagsOf(routes: readonly Route[]): Json[] {
  const tags = new Map<string, Json>()
  for (const { http, operation } of routes) {
    const { areaSummary: description } = operation
    if (!tags.has(http.tag)) tags.set(http.tag, { name: http.tag, ...(description && { description }) })
  }
  return [...tags.values()]
}

function describe(route: Route, shared: Components, links: ReturnType<typeof linksOf>): Json {
  const { operation, http } = route
  const isAlias = route.path !== http.path || route.method !== http.method
  const alias = http.aliases?.findIndex(({ method, path }) => method === route.method && path === route.path) ?? 0
  const input = rootOf(jsonSchemaOf(operation.input, 'input'))
  const { parameters, body } = placesOf(route, input, shared)
  return {
    operationId: isAlias ? `${http.id}Alias${alias === 0 ? '' : alias + 1}` : http.id,
    summary: operation.summary,
    tags: [http.tag],
    ...(isAlias ? { deprecated: true } : {}),
    ...(operation.access === 'public' ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: withLinks(responsesOf(route, input, body !== null, shared), route.status, links),
  }
}

/** The schema of a named input, with the reference resolved. */
function rootOf(schema: JsonSchema): JsonSchema {
  const named = schema.$ref && schema.$defs?.[schema.$ref.replace('#/$defs/', '')]
  return named ? { ...named, ...(schema.$defs ? { $defs: schema.$defs } : {}) } : schema
}

interface Places {
  readonly parameters: Json[]
  readonly body: Json | null
}

/** The place of each input field: path, query, header or body. */
function placesOf(route: Route, input: JsonSchema, { shareInput }: Components): Places {
  const { headers = {}, bodyOnGet = false } = quirksOf(route.shape)
  const properties = propertiesOf(input)
  const example = exampleFor(route, properties)
  const { confirms } = route.operation
  const parameter = (place: string, name: string, field: string, required: boolean) => {
    const purpose =
      confirms && name === confirmHeader.auth_confirm && `Purpose of the token: ${purposesIn(confirms).join(' or ')}.`
    const schema = shareInput({ ...properties[field], ...(input.$defs ? { $defs: input.$defs } : {}) })
    return {
      name,
      in: place,
      required,
      ...(purpose && { description: purpose }),
      schema,
      ...(Object.hasOwn(example, field) && { example: example[field] }),
    }
  }
  const parameters = route.params.map((name) => parameter('path', name, name, true))
  const own = route.operation.http?.headers ?? {}
  for (const [field, header] of Object.entries(own)) {
    parameters.push(parameter('header', header, field, input.required?.includes(field) === true))
  }
  for (const [header, field] of Object.entries(headers)) {
    if (properties[field]) parameters.push(parameter('header', header, field, false))
  }
  if (route.operation.idempotent) parameters.push(keyParameter)
  if (route.operation.http?.etag) parameters.push(tagParameter)
  if (route.method !== 'GET') {
    const body = withOtherNames(
      without(input, [...route.params, ...Object.keys(own)]),
      properties,
      quirksOf(route.shape),
    )
    const rest = Object.entries(example).filter(([name]) => !route.params.includes(name) && !Object.hasOwn(own, name))
    const { rawBody } = route.operation.http ?? {}
    if (rawBody !== undefined) return { parameters, body: anyJson(example[rawBody]) }
    return { parameters, body: bodyOf(shareInput(body), Object.fromEntries(rest), quirksOf(route.shape)) }
  }
  for (const name of bodyOnGet ? [] : Object.keys(properties)) {
    if (route.params.includes(name) || name in own || Object.values(headers).includes(name)) continue
    parameters.push(parameter('query', name, name, input.required?.includes(name) === true))
  }
  return { parameters, body: null }
}

/** The example of the operation, limited to declared fields: some examples have more. */
function exampleFor({ operation }: Route, properties: Record<string, JsonSchema>): Json {
  const given = Object.entries(exampleInputs[operation.name] ?? {})
  return Object.fromEntries(given.filter(([name]) => Object.hasOwn(properties, name)))
}

/** The body of a sender with a format of its own. */
function anyJson(example: unknown): Json {
  const schema = { type: 'object', additionalProperties: true }
  const shown = typeof example === 'string' ? { example: JSON.parse(example) } : {}
  return { required: true, content: { 'application/json': { schema, ...shown } } }
}

const tagHeader = { ETag: { description: 'Names this answer.', schema: { type: 'string' } } }

const keyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A string of your choice, new for each call. To retry safely, send the same key again within 24 hours.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
}

const tagParameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The ETag of an earlier answer. If the answer is still the same, the status is 304, without a body.',
  schema: { type: 'string' },
}

/** The body with the older names that some clients may send instead. */
function withOtherNames(body: JsonSchema, declared: Record<string, JsonSchema>, quirks: Quirks): JsonSchema {
  const others: Record<string, JsonSchema> = {}
  for (const [alias, field] of Object.entries(quirks.aliases ?? {})) {
    if (!declared[field] || declared[alias]) continue
    others[alias] = { ...declared[field], deprecated: true, description: `Deprecated alias of ${field}.` }
  }
  for (const [name, field] of Object.entries(quirks.hours ?? {})) {
    if (!declared[field] || declared[name]) continue
    others[name] = {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: hoursMax,
      deprecated: true,
      description: `Hours from now. Deprecated alternative to ${field}.`,
    }
  }
  return Object.keys(others).length > 0 ? { ...body, properties: { ...body.properties, ...others } } : body
}

function without(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const result: JsonSchema = { ...schema }
  if (schema.properties) {
    result.properties = Object.fromEntries(Object.entries(schema.properties).filter(([name]) => !names.includes(name)))
  }
  if (schema.required) {
    const required = schema.required.filter((name) => !names.includes(name))
    if (required.length > 0) result.required = required
    else delete result.required
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
    const parts = schema[keyword]
    if (parts) result[keyword] = parts.map((part) => without(part, names))
  }
  return result
}

function bodyOf(schema: JsonSchema, example: Json, { form }: Quirks): Json | null {
  const isEmpty = schema.type === 'object' && Object.keys(schema.properties ?? {}).length === 0
  if (isEmpty || Object.keys(schema).length === 0) return null
  const shown = Object.keys(example).length > 0 ? { example } : {}
  return {
    required: schema.required !== undefined,
    content: {
      'application/json': { schema, ...shown },
      ...(form && { 'application/x-www-form-urlencoded': { schema } }),
    },
  }
}

function responsesOf(route: Route, input: JsonSchema, hasBody: boolean, shared: Components): Json {
  const { operation, status } = route
  const successes = [status, ...otherSuccesses(route)].map((one) => [one, success(route, shared)] as const)
  const responses: Json = Object.fromEntries(successes)
  if (operation.http?.etag) responses[304] = { description: 'The caller has this answer already.', headers: tagHeader }
  for (const [error, { name, onlyWithBody }] of Object.entries(early)) {
    if (hasBody || !onlyWithBody) responses[error] = { $ref: `#/components/responses/${name}` }
  }
  const hasInput = Object.keys(propertiesOf(input)).length > 0
  for (const [error, codes] of errorsOf(operation, hasInput)) responses[error] = problem([...codes])
  return responses
}

/**
 * A replay creates nothing. What the answer says can decide whether something was created, or goes on. A replay is described as
 * 2XX, so that generated clients go on to take 201 for the success.
 */
function otherSuccesses({ operation: { http, idempotent }, status }: Route): (number | string)[] {
  return [
    ...(idempotent && status === 201 ? ['2XX'] : []),
    ...(http?.createdIf !== undefined ? [201] : []),
    ...(http?.acceptedIf !== undefined ? [202] : []),
  ]
}

function withLinks(responses: Json, status: number, links: ReturnType<typeof linksOf>): Json {
  if (Object.keys(links).length === 0) return responses
  return { ...responses, [status]: { ...(responses[status] as Json), links } }
}

function problem(codes: readonly string[]): Json {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } }
  return { description: `Errors: ${codes.join(', ')}.`, content }
}

/** The answers of the server before it knows the operation. */
const early: Readonly<Record<number, { name: string; response: Json; onlyWithBody: boolean }>> = {
  408: { name: 'RequestTimeout', response: problem(['request_timeout']), onlyWithBody: false },
  413: { name: 'BodyTooLarge', response: problem(['body_too_large']), onlyWithBody: true },
  429: { name: 'RateLimited', response: problem(['rate_limited']), onlyWithBody: false },
  503: {
    name: 'Unavailable',
    response: problem(['sealed', 'key_store_unavailable', 'unavailable', 'busy']),
    onlyWithBody: false,
  },
  431: { name: 'HeadersTooLarge', response: problem(['headers_too_large']), onlyWithBody: false },
}

function success({ operation, status, shape }: Route, { shareOutput }: Components): Json {
  if (status === 204) return { description: 'Success.' }
  const { output, reveals, http } = operation
  const json = jsonSchemaOf(output, 'output')
  const schema = Object.keys(json).length > 0 ? shareOutput(json) : { type: 'object' }
  const description = reveals ? `Success. The answer holds a secret: ${reveals.join(', ')}.` : 'Success.'
  const content = { [contentTypeOf(shape)]: { schema } }
  return { description, ...(http?.etag && { headers: tagHeader }), content }
}

/** Codes by status: those that the operation declares, and those that the pipeline may answer before the operation. */
function errorsOf(
  { access, errors, limits, idempotent, confirms, governed, metered }: AnyOperation,
  hasInput: boolean,
): [number, Set<string>][] {
  const codes = new Map<number, Set<string>>()
  const add = (status: number, code: string) => codes.set(status, (codes.get(status) ?? new Set()).add(code))
  if (hasInput) add(400, 'invalid_input')
  if (access !== 'public') {
    add(401, 'not_authenticated')
    add(403, 'denied')
  }
  if (limits) add(429, 'rate_limited')
  if (metered) add(402, 'payment_required')
  const shared = [
    ...(idempotent ? idempotencyErrors : []),
    ...(confirms ? confirmationErrors : []),
    ...(governed ? agreementErrors : []),
  ]
  for (const error of [...errors, ...shared]) add(statusOf(error), error.code)
  return [...codes].sort(([a], [b]) => a - b)
}

const problemSchema: JsonSchema = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'Message for a person. It never repeats a value that was sent.' },
    code: { type: 'string', description: 'Stable code of the error.' },
    fields: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Problem of each invalid field, by field name.',
    },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
}
