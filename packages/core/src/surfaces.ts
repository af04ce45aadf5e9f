// The API for surfaces: code that offers operations to callers, over HTTP, on a command line or in another way.

export { tierPreset, tiersProblem } from './areas/billing/index.ts'
export { hasPasskeys } from './areas/factors/index.ts'
export { clientRoutes } from './engine/client-routes.ts'
export { originOf } from './engine/create.ts'
export { Html, html } from './kernel/html.ts'
export { uuidPattern } from './kernel/ids.ts'
export { type Address, cidrContains, formatAddress, parseAddress, parseCidr } from './kernel/ip.ts'
export { Lru } from './kernel/lru.ts'
export {
  agreementErrors,
  type Caller,
  type CommandLine,
  clientOf,
  confirmationErrors,
  confirmHeader,
  type HttpRoute,
  InputToRead,
  idempotencyErrors,
  operationsOf,
  parseInput,
  purposesIn,
  rates,
  revealed,
  type Sender,
  scopeOf,
  type Tool,
  tokenBuckets,
  type UsageShown,
} from './operations/index.ts'
