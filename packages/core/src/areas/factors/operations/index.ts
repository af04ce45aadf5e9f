import { addPasskey } from './add-passkey.ts'
import { beginMfaPasskey } from './begin-mfa-passkey.ts'
import { beginPasskey } from './begin-passkey.ts'
import { beginPasskeySignIn } from './begin-passkey-sign-in.ts'
import { beginReauth } from './begin-reauth.ts'
import { beginTransactionPasskey } from './begin-transaction-passkey.ts'
import { beginVaultPasskey } from './begin-vault-passkey.ts'
import { completeMfaPasskey } from './complete-mfa-passkey.ts'
import { completePasskeySignIn } from './complete-passkey-sign-in.ts'
import { completeReauth } from './complete-reauth.ts'
import { completeTransactionPasskey } from './complete-transaction-passkey.ts'
import { completeVaultPasskey } from './complete-vault-passkey.ts'
import { confirmMfa } from './confirm-mfa.ts'
import { disableMfa } from './disable-mfa.ts'
import { getSecuritySettings } from './get-security-settings.ts'
import { listPasskeys } from './list-passkeys.ts'
import { mfaStatus } from './mfa-status.ts'
import { removePasskey } from './remove-passkey.ts'
import { setUpMfa } from './set-up-mfa.ts'
import { updateSecuritySettings } from './update-security-settings.ts'
import { verifyMfa } from './verify-mfa.ts'

export const factorOperations = {
  beginReauth,
  completeReauth,
  mfaStatus,
  setUpMfa,
  confirmMfa,
  verifyMfa,
  beginMfaPasskey,
  completeMfaPasskey,
  disableMfa,
  beginPasskey,
  addPasskey,
  listPasskeys,
  removePasskey,
  beginPasskeySignIn,
  completePasskeySignIn,
  beginTransactionPasskey,
  completeTransactionPasskey,
  beginVaultPasskey,
  completeVaultPasskey,
  getSecuritySettings,
  updateSecuritySettings,
}
