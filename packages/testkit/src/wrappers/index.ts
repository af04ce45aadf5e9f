export { failingHsm, type HsmCall, recordingHsm, slowHsm, type Unpluggable, unpluggableHsm } from './hsm.ts'
export type { FailingOptions, SlowOptions } from './intercept.ts'
export {
  type EgressCall,
  failingEgress,
  failingMailer,
  type MailerCall,
  recordingEgress,
  recordingMailer,
  slowEgress,
  slowMailer,
} from './outside.ts'
export {
  type AuditSinkCall,
  type ChainCallMade,
  failingAuditSink,
  failingChain,
  failingModel,
  failingPolicyEngine,
  type ModelCall,
  type PolicyEngineCall,
  recordingChain,
  slowAuditSink,
  slowChain,
  slowModel,
  slowPolicyEngine,
} from './plugged.ts'
export { failing, type RecordedWrite, readOnly, recording, type StorageCall, slow } from './storage.ts'
export { failingRandom, type RandomCall, recordingRandom, steppingClock } from './time-and-chance.ts'
