import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { hasTotp, secondStepOf, totpKind } from '../../credentials/index.ts'

export const mfaStatus = operation({
  name: 'factors.mfaStatus',
  summary: 'Get whether your sign-in asks for a code of your authenticator app, or for a passkey.',
  http: { method: 'GET', path: '/v1/auth/mfa/status', status: 200, id: 'mfaStatus', tag: 'Authentication' },
  command: { name: 'mfa status' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({}),
  output: z.object({
    enabled: z.boolean().meta({ description: 'Whether codes of an authenticator app are set up.' }),
    passkey_mfa_enabled: z.boolean().meta({ description: 'Whether a passkey must follow your first factor.' }),
    recovery_codes_left: z.int().meta({ description: 'How many recovery codes are unused.' }),
  }),
  errors: [],
  run: (context) => {
    const { unit } = context
    const { id } = signedIn(context)
    const enabled = hasTotp(unit, id)
    const passkey_mfa_enabled = secondStepOf(unit, id) === 'passkey'
    return {
      enabled,
      passkey_mfa_enabled,
      recovery_codes_left: enabled ? (unit.get(totpKind, id)?.recoveryHashes.length ?? 0) : 0,
    }
  },
})
