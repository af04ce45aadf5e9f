import { defineError, type PawlError } from '../kernel/errors.ts'
import type { Secret } from '../kernel/secret.ts'
import type { Context, Factors } from './engine.ts'
import { optional, secretText } from './fields.ts'
import type { AnyOperation, Confirms } from './operation.ts'

/** Whether a password alone proves too little for this user. */
export function hasSecondFactor({ totp, passkeys }: Factors): boolean {
  return totp || passkeys > 0
}

const proofBytesMax = 1_024

/** The header that carries the field of `confirmField` on the wire. */
export const confirmHeader = { auth_confirm: 'x-auth-confirm' } as const

/** The field of an operation that `confirms`. */
export function confirmField() {
  return optional(secretText(proofBytesMax)).describe(
    'Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token.',
  )
}

export const confirmationNeeded = defineError<{ purpose: string; reason: string }>(
  'confirmation_needed',
  'denied',
  ({ purpose, reason }) =>
    `${reason} Send X-Auth-Confirm with a token of POST /v1/auth/reauth/complete for the purpose ${purpose}.`,
)

export const confirmationWrong = defineError(
  'confirmation_wrong',
  'denied',
  'X-Auth-Confirm is wrong, expired or used. After 10 wrong passwords or codes, the account refuses all for 15 minutes.',
)

/** The errors of every operation that `confirms`, in addition to its own errors. */
export const confirmationErrors = [confirmationNeeded, confirmationWrong]

/** The purposes that a token can be asked for. */
export function purposesOf(operations: readonly AnyOperation[]): readonly string[] {
  return [...new Set(operations.flatMap(({ confirms }) => (confirms ? purposesIn(confirms) : [])))].sort()
}

/** The purposes that a token for this operation can have. */
export function purposesIn({ purpose }: Confirms<never>): readonly string[] {
  return typeof purpose === 'string' ? [purpose] : purpose.among
}

/** The refusal of a call that is not confirmed, or null. */
export function unconfirmed<I>(
  context: Context,
  { confirms }: { readonly confirms?: Confirms<I> },
  input: I,
): PawlError | null {
  if (!confirms) return null
  const { when, takesFreshSignIn = false } = confirms
  const purpose = typeof confirms.purpose === 'string' ? confirms.purpose : confirms.purpose.of({ context, input })
  const { auth_confirm: proof } = input as { readonly auth_confirm?: Secret<string> }
  const isNeeded = (factors: Factors) => when?.({ factors, context, input }) ?? true
  return context.areas.confirm(context, { purpose, proof, isNeeded, takesFreshSignIn })
}
