import { invalidField, invalidInput } from '../kernel/errors.ts'
import { revealingJson, Secret } from '../kernel/secret.ts'
import type { PagedBy } from './pages.ts'

/**
 * The route of each operation, by area and verb: `GET /v1/vaults/{vault_id}/secrets/{path+} secret=value`. The prefix
 * `open` marks operations without a credential. The suffixes name the secret fields of the answer, the fields that travel in
 * a header (`headers=`), the list field of the answer (`pages=`, with `:cursor` where its parts have one) and the field that
 * is the body itself (`raw=`), and mark `idempotent` operations. The format is short because every browser page with the
 * client loads it.
 */
export type Routes = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface Route {
  readonly method: string
  readonly path: string
  readonly isOpen: boolean
  readonly secrets: readonly string[]
  /** Fields that travel in a header, with its name. */
  readonly headers: readonly (readonly [field: string, header: string])[]
  readonly pages: PagedBy | null
  /** The field that is the body as it is. */
  readonly raw: string | null
  readonly isIdempotent: boolean
}

export function readRoute(text: string): Route {
  const words = text.split(' ')
  const isOpen = words[0] === 'open'
  const [method = '', path = '', ...more] = isOpen ? words.slice(1) : words
  const said = Object.fromEntries(more.map((word) => word.split('=')))
  return {
    method,
    path,
    isOpen,
    secrets: said.secret?.split(',') ?? [],
    headers: said.headers?.split(',').map((pair: string) => pair.split(':') as [string, string]) ?? [],
    pages: pagedBy(said.pages),
    raw: said.raw ?? null,
    isIdempotent: 'idempotent' in said,
  }
}

function pagedBy(text: string | undefined): PagedBy | null {
  const [list, cursor] = text?.split(':') ?? []
  return list === undefined ? null : { list, by: cursor === undefined ? 'offset' : 'cursor' }
}

/** Splits an input into the path and a query (for GET) or a body (for other methods), as the server joins them. */
export function requestOf({ method, path, headers, raw }: Route, input: Readonly<Record<string, unknown>>) {
  const left = { ...input }
  const inHeaders = takeHeaders(headers, left)
  const filled = path.replace(/\{([^}+]+)(\+?)\}/g, (_, name: string, rest: string) => {
    const segments = segmentsOf(name, left[name], rest !== '')
    delete left[name]
    return segments
  })
  if (method === 'GET') return { target: filled + queryOf(left), body: undefined, headers: inHeaders }
  if (raw !== null) return { target: filled, headers: inHeaders, body: String(left[raw] ?? '') }
  return { target: filled, headers: inHeaders, body: Object.keys(left).length > 0 ? bodyOf(left) : undefined }
}

/** Takes the fields that travel in headers out of the input. */
function takeHeaders(headers: Route['headers'], left: Record<string, unknown>): Record<string, string> | undefined {
  if (headers.length === 0) return undefined
  const taken: Record<string, string> = {}
  for (const [field, header] of headers) {
    const value = left[field] instanceof Secret ? left[field].reveal() : left[field]
    delete left[field]
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' || !/^[\x21-\x7e]*$/.test(value)) throw invalidField(field, 'must be printable ASCII')
    taken[header] = value
  }
  return taken
}

/** Proxies and runtimes normalise URLs. A segment that would change on the way is refused. */
const ambiguous = /^\.{0,2}$|\\|\p{Surrogate}/u

function segmentsOf(name: string, value: unknown, isRest: boolean): string {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') throw invalidField(name, 'must be a string')
  const segments = isRest ? text.split('/') : [text]
  if (text.includes('\0') || segments.some((segment) => ambiguous.test(segment))) {
    throw invalidField(name, 'must not have empty, "." or ".." segments, nor backslashes')
  }
  return segments.map(encodeURIComponent).join('/')
}

function queryOf(fields: Readonly<Record<string, unknown>>): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue
    // Secrets are refused too, because URLs are logged.
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw invalidField(name, 'must not have characters that a URL cannot hold')
    pairs.push(`${encode(name, name)}=${encode(name, String(value))}`)
  }
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

function encode(name: string, text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw invalidField(name, 'must be a string')
  return encodeURIComponent(text)
}

function bodyOf(fields: Readonly<Record<string, unknown>>): string {
  try {
    return revealingJson(fields)
  } catch {
    throw invalidInput({ fields: { '': 'must be a JSON value' } })
  }
}
