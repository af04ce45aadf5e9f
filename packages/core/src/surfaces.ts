// The API for surfaces: code that offers operations to callers, over HTTP, on a command line or in another way.

export { clientRoutes } from './engine/client-routes.ts'
export { originOf } from './engine/create.ts'
export { Html, html } from './kernel/html.ts'
export { uuidPattern } from './kernel/ids.ts'
export { type Address, cidrContains, formatAddress, parseAddress, parseCidr } from './kernel/ip.ts'
export { Lru } from './kernel/lru.ts'
export {
  type CommandLine,
  confirmationErrors,
  confirmHeader,
  defaultRates,
  type HttpRoute,
  idempotencyErrors,
  operationsOf,
  parseInput,
  type RateLimit,
  rateLimit,
  revealed,
  type Tool,
} from './operations/index.ts'
