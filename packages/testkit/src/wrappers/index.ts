export type { FailingOptions, RecordedCall, RecordedWrite } from './storage.ts'
export { failing, readOnly, recording, slow } from './storage.ts'
