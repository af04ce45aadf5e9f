import { Secret } from '../../kernel/secret.ts'
import { minute, second } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { newVoucher, secondStepOf } from '../credentials/index.ts'
import type { User } from '../orgs/index.ts'
import { type Method, stageChallenge, stageSuccess } from './events.ts'
import { type SignInBody, tokenBody } from './schemas.ts'
import { userToken } from './sessions.ts'

/** The use of the voucher between the two steps of a sign-in. It opens no other route. */
export const mfaTokenUse = 'mfa'

const lifeMs = 5 * minute

/**
 * The answer to a first factor that was right, with its event: a token, or the second step for a user with an authenticator
 * app or a passkey that must follow. Every way to sign in ends here, so none goes around the second factor (B16). Method null:
 * the event is another's. `appId`: the platform app that the user joins at the end.
 */
export function signInBody(context: Context, user: User, method: Method | null, appId?: string): SignInBody {
  const principal = { kind: 'user', id: user.id } as const
  const next = secondStep(context, user, appId)
  if (method) (next ? stageChallenge : stageSuccess)(context, principal, method)
  return next ?? tokenBody(userToken(context, user))
}

/** Null: one factor is enough. */
function secondStep(context: Context, { id, epoch }: User, appId?: string): SignInBody | null {
  const { unit } = context
  const method = secondStepOf(unit, id)
  if (!method) return null
  const data = { epoch, method, ...(appId !== undefined && { appId }) }
  const voucher = newVoucher(context, { use: mfaTokenUse, user: id, org: unit.org, lifeMs, data })
  return {
    // Published clients take a token that is not empty for a sign-in that is complete (§3.2).
    access_token: Secret.of(''),
    token_type: 'Bearer',
    expires_in: lifeMs / second,
    mfa_required: true,
    mfa_token: Secret.of(voucher),
    mfa_method: method,
  }
}
