import type { AnyOperation, Registry } from '@pawl/core'
import { type HttpRoute, operationsOf } from '@pawl/core/surfaces'
import { decodeSegment } from './path.ts'
import { headersOf } from './profiles.ts'

/** One method on one path, and the operation it performs. */
export interface Route {
  readonly operation: AnyOperation
  readonly http: HttpRoute
  readonly method: string
  /** The declared template, for logs and metrics, which must not contain a real path. */
  readonly path: string
  readonly status: number
  /** `GET /v1/vaults/{}`, without the names of the parameters. */
  readonly shape: string
  readonly params: readonly string[]
  /** The fixed headers of an answer. */
  readonly headers: readonly string[]
  /** Which of the parameters takes the rest of the path; -1 when none does. */
  readonly restAt: number
}

/** The fields of a route that the tree needs. */
type Place = Pick<Route, 'method' | 'path'>

export interface Found<R extends Place = Route> {
  /** By method. */
  readonly routes: ReadonlyMap<string, R>
  /** The value of each parameter, as it was sent. */
  readonly values: readonly string[]
}

interface Node<R> {
  readonly literals: Map<string, Node<R>>
  param: Node<R> | null
  readonly rests: Rest<R>[]
  readonly routes: Map<string, R>
}

/** A parameter for the rest of the path, and the last segments after it: a literal, or null for a parameter. */
interface Rest<R> {
  readonly tail: readonly (string | null)[]
  readonly routes: Map<string, R>
}

/** Every route of a registry, aliases too. */
export function routesOf(registry: Registry): Route[] {
  return operationsOf(registry).flatMap((operation) => {
    const { http } = operation
    return http ? [http, ...(http.aliases ?? [])].map((one) => routeOf(operation, http, one)) : []
  })
}

function routeOf(operation: AnyOperation, http: HttpRoute, one: Pick<HttpRoute, 'method' | 'path' | 'status'>): Route {
  const names = [...one.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name)
  const shape = shapeOf(one.method, one.path)
  return {
    operation,
    http,
    method: one.method,
    path: one.path,
    status: one.status,
    shape,
    headers: headersOf(shape),
    params: names.map((name) => name.replace('+', '')),
    restAt: names.findIndex((name) => name.endsWith('+')),
  }
}

/** The method and path of a route, without the names of its parameters. */
export function shapeOf(method: string, path: string): string {
  return `${method} ${path.replace(/\{[^}]+\}/g, '{}')}`
}

/** Puts routes into a tree once, so that finding one takes a look-up per segment. */
export function routeTree<R extends Place>(routes: readonly R[]): (path: string) => Found<R> | null {
  const root = node<R>()
  for (const route of routes) insert(root, route)
  return (path) => {
    const segments = path.split('/')
    const values: string[] = []
    const found = find(root, segments, 1, values)
    return found ? { routes: found, values } : null
  }
}

function node<R>(): Node<R> {
  return { literals: new Map(), param: null, rests: [], routes: new Map() }
}

function insert<R extends Place>(root: Node<R>, route: R): void {
  const segments = route.path.split('/').slice(1)
  const restAt = segments.findIndex((segment) => segment.endsWith('+}'))
  let at = root
  for (const segment of restAt === -1 ? segments : segments.slice(0, restAt)) {
    at = isParam(segment) ? paramOf(at) : literalOf(at, segment)
  }
  add(restAt === -1 ? at.routes : restOf(at, segments.slice(restAt + 1)).routes, route)
}

function paramOf<R>(parent: Node<R>): Node<R> {
  parent.param ??= node()
  return parent.param
}

function literalOf<R>(parent: Node<R>, segment: string): Node<R> {
  const known = parent.literals.get(segment)
  if (known) return known
  const made = node<R>()
  parent.literals.set(segment, made)
  return made
}

function add<R extends Place>(routes: Map<string, R>, route: R): void {
  const other = routes.get(route.method)
  if (other) throw new TypeError(`${route.method} ${route.path} and ${other.path} are the same route`)
  routes.set(route.method, route)
}

function restOf<R>({ rests }: Node<R>, segments: readonly string[]): Rest<R> {
  const tail = segments.map((segment) => (isParam(segment) ? null : segment))
  const known = rests.find((rest) => rest.tail.join('/') === tail.join('/') && rest.tail.length === tail.length)
  if (known) return known
  const rest = { tail, routes: new Map<string, R>() }
  rests.push(rest)
  // More specific routes are tried first.
  rests.sort((a, b) => literalsIn(b) - literalsIn(a) || b.tail.length - a.tail.length)
  return rest
}

function literalsIn({ tail }: Pick<Rest<unknown>, 'tail'>): number {
  return tail.filter((segment) => segment !== null).length
}

function isParam(segment: string): boolean {
  return segment.startsWith('{')
}

/** A literal has priority over a parameter, and a parameter over the rest. If one has no match, the next is tried. */
function find<R>(from: Node<R>, segments: readonly string[], at: number, values: string[]): Map<string, R> | null {
  const segment = segments[at]
  if (segment === undefined) return from.routes.size > 0 ? from.routes : null
  const literal = from.literals.get(segment)
  const found = literal ? find(literal, segments, at + 1, values) : null
  if (found) return found
  if (from.param) {
    values.push(segment)
    const deeper = find(from.param, segments, at + 1, values)
    if (deeper) return deeper
    values.pop()
  }
  for (const rest of from.rests) if (takeRest(rest, segments, at, values)) return rest.routes
  return null
}

function takeRest(
  { tail }: Pick<Rest<unknown>, 'tail'>,
  segments: readonly string[],
  at: number,
  values: string[],
): boolean {
  const end = segments.length - tail.length
  if (end <= at) return false
  for (let index = 0; index < tail.length; index++) {
    const literal = tail[index]
    if (literal !== null && literal !== segments[end + index]) return false
  }
  values.push(segments.slice(at, end).join('/'))
  for (let index = 0; index < tail.length; index++) if (tail[index] === null) values.push(segments[end + index] ?? '')
  return true
}

/** The parameters of a route, decoded. */
export function paramsOf({ params }: Route, values: readonly string[], into: Record<string, unknown>): void {
  for (let at = 0; at < params.length; at++) into[params[at] as string] = decodeValue(values[at] as string)
}

/** Decodes each segment separately. The slashes in the rest of a path stay. */
function decodeValue(value: string): string {
  return value.includes('%') ? value.split('/').map(decodeSegment).join('/') : value
}
