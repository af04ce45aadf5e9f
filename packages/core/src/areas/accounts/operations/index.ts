import { changeEmail } from './change-email.ts'
import { exportData } from './export-data.ts'
import { forgotPassword } from './forgot-password.ts'
import { resetPassword } from './reset-password.ts'
import { sendEmailCode } from './send-email-code.ts'
import { setPassword } from './set-password.ts'
import { signUp } from './sign-up.ts'
import { verifyEmail } from './verify-email.ts'
import { verifyEmailChange } from './verify-email-change.ts'
import { verifyEmailCode } from './verify-email-code.ts'

export const accountOperations = {
  signUp,
  verifyEmail,
  sendEmailCode,
  verifyEmailCode,
  forgotPassword,
  resetPassword,
  setPassword,
  changeEmail,
  verifyEmailChange,
  exportData,
}
