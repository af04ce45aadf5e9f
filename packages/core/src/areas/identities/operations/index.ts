import { beginSignIn } from './begin.ts'
import { completeSignIn } from './complete.ts'
import { google } from './google.ts'
import { linkIdentity } from './link.ts'
import { listIdentities } from './list.ts'
import { signOutUrl } from './sign-out-url.ts'
import { socialLogin } from './social-login.ts'
import { unlinkIdentity } from './unlink.ts'

export const identityOperations = {
  begin: beginSignIn,
  complete: completeSignIn,
  google,
  socialLogin,
  link: linkIdentity,
  list: listIdentities,
  unlink: unlinkIdentity,
  signOutUrl,
}
