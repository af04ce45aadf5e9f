export { Afterwards } from './afterwards.ts'
export type { Area, WithAreas } from './area.ts'
export {
  type AgentCaller,
  type Anonymous,
  type Caller,
  isAdmin,
  type Origin,
  type Principal,
  principalOf,
  type Role,
  type Session,
  type UserCaller,
} from './caller.ts'
export { type Chore, type Chores, chores } from './chores.ts'
export { type CommandLine, type Tool, tool } from './doors.ts'
export {
  type Engine,
  forgetEngine,
  type Log,
  perEngine,
  type Seal,
  type SealStatus,
  type Settings,
} from './engine.ts'
export { denied, forTheTrail, notAuthenticated, rateLimited, sealed } from './errors.ts'
export * as fields from './fields.ts'
export { inTime } from './in-time.ts'
export { type Jobs, type JobType, jobKind, jobs } from './jobs.ts'
export { keyErrors, keyedCallKind, keyedCallsChore } from './keyed.ts'
export {
  type About,
  type Access,
  type AnyOperation,
  type Audit,
  type ClientOf,
  type Context,
  type HttpRoute,
  type Operation,
  operation,
  operationsOf,
  type Performable,
  Refusal,
  type Registry,
  type Resource,
  signedIn,
} from './operation.ts'
export { parseInput } from './parse.ts'
export { takeTurn } from './per-minute.ts'
export { perform } from './pipeline.ts'
export { revealed } from './reveal.ts'
