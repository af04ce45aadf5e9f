import type { AnyOperation, Registry } from '@pawl/core'
import { type HttpRoute, operationsOf } from '@pawl/core/surfaces'
import { decodeSegment } from './path.ts'

/** One method on one path, and the operation it performs. */
export interface Route {
  readonly operation: AnyOperation
  readonly http: HttpRoute
  readonly method: string
  /** The template, as it is declared: for logs and metrics, where a real path must not stand. */
  readonly path: string
  readonly status: number
  /** `GET /v1/vaults/{}`: the same whatever the parameters are called. */
  readonly shape: string
  readonly params: readonly string[]
  /** Which of the parameters takes the rest of the path; -1 when none does. */
  readonly restAt: number
}

export interface Found {
  /** By method. */
  readonly routes: ReadonlyMap<string, Route>
  /** What stands for each parameter, as it was sent. */
  readonly values: readonly string[]
}

interface Node {
  readonly literals: Map<string, Node>
  param: Node | null
  readonly rests: Rest[]
  readonly routes: Map<string, Route>
}

/** The rest of the path, but for a few last segments: a literal, or null for a parameter. */
interface Rest {
  readonly tail: readonly (string | null)[]
  readonly routes: Map<string, Route>
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
  return {
    operation,
    http,
    method: one.method,
    path: one.path,
    status: one.status,
    shape: `${one.method} ${one.path.replace(/\{[^}]+\}/g, '{}')}`,
    params: names.map((name) => name.replace('+', '')),
    restAt: names.findIndex((name) => name.endsWith('+')),
  }
}

/** Puts routes into a tree once, so that finding one takes a look-up per segment. */
export function routeTree(routes: readonly Route[]): (path: string) => Found | null {
  const root = node()
  for (const route of routes) insert(root, route)
  return (path) => {
    const segments = path.split('/')
    const values: string[] = []
    const found = find(root, segments, 1, values)
    return found ? { routes: found, values } : null
  }
}

function node(): Node {
  return { literals: new Map(), param: null, rests: [], routes: new Map() }
}

function insert(root: Node, route: Route): void {
  const segments = route.path.split('/').slice(1)
  const restAt = segments.findIndex((segment) => segment.endsWith('+}'))
  let at = root
  for (const segment of restAt === -1 ? segments : segments.slice(0, restAt)) {
    at = isParam(segment) ? paramOf(at) : literalOf(at, segment)
  }
  add(restAt === -1 ? at.routes : restOf(at, segments.slice(restAt + 1)).routes, route)
}

function paramOf(parent: Node): Node {
  parent.param ??= node()
  return parent.param
}

function literalOf(parent: Node, segment: string): Node {
  const known = parent.literals.get(segment)
  if (known) return known
  const made = node()
  parent.literals.set(segment, made)
  return made
}

function add(routes: Map<string, Route>, route: Route): void {
  const other = routes.get(route.method)
  if (other)
    throw new TypeError(`${route.operation.name} and ${other.operation.name} have the same route ${route.shape}`)
  routes.set(route.method, route)
}

function restOf({ rests }: Node, segments: readonly string[]): Rest {
  const tail = segments.map((segment) => (isParam(segment) ? null : segment))
  const known = rests.find((rest) => rest.tail.join('/') === tail.join('/') && rest.tail.length === tail.length)
  if (known) return known
  const rest = { tail, routes: new Map<string, Route>() }
  rests.push(rest)
  // What says more about the path is tried first.
  rests.sort((a, b) => literalsIn(b) - literalsIn(a) || b.tail.length - a.tail.length)
  return rest
}

function literalsIn({ tail }: Rest): number {
  return tail.filter((segment) => segment !== null).length
}

function isParam(segment: string): boolean {
  return segment.startsWith('{')
}

/** A literal beats a parameter, and a parameter beats the rest; when the better one leads nowhere, the next is tried. */
function find(from: Node, segments: readonly string[], at: number, values: string[]): Map<string, Route> | null {
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

function takeRest({ tail }: Rest, segments: readonly string[], at: number, values: string[]): boolean {
  const end = segments.length - tail.length
  if (end <= at) return false
  if (!tail.every((literal, index) => literal === null || literal === segments[end + index])) return false
  values.push(segments.slice(at, end).join('/'))
  for (const [index, literal] of tail.entries()) if (literal === null) values.push(segments[end + index] ?? '')
  return true
}

/** The parameters of a route, decoded. */
export function paramsOf({ params }: Route, values: readonly string[], into: Record<string, unknown>): void {
  for (let at = 0; at < params.length; at++) into[params[at] as string] = decodeValue(values[at] as string)
}

/** The rest of a path has slashes of its own, which stay; each segment is decoded by itself. */
function decodeValue(value: string): string {
  return value.includes('%') ? value.split('/').map(decodeSegment).join('/') : value
}
