import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { tokens } from '../tokens.ts'

const Jwk = z
  .object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    kid: z.string(),
    alg: z.literal('EdDSA'),
    use: z.literal('sig'),
  })
  .meta({ id: 'Jwk' })

export const jwks = operation({
  name: 'auth.jwks',
  summary: 'Get the public keys of all tokens that may still be valid.',
  http: { method: 'GET', path: '/.well-known/jwks.json', status: 200, id: 'jwks', tag: 'Authentication' },
  command: null,
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({}),
  output: z.object({ keys: z.array(Jwk) }),
  errors: [],
  run: (context) => {
    const keys = context.unit.waitFor(() => tokens(context).keys())
    const shared = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' } as const
    return { keys: keys.map(({ kid, publicKey }) => ({ ...shared, kid, x: publicKey })) }
  },
})
