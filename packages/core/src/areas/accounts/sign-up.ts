import type { UnitContext } from '../../operations/index.ts'
import { takesSignUp } from '../settings/index.ts'
import { signUpClosed } from './errors.ts'

/** Throws if the operator does not let this address sign up. */
export function requireSignUp(context: Pick<UnitContext, 'unit' | 'settings'>, email: string): void {
  if (!takesSignUp(context, email)) throw signUpClosed({ setting: 'PAWL_SIGN_UP' })
}
