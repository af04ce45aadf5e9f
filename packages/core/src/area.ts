// Everything that an area needs: parts of the lower layers, and functions that the built-in areas offer each other.
// docs/writing-an-area.md shows an example.

export { type AgentPermission, agentAt } from './areas/agents/index.ts'
export { orgIds } from './areas/orgs/index.ts'
export {
  currentVersion,
  findSecret,
  type NewVersion,
  pathField,
  readValue,
  type SecretEntry,
  type SecretPermission,
  type SecretVersion,
  secretAt,
  secretNotFound,
  storeVersion,
} from './areas/secrets/index.ts'
export { type Vault, type VaultPermission, vaultAt, vaultKind, vaultNotFound } from './areas/vaults/index.ts'
export {
  type AnyErrorDefinition,
  defineError,
  type ErrorDefinition,
  type ErrorKind,
  invalidField,
  invalidInput,
  PawlError,
  unavailable,
} from './kernel/errors.ts'
export { compileGlob } from './kernel/globs.ts'
export type { Json } from './kernel/json.ts'
export type { Schema } from './kernel/schema.ts'
export { Secret } from './kernel/secret.ts'
export { day, fromRfc3339, hour, minute, rfc3339, second } from './kernel/time.ts'
export {
  type About,
  type Access,
  type AgentCaller,
  type Area,
  type Audit,
  area,
  auditEvent,
  type Caller,
  type Cascade,
  type Cascades,
  type CommandLine,
  CommitThenThrow,
  type Confirms,
  type Context,
  confirmField,
  confirmHeader,
  denied,
  type Engine,
  type Factors,
  fields,
  type Guard,
  type Guarded,
  guarded,
  type Heard,
  type HttpRoute,
  hasSecondFactor,
  isAdmin,
  type JobType,
  type Limit,
  type Listener,
  type NamedArea,
  type Operation,
  operation,
  type Principal,
  perEngine,
  principalOf,
  type Quota,
  quotas,
  type Rate,
  type Resource,
  rateLimited,
  rates,
  type ScheduledTask,
  type Services,
  type SignedIn,
  type Subject,
  signedIn,
  type Tool,
  tool,
  type UnitContext,
  type UserCaller,
} from './operations/index.ts'
export { dropAll, type Kind, kind, type PageOptions, type Recorded, type Unit, walk } from './records/index.ts'
