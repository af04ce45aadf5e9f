import * as z from 'zod'
import { type Context, confirmField, confirmHeader, fields, operation, signedIn } from '../../../operations/index.ts'
import { passkeyKind, passkeysOf, securitySettingsKind } from '../../credentials/index.ts'
import { noPasskey } from '../errors.ts'
import { SecuritySettingsBody, settingsBody } from '../security-settings.ts'

interface Wanted {
  readonly require_passkey_for_vaults?: boolean | undefined
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
  confirms: { purpose: 'security.vault_passkey.disable', when: isTurnedOff },
  audit: {
    action: 'user.security_change',
    resource: 'user',
    about: ({ require_passkey_for_vaults }) => ({ require_passkey_for_vaults }),
  },
  input: z.object({
    require_passkey_for_vaults: fields
      .optional(z.boolean('must be true or false'))
      .describe('Whether a passkey is needed before values are shown to your sessions. Agents and API keys need none.'),
    auth_confirm: confirmField(),
  }),
  output: SecuritySettingsBody,
  errors: [noPasskey],
  run: (context, { require_passkey_for_vaults: requirePasskeyForVaults }) => {
    const { unit } = context
    const { id } = signedIn(context)
    const [passkey] = passkeysOf(unit, id)
    if (requirePasskeyForVaults && !passkey) throw noPasskey()
    // The last passkey must not go at the same moment.
    if (requirePasskeyForVaults && passkey) unit.check(passkeyKind, passkey)
    const before = unit.get(securitySettingsKind, id) ?? { id, requirePasskeyForVaults: false }
    const after = { ...before, ...(requirePasskeyForVaults !== undefined && { requirePasskeyForVaults }) }
    unit.put(securitySettingsKind, after)
    return settingsBody(unit, id)
  },
})

function isTurnedOff({ context, input }: { readonly context: Context; readonly input: Wanted }): boolean {
  const { requirePasskeyForVaults = false } = context.unit.get(securitySettingsKind, signedIn(context).id) ?? {}
  return requirePasskeyForVaults && input.require_passkey_for_vaults === false
}
