import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { federationKeys } from '../federation-keys.ts'
import { tokens } from '../tokens.ts'

const Jwk = z
  .object({
    kty: z.enum(['OKP', 'RSA']),
    kid: z.string(),
    alg: z.enum(['EdDSA', 'RS256']),
    use: z.literal('sig'),
    crv: z.literal('Ed25519').optional(),
    x: z.string().optional(),
    n: z.string().optional(),
    e: z.string().optional(),
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
    const others = context.unit.waitFor(() => federationKeys(context).published())
    const [own, rsa] = [
      { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' } as const,
      { kty: 'RSA', alg: 'RS256', use: 'sig' } as const,
    ]
    return {
      keys: [
        ...keys.map(({ kid, publicKey }) => ({ ...own, kid, x: publicKey })),
        ...others.map((key) => ({ ...rsa, ...key })),
      ],
    }
  },
})
