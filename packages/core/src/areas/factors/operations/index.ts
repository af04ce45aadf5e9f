import { beginReauth } from './begin-reauth.ts'
import { completeReauth } from './complete-reauth.ts'
import { confirmMfa } from './confirm-mfa.ts'
import { disableMfa } from './disable-mfa.ts'
import { mfaStatus } from './mfa-status.ts'
import { setUpMfa } from './set-up-mfa.ts'
import { verifyMfa } from './verify-mfa.ts'

export const factorOperations = {
  beginReauth,
  completeReauth,
  mfaStatus,
  setUpMfa,
  confirmMfa,
  verifyMfa,
  disableMfa,
}
