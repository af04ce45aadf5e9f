import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { passkeysOf } from '../../credentials/index.ts'
import { AssertionOptions, assertionOptions, newChallenge } from '../ceremonies.ts'
import { noPasskey } from '../errors.ts'
import { passkeysUnavailable } from '../relying-party.ts'

export const beginVaultPasskey = operation({
  name: 'factors.beginVaultPasskey',
  summary: 'Begin to open values with a passkey.',
  http: {
    method: 'POST',
    path: '/v1/auth/passkeys/vault-assert/begin',
    status: 200,
    id: 'passkeyVaultAssertBegin',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'passkey.vault_begin', resource: 'user' },
  input: z.object({}),
  output: AssertionOptions,
  errors: [noPasskey, passkeysUnavailable],
  run: (context) => {
    const { id } = signedIn(context)
    const own = passkeysOf(context.unit, id)
    if (own.length === 0) throw noPasskey()
    return assertionOptions(context, newChallenge(context, { ceremony: 'vault', user: id }), own)
  },
})
