export { memoryAuditSink } from './audit-sink.ts'
export { type MemoryBilling, memoryBilling } from './billing.ts'
export {
  type MemoryChain,
  type MemoryChainOptions,
  type MemoryWallet,
  memoryChain,
  noBundlers,
  noChain,
  noChains,
  type SentTransaction,
} from './chain.ts'
export { manualClock, systemClock } from './clock.ts'
export { nobleCrypto } from './crypto.ts'
export { noEgress } from './egress.ts'
export { type MemoryFacilitator, memoryFacilitator, noFacilitators, type SettledPayment } from './facilitator.ts'
export { memoryHsm } from './hsm.ts'
export { memoryMailer, noMailer } from './mailer.ts'
export { type ModelReply, type ModelScript, noModel, scriptedModel } from './model.ts'
export { policyRule } from './policy-engine.ts'
export { seededRandom, systemRandom } from './random.ts'
export { memoryStorage } from './storage.ts'
