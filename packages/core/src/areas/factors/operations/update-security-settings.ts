import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { type Context, confirmField, confirmHeader, fields, operation, signedIn } from '../../../operations/index.ts'
import { passkeyKind, passkeysOf, securitySettingsKind } from '../../credentials/index.ts'
import { noPasskey } from '../errors.ts'
import { SecuritySettingsBody, settingsBody, settingsOfUser } from '../security-settings.ts'

interface Wanted {
  readonly require_passkey_for_vaults?: boolean | undefined
  readonly require_passkey_for_mfa?: boolean | undefined
}

export const updateSecuritySettings = operation({
  name: 'factors.updateSecuritySettings',
  summary: 'Decide about your own security. To turn protection off, prove again who you are.',
  http: {
    method: 'PATCH',
    path: '/v1/auth/settings',
    status: 200,
    id: 'updateSecuritySettings',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'account secure', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: {
    purpose: {
      among: ['security.vault_passkey.disable', 'security.mfa_passkey.disable'],
      of: ({ context, input }) => `security.${turnedOff(context, input)[0] ?? 'vault'}_passkey.disable`,
    },
    when: ({ context, input }) => turnedOff(context, input).length > 0,
  },
  audit: {
    action: 'user.security_change',
    resource: 'user',
    about: ({ require_passkey_for_vaults, require_passkey_for_mfa }) => ({
      require_passkey_for_vaults,
      require_passkey_for_mfa,
    }),
  },
  input: z.object({
    require_passkey_for_vaults: fields
      .optional(z.boolean('must be true or false'))
      .describe('Whether a passkey is needed before values are shown to your sessions. Agents and API keys need none.'),
    require_passkey_for_mfa: fields
      .optional(z.boolean('must be true or false'))
      .describe('Whether a passkey must follow when you sign in with a password, a code by mail or another account.'),
    auth_confirm: confirmField(),
  }),
  output: SecuritySettingsBody,
  errors: [noPasskey],
  run: (context, wanted) => {
    const { unit } = context
    // A proof is valid for one of the two settings only.
    if (turnedOff(context, wanted).length > 1) {
      throw invalidField('require_passkey_for_mfa', 'must be turned off in a separate call')
    }
    const { id } = signedIn(context)
    const [passkey] = passkeysOf(unit, id)
    if (wanted.require_passkey_for_vaults || wanted.require_passkey_for_mfa) {
      if (!passkey) throw noPasskey()
      // The last passkey must not go at the same moment.
      unit.check(passkeyKind, passkey)
    }
    const before = settingsOfUser(unit, id)
    unit.put(securitySettingsKind, {
      id,
      requirePasskeyForVaults: wanted.require_passkey_for_vaults ?? before.requirePasskeyForVaults,
      requirePasskeyForMfa: wanted.require_passkey_for_mfa ?? before.requirePasskeyForMfa,
    })
    return settingsBody(unit, id)
  },
})

function turnedOff(context: Context, wanted: Wanted): readonly ('vault' | 'mfa')[] {
  const { requirePasskeyForVaults, requirePasskeyForMfa } = settingsOfUser(context.unit, signedIn(context).id)
  return [
    ...(requirePasskeyForVaults && wanted.require_passkey_for_vaults === false ? ['vault' as const] : []),
    ...(requirePasskeyForMfa && wanted.require_passkey_for_mfa === false ? ['mfa' as const] : []),
  ]
}
