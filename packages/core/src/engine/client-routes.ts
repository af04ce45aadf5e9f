import * as z from 'zod'
import type { PagedBy } from '../client/pages.ts'
import type { Routes } from '../client/route.ts'
import type { AnyOperation, HttpRoute, Registry } from '../operations/index.ts'

/**
 * The routes of a registry, as the client takes them: plain data, to be made where the registry is and given to pages that
 * do not have it.
 *
 * @example
 * const routes = clientRoutes(pawl.registry)
 * const client = createClient<[typeof notes]>({ url, apiKey, routes })
 */
export function clientRoutes(registry: Registry): Routes {
  const areas = Object.entries(registry).map(([area, verbs]) => [area, routesOfArea(verbs)])
  return Object.fromEntries(areas)
}

function routesOfArea(verbs: Registry[string]): Readonly<Record<string, string>> {
  const routes: [string, string][] = []
  for (const [verb, operation] of Object.entries(verbs)) {
    if (operation.http) routes.push([verb, routeOf(operation, operation.http)])
  }
  return Object.fromEntries(routes)
}

function routeOf(operation: AnyOperation, http: HttpRoute): string {
  const { method, path } = withBody(http)
  const { reveals = [] } = operation
  const pages = pagesOf(operation)
  return [
    ...(isOpen(operation) ? ['open'] : []),
    method,
    path,
    ...(reveals.length > 0 ? [`secret=${reveals.join(',')}`] : []),
    ...headersOf(http),
    ...(pages === null ? [] : [`pages=${pages.list}${pages.by === 'cursor' ? ':cursor' : ''}`]),
    ...(http.rawBody === undefined ? [] : [`raw=${http.rawBody}`]),
    ...(operation.idempotent ? ['idempotent'] : []),
  ].join(' ')
}

function headersOf({ headers = {} }: HttpRoute): string[] {
  const pairs = Object.entries(headers).map(([field, header]) => `${field}:${header}`)
  return pairs.length > 0 ? [`headers=${pairs.join(',')}`] : []
}

/** A GET that has a POST beside it takes something that must not stand in a URL. */
function withBody(http: HttpRoute): Pick<HttpRoute, 'method' | 'path'> {
  const post = http.aliases?.find(({ method }) => method === 'POST')
  return http.method === 'GET' && post ? post : http
}

/** True for operations without a known caller: those that work while the vault is sealed, and those that sign a caller in. */
function isOpen({ access, limits = [], whileSealed }: AnyOperation): boolean {
  return whileSealed === true || (access === 'public' && limits.some(({ per }) => per !== 'org' && per !== 'caller'))
}

const pages = new WeakMap<AnyOperation, PagedBy | null>()

/** The only list in an answer, if the caller can ask for a part of it. Each engine asks for each operation. */
export function pagesOf(operation: AnyOperation): PagedBy | null {
  const known = pages.get(operation)
  if (known !== undefined) return known
  const found = findPages(operation)
  pages.set(operation, found)
  return found
}

function findPages({ input, output }: AnyOperation): PagedBy | null {
  const asked = fieldsOf(input)
  const answered = fieldsOf(output)
  const by = 'next_cursor' in answered ? 'cursor' : 'offset'
  if (!('limit' in asked && by in asked)) return null
  const [list = null, ...others] = Object.keys(answered).filter((name) => answered[name] instanceof z.ZodArray)
  return list !== null && others.length === 0 ? { list, by } : null
}

function fieldsOf(schema: object): Readonly<Record<string, unknown>> {
  return schema instanceof z.ZodObject ? schema.shape : {}
}
