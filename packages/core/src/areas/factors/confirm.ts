import {
  type Confirmation,
  type Context,
  confirmationNeeded,
  confirmationWrong,
  type Factors,
  hasSecondFactor,
} from '../../operations/index.ts'
import { checkPassword, currentUser, isFresh } from '../auth/index.ts'
import { factorsOf } from '../credentials/index.ts'
import { looksLikeReauthToken, takeReauthToken } from './reauth-token.ts'

const noFactors: Factors = { password: false, totp: false, passkeys: 0 }

/** Decides about `X-Auth-Confirm`. A program that embeds the vault knows its users itself, and may send none. */
export const confirm: Confirmation = (context, { purpose, proof, isNeeded, takesFreshSignIn }) => {
  // An agent can give no proof. A call that needs one is refused below.
  if (context.caller.kind === 'agent' && !proof && !isNeeded(noFactors)) return null
  const user = currentUser(context)
  const factors = factorsOf(context.unit, user)
  if (!proof) {
    const isFree = context.origin.trusted !== undefined || !isNeeded(factors)
    return isFree || isProvedBySignIn(context, factors, takesFreshSignIn)
      ? null
      : confirmationNeeded({ purpose, reason: reasonFor(factors) })
  }
  const needsStrong = hasSecondFactor(factors)
  const text = proof.reveal()
  if (looksLikeReauthToken(text)) {
    return takeReauthToken(context, user, text, { purpose, needsStrong }) ? null : confirmationWrong()
  }
  if (needsStrong) {
    return confirmationNeeded({ purpose, reason: 'A password is not enough, because you have a second factor.' })
  }
  return checkPassword(context, user, proof) ? null : confirmationWrong()
}

/** A user who signs in only with codes by e-mail has nothing else to prove it with. */
function isProvedBySignIn({ caller, now }: Context, factors: Factors, takesFreshSignIn: boolean): boolean {
  const isEnough = takesFreshSignIn ? !hasSecondFactor(factors) : !hasAny(factors)
  return isEnough && isFresh(caller, now)
}

function reasonFor(factors: Factors): string {
  return hasAny(factors)
    ? 'This needs a proof that it is you.'
    : 'This needs a password, or a sign-in less than 5 minutes ago.'
}

function hasAny(factors: Factors): boolean {
  return factors.password || hasSecondFactor(factors)
}
