import { type Confirmation, confirmationNeeded, confirmationWrong, hasSecondFactor } from '../../operations/index.ts'
import { checkPassword, currentUser } from '../auth/index.ts'
import { factorsOf } from '../credentials/index.ts'
import { looksLikeReauthToken, takeReauthToken } from './reauth-token.ts'

/** Decides about `X-Auth-Confirm`. A program that embeds the vault knows its users itself, and may send none. */
export const confirm: Confirmation = (context, { purpose, proof, isNeeded }) => {
  const user = currentUser(context)
  const factors = factorsOf(context.unit, user)
  if (!proof) {
    const isFree = context.origin.trusted !== undefined || !isNeeded(factors)
    return isFree ? null : confirmationNeeded({ purpose, reason: 'This needs a proof that it is you.' })
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
