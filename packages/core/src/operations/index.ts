export { AfterCommit } from './after-commit.ts'
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
export { idempotencyErrors, idempotentCallKind, idempotentCallsTask } from './idempotency.ts'
export { type Jobs, type JobType, jobKind, jobs } from './jobs.ts'
export {
  type About,
  type Access,
  type AnyOperation,
  type Audit,
  type ClientOf,
  CommitThenThrow,
  type Context,
  type HttpRoute,
  type Operation,
  operation,
  operationsOf,
  type Performable,
  type Registry,
  type Resource,
  signedIn,
} from './operation.ts'
export { parseInput } from './parse.ts'
export { perform } from './pipeline.ts'
export { takeTurn } from './rate.ts'
export { revealed } from './reveal.ts'
export { type ScheduledTask, type ScheduledTasks, scheduledTasks } from './scheduled-tasks.ts'
export { type CommandLine, type Tool, tool } from './surfaces.ts'
export { inTime } from './timeout.ts'
