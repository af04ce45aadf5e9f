import * as z from 'zod'
import { confirmField, confirmHeader, fields, operation, signedIn } from '../../../operations/index.ts'
import { passkeyKind, passkeysOf, securitySettingsKind } from '../../credentials/index.ts'
import { lastPasskey, passkeyNotFound } from '../errors.ts'

export const removePasskey = operation({
  name: 'factors.removePasskey',
  summary: 'Remove one of your passkeys. It no longer signs you in.',
  http: {
    method: 'DELETE',
    path: '/v1/auth/passkeys/{passkey_id}',
    status: 200,
    id: 'deletePasskey',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'passkey remove', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'security.passkey.delete' },
  audit: { action: 'passkey.remove', resource: 'passkey', about: ({ passkey_id }) => ({ id: passkey_id }) },
  input: z.object({ passkey_id: fields.id(), auth_confirm: confirmField() }),
  output: z.object({ passkey_id: fields.id() }),
  errors: [passkeyNotFound, lastPasskey],
  run: (context, { passkey_id }) => {
    const { unit } = context
    const { id } = signedIn(context)
    const own = passkeysOf(unit, id)
    const passkey = own.find((one) => one.id === passkey_id)
    if (!passkey) throw passkeyNotFound()
    const settings = unit.get(securitySettingsKind, id)
    const isNeeded = settings?.requirePasskeyForVaults || settings?.requirePasskeyForMfa
    if (own.length === 1 && isNeeded) throw lastPasskey()
    // The decision stands only while the other passkeys are there: two calls must not remove the last two.
    for (const other of own) if (other !== passkey) unit.check(passkeyKind, other)
    unit.delete(passkeyKind, passkey)
    return { passkey_id }
  },
})
