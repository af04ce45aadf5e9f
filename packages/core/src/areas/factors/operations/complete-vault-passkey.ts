import * as z from 'zod'
import { second } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { newUnlockToken, unlockLifeMs } from '../../credentials/index.ts'
import { assertionFields, takeOwnAssertion } from '../ceremonies.ts'
import { passkeyFailed } from '../errors.ts'
import { passkeysUnavailable } from '../relying-party.ts'

export const completeVaultPasskey = operation({
  name: 'factors.completeVaultPasskey',
  summary: 'Unlock values with a passkey signature. The token for X-Passkey-Token is valid for 5 minutes.',
  http: {
    method: 'POST',
    path: '/v1/auth/passkeys/vault-assert/complete',
    status: 200,
    id: 'passkeyVaultAssertComplete',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'passkey.vault', resource: 'user' },
  input: z.object(assertionFields),
  output: z.object({ passkey_token: fields.shownSecret(), expires_in: z.int() }),
  reveals: ['passkey_token'],
  errors: [passkeyFailed, passkeysUnavailable],
  run: (context, input) => {
    const { user: id } = takeOwnAssertion(context, 'vault', input).passkey
    return { passkey_token: newUnlockToken(context, { id }), expires_in: unlockLifeMs / second }
  },
})
