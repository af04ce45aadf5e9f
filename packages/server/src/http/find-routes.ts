import { RequestRejected } from '../web/errors.ts'
import { contractRoutes } from './contract-routes.ts'
import { type Found, type Route, routeTree, shapeOf } from './routes.ts'

/** A route of the public contract that this server does not have. */
interface Missing {
  readonly method: string
  readonly path: string
  readonly operation?: never
}

/**
 * Finds the routes of a path. A published client reads a 404 as an entry that does not exist, and goes on. So a missing route
 * of the public contract answers 501 with its name (S14), even if a parameter of another route would match the path.
 */
export function findRoutes(routes: readonly Route[]): (path: string, method: string) => Found | null {
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
