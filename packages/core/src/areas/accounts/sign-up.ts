import type { Settings } from '../../operations/index.ts'
import { signUpClosed } from './errors.ts'

/** Who may create an account: no stranger, everyone, or everyone with an address of these domains. */
export type SignUp = Settings['signUp']

export function takesSignUp({ signUp }: Pick<Settings, 'signUp'>, email: string): boolean {
  if (typeof signUp === 'string') return signUp === 'open'
  return signUp.includes(email.slice(email.lastIndexOf('@') + 1))
}

/** Throws if the operator does not let this address sign up. */
export function requireSignUp(settings: Pick<Settings, 'signUp'>, email: string): void {
  if (!takesSignUp(settings, email)) throw signUpClosed({ setting: 'PAWL_SIGN_UP' })
}
