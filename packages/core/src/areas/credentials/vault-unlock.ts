import { defineError } from '../../kernel/errors.ts'
import { Secret } from '../../kernel/secret.ts'
import { minute } from '../../kernel/time.ts'
import { type Context, fields } from '../../operations/index.ts'
import { securitySettingsKind } from './second-factors.ts'
import { newVoucher, readVoucher } from './vouchers.ts'

// A user can ask for a passkey before values are shown to their sessions. The area `factors` gives out the tokens. Every
// operation asks for them that shows a value to a session, or makes what shows one without a passkey: a share, an API key, the
// sign-in of a device. Agents and API keys need none: no person is there.

const use = 'passkey.vault-token'
export const unlockLifeMs = 5 * minute
const tokenBytesMax = 1_024

export const passkeyNeeded = defineError(
  'passkey_needed',
  'denied',
  'You asked for a passkey before values are shown. Send X-Passkey-Token of POST /v1/auth/passkeys/vault-assert/complete.',
)

/** The field of an operation that shows a value, and the header that carries it. */
export const passkeyTokenHeader = { passkey_token: 'x-passkey-token' } as const

export function passkeyTokenField() {
  return fields
    .optional(fields.secretText(tokenBytesMax))
    .describe(
      'Token of POST /v1/auth/passkeys/vault-assert/complete, if you ask for a passkey before values are shown.',
    )
}

/** A token that opens values for some minutes, as often as they are read. */
export function newUnlockToken(context: Context, user: { readonly id: string }): Secret<string> {
  const wanted = { use, user: user.id, org: context.unit.org, lifeMs: unlockLifeMs, data: {} }
  return Secret.of(newVoucher(context, wanted))
}

/** Whether the caller is a session of a user who asked for a passkey. */
export function isLocked({ caller, unit }: Context): boolean {
  if (caller.kind !== 'user' || caller.authMethod === 'api_key' || caller.session === null) return false
  // A unit in the organisation of the caller finds the settings in memory, and its commit checks them.
  const home = unit.org === caller.org ? unit : unit.reading(caller.org)
  return home.get(securitySettingsKind, caller.id)?.requirePasskeyForVaults ?? false
}

/** Throws if the user asked for a passkey and this call has none. */
export function requireUnlocked(context: Context, token: Secret<string> | undefined): void {
  const { caller } = context
  if (caller.kind !== 'user' || !isLocked(context)) return
  const voucher = token && readVoucher(context, token.reveal(), use)
  if (voucher?.user !== caller.id || voucher.org !== caller.org) throw passkeyNeeded()
}
