export type { HsmCall } from './hsm.ts'
export { failingHsm, recordingHsm, slowHsm } from './hsm.ts'
export type { FailingOptions, RecordedCall, RecordedWrite } from './storage.ts'
export { failing, readOnly, recording, slow } from './storage.ts'
