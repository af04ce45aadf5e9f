export { shareMailJob } from './mail.ts'
export { type Share, shareKind, shareRef } from './records.ts'
