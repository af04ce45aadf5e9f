import type { UnitContext } from '../../operations/index.ts'
import { serverSetting } from '../settings/index.ts'
import { signUpClosed } from './errors.ts'

/** Whether the operator lets this address create an account: no stranger, everyone, or addresses of some domains. */
export function takesSignUp(context: Pick<UnitContext, 'unit' | 'settings'>, email: string): boolean {
  const signUp = serverSetting(context, 'signUp')
  if (typeof signUp === 'string') return signUp === 'open'
  return signUp.includes(email.slice(email.lastIndexOf('@') + 1))
}

/** Throws if the operator does not let this address sign up. */
export function requireSignUp(context: Pick<UnitContext, 'unit' | 'settings'>, email: string): void {
  if (!takesSignUp(context, email)) throw signUpClosed({ setting: 'PAWL_SIGN_UP' })
}
