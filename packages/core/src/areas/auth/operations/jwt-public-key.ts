import * as z from 'zod'
import { base64, fromBase64url } from '../../../kernel/bytes.ts'
import { internalError } from '../../../kernel/errors.ts'
import { operation } from '../../../operations/index.ts'
import { tokens } from '../tokens.ts'

export const jwtPublicKey = operation({
  name: 'auth.jwtPublicKey',
  summary: 'Get the public key of newly signed tokens.',
  http: { method: 'GET', path: '/v1/auth/jwt-public-key', status: 200, id: 'getJwtPublicKey', tag: 'Authentication' },
  command: null,
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({}),
  output: z.object({ alg: z.literal('EdDSA'), public_key_base64: z.string() }),
  errors: [],
  run: (context) => {
    const keys = context.unit.waitFor(() => tokens(context).keys())
    const raw = fromBase64url(keys[keys.length - 1]?.publicKey ?? '')
    if (!raw) throw internalError()
    return { alg: 'EdDSA' as const, public_key_base64: base64(raw) }
  },
})
