import { base64, utf8 } from '../../kernel/bytes.ts'
import type { Json } from '../../kernel/json.ts'
import { isScrubbable } from '../../kernel/scrubber.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Method } from './config.ts'
import { type DocumentType, readDocument } from './graphql.ts'
import { asServersRead } from './headers.ts'
import type { GraphqlParams, HttpParams } from './params.ts'
import type { Binding } from './records.ts'
import { allowsPath, joinUrl, parseQuery, pathProblem } from './target.ts'

// Builds the request in two steps. The first step refuses calls that are not allowed, before the credential is read.

type Config = Binding['config']

/** A call that the binding allows, without its credential. */
export interface Draft {
  readonly method: Method
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
  readonly headers: ReadonlyMap<string, string>
  readonly body: Json | undefined
}

/** The reason for the agent why a call is not allowed. */
export interface Forbidden {
  readonly forbidden: string
}

export function httpDraft(config: Config, params: HttpParams): Draft | Forbidden {
  const target = targetOf(config, params)
  if ('forbidden' in target) return target
  const { method = 'GET', headers = new Map<string, string>(), body } = params
  const limit = limitOf(config, method, target.path)
  if (limit !== null) return { forbidden: limit }
  if (target.query.some(([name]) => isMethodOverride(name)) || namesMethod(body)) {
    return { forbidden: 'The request must not name another method in its query or body, such as with _method.' }
  }
  if (body !== undefined && (method === 'GET' || method === 'HEAD'))
    return { forbidden: `A ${method} request must not have a body.` }
  return withoutCredential(config, { method, ...target, headers, body })
}

/** A call over GraphQL is a POST to `base_url`. So a list of methods must have POST, and a list of paths must have `/`. */
export function graphqlDraft(
  config: Config,
  { headers = new Map(), ...request }: GraphqlParams,
  wanted: DocumentType | null,
): (Draft & { readonly type: DocumentType }) | Forbidden {
  const read = readDocument(request.query, request.operationName)
  if ('problem' in read) return { forbidden: `The query ${read.problem}.` }
  const { type } = read
  if (wanted !== null && wanted !== type) {
    return { forbidden: `The document is a ${type}, and intent_type is graphql_${wanted}.` }
  }
  const limit = limitOf(config, 'POST', '/')
  if (limit !== null) return { forbidden: `${limit} A GraphQL call is a POST to "/".` }
  const body: Json = JSON.parse(JSON.stringify(request))
  const draft = withoutCredential(config, { method: 'POST', path: '', query: [], headers, body })
  return 'forbidden' in draft ? draft : { ...draft, type }
}

/** Returns why the lists of the binding do not allow this. */
function limitOf({ allowed_methods, allowed_paths }: Config, method: Method, path: string): string | null {
  if (allowed_methods && !allowed_methods.includes(method)) {
    return `The binding allows only these methods: ${allowed_methods.join(', ')}.`
  }
  if (allowed_paths && !allowsPath(allowed_paths, path)) {
    return `The binding allows only these paths: ${allowed_paths.join(', ')}.`
  }
  return null
}

const methodOverride = '_method|x-http-method(?:-override)?|x-method-override'
const methodOverrideName = new RegExp(`^\\s*(?:${methodOverride})\\s*(?:\\[.*)?$`, 'i')
const methodOverrideInText = new RegExp(`(?<![a-z0-9_-])(?:${methodOverride})(?![a-z0-9_-])`, 'i')

/** Frameworks take the method from fields of these names, and so a POST would be a DELETE. */
function isMethodOverride(name: string): boolean {
  return methodOverrideName.test(name)
}

