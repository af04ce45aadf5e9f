import * as z from 'zod'
import { Secret } from '../../../kernel/secret.ts'
import { fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { hasTotp, totpKind } from '../../credentials/index.ts'
import { mfaOn } from '../errors.ts'
import { newTotpSecret, otpauthUri } from '../totp.ts'

export const setUpMfa = operation({
  name: 'factors.setUpMfa',
  summary: 'Get a secret for your authenticator app. It counts once you confirm it with a code.',
  http: { method: 'POST', path: '/v1/auth/mfa/setup', status: 200, id: 'mfaSetup', tag: 'Authentication' },
  command: { name: 'mfa setup' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'mfa.setup', resource: 'user' },
  input: z.object({}),
  output: z.object({ otpauth_uri: fields.shownSecret(), secret: fields.shownSecret() }),
  reveals: ['otpauth_uri', 'secret'],
  errors: [notAuthenticated, mfaOn],
  run: (context) => {
    const { unit } = context
    const { id, email } = currentUser(context)
    if (hasTotp(unit, id)) throw mfaOn()
    const pending = newTotpSecret(unit)
    // A second setup replaces a secret that was not confirmed.
    unit.put(totpKind, { id, pending, secret: null, lastStep: 0, recoveryHashes: [], recoverySalt: '' })
    return { otpauth_uri: Secret.of(otpauthUri(pending, email, 'Pawl')), secret: Secret.of(pending) }
  },
})
