import type { Registry } from '@pawl/core'
import { RequestRejected } from '../web/errors.ts'
import { contractRoutes } from './contract-routes.ts'
import { type Found, type Route, routesOf, routeTree, shapeOf } from './routes.ts'

/** A route of the public contract that this server does not have. */
interface Missing {
  readonly method: string
  readonly path: string
  readonly operation?: never
}

export interface Routing {
  readonly routes: readonly Route[]
  readonly find: (path: string, method: string) => Found | null
}

const made = new WeakMap<Registry, Routing>()

/** The routes of a registry. They are made once, because the servers of one process mostly have the same operations. */
export function routingOf(registry: Registry): Routing {
  const known = made.get(registry)
  if (known) return known
  const routes = routesOf(registry)
  const routing = { routes, find: findRoutes(routes) }
  made.set(registry, routing)
  return routing
}

/**
 * Finds the routes of a path. A published client reads a 404 as an entry that does not exist, and goes on. So a missing route
 * of the public contract answers 501 with its name (S14), even if a parameter of another route would match the path.
 */
function findRoutes(routes: readonly Route[]): Routing['find'] {
  const here = new Set(routes.map(({ shape }) => shape))
  const missing = contractRoutes.flatMap((route): Missing[] => {
    const [method = '', path = ''] = route.split(' ')
    return here.has(shapeOf(method, path)) ? [] : [{ method, path }]
  })
  const findHere = routeTree(routes)
  const findAll = routeTree<Route | Missing>([...routes, ...missing])
  return (path, method) => {
    const found = findAll(path)
    const wanted = found?.routes.get(method)
    // The caller takes the route of its method. Other methods at this path may be missing.
    if (wanted?.operation) return found as Found
    if (wanted)
      throw new RequestRejected(501, 'not_supported', `This server does not support ${method} ${wanted.path}.`)
    return findHere(path)
  }
}
