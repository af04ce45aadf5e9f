export { AfterCommit } from './after-commit.ts'
export * as agentFields from './agent-fields.ts'
export {
  type AgentSetting,
  type AgentSettings,
  brokenSettings,
  changedSettings,
  fixedSetting,
  type StoredSettings,
  settingsOf,
  switchSetting,
  valueSetting,
} from './agent-settings.ts'
export {
  agreementErrors,
  agreementField,
  approvalRequired,
  type GovernedAction,
  policyGoverns,
  tooManyOpen,
  triggerUnreadable,
} from './agreement.ts'
export { type Area, type AreaOperations, area, type NamedArea, type RegistryOf } from './area.ts'
export { type Actor, actorOf, auditEvent } from './audit-event.ts'
export { clientOf, tokenBuckets } from './buckets.ts'
export {
  type AgentCaller,
  type Anonymous,
  type AppCaller,
  type Caller,
  type DelegatedVault,
  type Delegation,
  type Executor,
  type Holder,
  isAdmin,
  isWithinProcess,
  type Origin,
  type Payment,
  type Possession,
  type Principal,
  type Proof,
  principalOf,
  type Role,
  type Session,
  type UserCaller,
} from './caller.ts'
export { cascade, cascadeAndWait, cascadeInUnit, cascadeJob, created, refusalOf, runCascade } from './cascades.ts'
export type { CallOptions, ClientOf, ClientOfAreas, Pages } from './client.ts'
export {
  confirmationErrors,
  confirmationNeeded,
  confirmationWrong,
  confirmField,
  confirmHeader,
  hasSecondFactor,
  purposesIn,
  purposesOf,
} from './confirm.ts'
export { contextAs, unitContext } from './context.ts'
export { type Ending, newEnding } from './ending.ts'
export type {
  About,
  Admission,
  AgentAddition,
  AgentChange,
  AgentFacts,
  Agreement,
  AnyGuard,
  Approved,
  Around,
  AskedToAgree,
  CallPayment,
  CarriesOut,
  Cascade,
  Cascades,
  Change,
  Charge,
  Confirmation,
  Context,
  CountedSignature,
  Engine,
  Factors,
  GovernedOperation,
  GovernedRequest,
  Guard,
  Heard,
  Jobs,
  JobType,
  JoinedAreas,
  KeyStore,
  KeyStores,
  Listener,
  Listening as ListeningArea,
  Log,
  Meter,
  MeteredOperation,
  PaidOperation,
  Payments,
  Resource,
  RotateKeys,
  RuleOn,
  ScheduledTask,
  Seal,
  SealStatus,
  Services,
  Settings,
  Subject,
  TransactionMode,
  UnitContext,
  Watcher,
} from './engine.ts'
export {
  closed,
  denied,
  forTheTrail,
  notAuthenticated,
  type PaymentFacts,
  paymentRequired,
  rateLimited,
  sealed,
  tierLimitReached,
} from './errors.ts'
export * as fields from './fields.ts'
export { idempotencyErrors, idempotentCallKind, idempotentCallsTask, keyOf, keyReused } from './idempotency.ts'
export { type IdentityProvider, identityProvider } from './identity-provider.ts'
export { jobKind, jobs } from './jobs.ts'
export type { Limit } from './limits.ts'
export { countSignature, requireFeature, requireSignature } from './metering.ts'
export type { ModelPrice, ModelPrices, ModelProviders } from './models.ts'
export { oneWalkAtATime } from './one-walk.ts'
export {
  type Access,
  type AnyOperation,
  type Audit,
  CommitThenThrow,
  type Confirms,
  type Guarded,
  type HttpRoute,
  knownCaller,
  type Operation,
  operation,
  operationsOf,
  type Performable,
  type Registry,
  type SignedIn,
  signedIn,
} from './operation.ts'
export { checkOutgoingUrl, urlCharactersMax } from './outgoing-url.ts'
export { cursorBehind, cursorText, inPages, pageInput, pageOutput, placeBehind, placeIn } from './pages.ts'
export { InputToRead, parseInput, type RawInput, type Sender } from './parse.ts'
export { forgetEngine, perEngine } from './per-engine.ts'
export { perform } from './pipeline.ts'
export { usedProofKind, usedProofsTask, useOnce, useProof, wasUsed } from './proofs.ts'
export { countCall, quotaKind, quotasTask } from './quotas.ts'
export { type Quota, quotas, type Rate, rates, type Window } from './rates.ts'
export { among, guarded, visible } from './resources.ts'
export { revealed } from './reveal.ts'
export { type ScheduledTasks, scheduledTasks } from './scheduled-tasks.ts'
export { hasScope, scopeOf, scopesOf } from './scopes.ts'
export { failureOfService, serviceFailed, serviceNotConfigured } from './services.ts'
export { type CommandLine, type Tool, tool } from './surfaces.ts'
export { sweepTask } from './sweep.ts'
export {
  type Feature,
  features,
  type LimitedThing,
  limitedThings,
  type Tier,
  type Tiers,
  type UsageShown,
} from './tiers.ts'
export { inTime } from './timeout.ts'
export { stopWaiting, tooManyWaiting, WaitForNews } from './wait-for-news.ts'