/** A text can be a form or JSON of any type, so its escapes are read as both. */
function namesMethod(body: Json | undefined): boolean {
  if (typeof body !== 'string') return body !== undefined && isObject(body) && Object.keys(body).some(isMethodOverride)
  const read = body.replace(/(?:%|\\u00)([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return methodOverrideInText.test(read)
}

type Target = Pick<Draft, 'path' | 'query'>

function targetOf({ base_url }: Config, { path, url: whole, query = [] }: HttpParams): Target | Forbidden {
  if (path !== undefined && whole !== undefined) return { forbidden: 'Set path or url, not both.' }
  if (whole !== undefined && !whole.startsWith(base_url))
    return { forbidden: `The binding allows only URLs below ${base_url}.` }
  const given = path ?? whole?.slice(base_url.length) ?? ''
  const at = given.indexOf('?')
  const [own, search] = at === -1 ? [given, ''] : [given.slice(0, at), given.slice(at + 1)]
  const problem = own === '' ? null : pathProblem(own)
  if (problem !== null) return { forbidden: `The path ${problem}.` }
  const inPath = parseQuery(search)
  const all = inPath && [...inPath, ...query]
  const url = all && joinUrl(base_url, own, all)
  return url ? { path: own, query: all } : { forbidden: 'The path or the query is not valid.' }
}

/** Refuses a call that sets the header, parameter or field of the credential. */
function withoutCredential({ auth_type, auth_name = '' }: Config, draft: Draft): Draft | Forbidden {
  const isOurs = (name: string) => fieldName(name) === fieldName(auth_name)
  const isOurHeader = (name: string) => asServersRead(name) === asServersRead(auth_name)
  if (auth_type === 'header' && [...draft.headers.keys()].some(isOurHeader)) {
    return { forbidden: `The request must not set the header ${auth_name}. The vault sets it.` }
  }
  if (auth_type === 'query' && draft.query.some(([name]) => isOurs(name))) {
    return { forbidden: `The request must not set the parameter ${auth_name}. The vault sets it.` }
  }
  if (auth_type !== 'body') return draft
  const { method, body = {} } = draft
  if (method === 'GET' || method === 'HEAD')
    return { forbidden: `The credential goes into the body, and a ${method} request has no body.` }
  if (!isObject(body))
    return { forbidden: 'The body must be a JSON object, because the vault adds the credential to it.' }
  return Object.keys(body).some(isOurs)
    ? { forbidden: `The body must not set the field ${auth_name}. The vault sets it.` }
    : draft
}

/** A field as servers read its name: some ignore blanks and what is in brackets, and read dots and blanks as underscores. */
function fieldName(name: string): string {
  return name.toLowerCase().trim().replace(/\[.*$/s, '').replace(/[ .]/g, '_')
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** The request with the credential, and the values to remove from the response. Only the egress gets it. */
export interface Filled {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly secrets: readonly Secret<string>[]
}

/** Returns null if the credential cannot be sent in this way, or is too short to be removed from the response. */
export function fillIn(config: Config, draft: Draft, credential: Secret<string> | null): Filled | null {
  const carried = credential ? carry(config, credential.reveal().trim()) : { secrets: [] }
  if (!carried) return null
  const { headers = {}, query = [], fields, secrets } = carried
  const url = joinUrl(config.base_url, draft.path, [...draft.query, ...query])
  const body = fields ? { ...(draft.body as typeof fields | undefined), ...fields } : draft.body
  if (url === null) return null
  return {
    url,
    headers: {
      ...(body === undefined ? {} : { 'content-type': contentType(body) }),
      ...Object.fromEntries(draft.headers),
      ...headers,
      // Compressed text cannot be searched.
      'accept-encoding': 'identity',
    },
    body: body === undefined ? undefined : utf8(typeof body === 'string' ? body : JSON.stringify(body)),
    secrets,
  }
}

function contentType(body: Json): string {
  return typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json'
}

/** The additions of a credential to a request. */
interface Carried {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: readonly [string, string][]
  readonly fields?: Readonly<Record<string, string>>
  readonly secrets: readonly Secret<string>[]
}

function carry({ auth_type, auth_name = '', username }: Config, value: string): Carried | null {
  if (auth_type === 'basic') return carryBasic(username === undefined ? value : `${username}:${value}`)
  const secret = Secret.of(value)
  if (!isScrubbable(secret)) return null
  const secrets = [secret]
  if (auth_type === 'query') return { query: [[auth_name, value]], secrets }
  if (auth_type === 'body') return { fields: { [auth_name]: value }, secrets }
  if (!/^[\x20-\x7e]+$/.test(value)) return null
  const headers = auth_type === 'bearer' ? { authorization: `Bearer ${value}` } : { [auth_name.toLowerCase()]: value }
  return { headers, secrets }
}

/** The secret part is the password, or the user if there is no password. */
function carryBasic(pair: string): Carried | null {
  const at = pair.indexOf(':')
  const [user, password] = [pair.slice(0, at), pair.slice(at + 1)]
  if (at === -1 || !isScrubbable(Secret.of(password === '' ? user : password))) return null
  const token = base64(utf8(pair))
  const secrets = [token, user, password].map((text) => Secret.of(text)).filter(isScrubbable)
  return { headers: { authorization: `Basic ${token}` }, secrets }
}
