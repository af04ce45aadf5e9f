import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { builtInTokens } from '../built-in.ts'
import { tokenNotFound } from '../errors.ts'
import { tokenKind } from '../records.ts'

export const deleteToken = operation({
  name: 'chains.deleteToken',
  summary: 'Remove a known token. For the operator.',
  http: { method: 'DELETE', path: '/v1/admin/tokens/{token_id}', status: 204, id: 'deleteKnownToken', tag: 'Tokens' },
  command: { name: 'chain-token delete', positionals: ['token_id'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'token.delete', resource: 'token', about: ({ token_id }) => ({ id: token_id }) },
  input: z.object({ token_id: fields.id() }),
  output: z.undefined(),
  errors: [tokenNotFound],
  run: ({ unit }, { token_id: id }) => {
    const stored = unit.get(tokenKind, id)
    const builtIn = builtInTokens.find((one) => one.id === id)
    if (stored?.isRemoved || (!stored && !builtIn)) throw tokenNotFound()
    // A built-in token would be back without its record.
    if (builtIn) unit.put(tokenKind, { ...builtIn, isRemoved: true })
    else if (stored) unit.delete(tokenKind, stored)
    return undefined
  },
})
