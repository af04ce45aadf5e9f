export type { Bytes } from '../kernel/bytes.ts'
export { concat, equalBytes, frame, hex, utf8, wipe } from '../kernel/bytes.ts'
export {
  type Address,
  type Cidr,
  cidrContains,
  embeddedIpv4,
  formatAddress,
  parseAddress,
  parseCidr,
} from '../kernel/ip.ts'
export { keyRemover } from '../kernel/key-remover.ts'
export { isLinkLocal, isPublic } from '../kernel/public-addresses.ts'
export { isThisMachine } from '../kernel/this-machine.ts'
export type { AuditEventShown, AuditSink } from './audit-sink.ts'
export type { Billing, BillingEvent, Checkout } from './billing.ts'
export { BillingEventRefused, BillingFailed } from './billing.ts'
export type {
  Bundler,
  Bundlers,
  OperationGas,
  OperationReceipt,
  Paymaster,
  PaymasterPart,
  PaymasterStub,
  UserOperation,
} from './bundler.ts'
export { bundlerSetting, entryPoint, operationIn, operationJson, paymasterSetting } from './bundler.ts'
export type {
  AnyChain,
  Arrival,
  Arrivals,
  ArrivalsWanted,
  BalanceChange,
  Chain,
  ChainAccount,
  ChainBlock,
  ChainCall,
  ChainFacts,
  ChainFamily,
  ChainFees,
  ChainOutput,
  ChainRejection,
  Chains,
  Inspecting,
  Simulating,
  Simulation,
  TransactionStatus,
  Watching,
  Witnessing,
} from './chain.ts'
export { ChainNotConfigured, ChainRejected, ChainUnavailable, rpcSetting } from './chain.ts'
export type { Clock } from './clock.ts'
export type { Argon2Cost, Crypto } from './crypto.ts'
export type {
  Egress,
  EgressRequest,
  EgressResponse,
  EgressStream,
  EgressStreaming,
  EgressStreamRequest,
} from './egress.ts'
export { EgressDenied, EgressFailed } from './egress.ts'
export type {
  Facilitator,
  Facilitators,
  Payment,
  PaymentRequirement,
  PaymentVerdict,
  Settlement,
} from './facilitator.ts'
export { FacilitatorUnavailable } from './facilitator.ts'
export type {
  Attesting,
  DigestSigning,
  Hsm,
  HsmFailure,
  HsmStatus,
  KeyType,
  Portable,
  RotatingRoot,
  Sealable,
} from './hsm.ts'
export { HsmError } from './hsm.ts'
export type { Mailer, Message } from './mailer.ts'
export { checkMessage, isMailbox, MailNotConfigured } from './mailer.ts'
export type {
  Model,
  ModelEnd,
  ModelMessage,
  ModelPart,
  ModelRequest,
  ModelTool,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from './model.ts'
export { ModelNotConfigured, ModelRefused, ModelUnavailable } from './model.ts'
export type {
  Bankr,
  BankrPermissions,
  BankrWanted,
  FiatRamp,
  MoneyService,
  MoneyServices,
  OfframpWanted,
  OnrampWanted,
  SwapQuote,
  Swaps,
  SwapWanted,
} from './money.ts'
export { MoneyServiceFailed } from './money.ts'
export type { PolicyEngine, PolicyRequest, PolicyVerdict } from './policy-engine.ts'
export type { Random } from './random.ts'
export type {
  Classifier,
  ClassifierChoice,
  ClassifierContent,
  ContentDetector,
  DetectorHit,
  Judgement,
  ShroudPlugins,
  ShroudText,
  Topics,
} from './shroud.ts'
export { modelNamesIn } from './shroud.ts'
export type {
  Check,
  Delete,
  Exclusive,
  GroupCommit,
  Hit,
  IndexKey,
  Kept,
  Put,
  Range,
  Ref,
  Shrinking,
  Snapshot,
  Storage,
  Stored,
  Sync,
  Write,
} from './storage.ts'
export { StorageConflict, StorageUnusable } from './storage.ts'
