import { type Context, fields } from '../../operations/index.ts'
import { checkGuess } from '../auth/index.ts'
import { type Totp, totpKind } from '../credentials/index.ts'
import type { User } from '../orgs/index.ts'
import { withoutRecoveryCode } from './recovery-codes.ts'
import { acceptedStep } from './totp.ts'

const codeBytesMax = 64

/** A code of an authenticator app or a recovery code. */
export function codeField() {
  return fields.secretText(codeBytesMax)
}

/** What a code turned out to be. */
export type CodeKind = 'totp' | 'recovery_code'

interface Accepted {
  readonly as: CodeKind
  /** The authenticator app once the code is used. */
  readonly totp: Totp
}

/**
 * Takes a code of the authenticator app or a recovery code. Null: the code is refused, for any reason. The function stages the
 * count of failures, so the caller must commit the unit in that case too.
 */
export function takeCode(context: Context, user: User, text: string): CodeKind | null {
  const { unit } = context
  const totp = unit.get(totpKind, user.id)
  let accepted: Accepted | null = null
  const isRight = checkGuess(context, user, () => {
    accepted = totp && acceptedCode(context, totp, text)
    return accepted !== null
  })
  const { as, totp: used } = (isRight ? accepted : null) ?? { as: null, totp: null }
  if (used) unit.put(totpKind, used)
  return as
}

function acceptedCode(context: Context, totp: Totp, text: string): Accepted | null {
  if (totp.secret === null) return null
  const lastStep = acceptedStep(totp.secret, text, context.now, totp.lastStep)
  if (lastStep !== null) return { as: 'totp', totp: { ...totp, lastStep } }
  const recoveryHashes = withoutRecoveryCode(context, totp, text)
  return recoveryHashes && { as: 'recovery_code', totp: { ...totp, recoveryHashes } }
}
