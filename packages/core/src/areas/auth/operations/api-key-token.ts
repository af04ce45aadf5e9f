import * as z from 'zod'
import { CommitThenThrow, type Context, fields, operation } from '../../../operations/index.ts'
import { invalidKey, invalidProof, nonceWanted } from '../errors.ts'
import { type Redeemed, redeemKey } from '../redeem.ts'
import { TokenBody, tokenBody } from '../schemas.ts'
import { agentToken, appToken, userToken } from '../sessions.ts'
import type { MintedToken } from '../tokens.ts'

const keyBytesMax = 512

export const apiKeyToken = operation({
  name: 'auth.apiKeyToken',
  summary: 'Exchange the API key of a user, an agent or a platform app for a token.',
  http: { method: 'POST', path: '/v1/auth/api-key-token', status: 200, id: 'apiKeyToken', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({ api_key: fields.secretText(keyBytesMax) }),
  output: TokenBody,
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: 'api_key', by: 'program' }],
  errors: [invalidKey, invalidProof, nonceWanted],
  run: (context, { api_key }) => {
    const redeemed = redeemKey(context, api_key)
    if (!redeemed) return new CommitThenThrow(invalidKey())
    return tokenBody(mint(context, redeemed))
  },
})

function mint(context: Context, redeemed: Redeemed): MintedToken {
  const { key } = redeemed
  if ('app' in redeemed) return appToken(context, redeemed.app, key)
  return 'user' in redeemed ? userToken(context, redeemed.user, { key }) : agentToken(context, redeemed.agent, { key })
}
