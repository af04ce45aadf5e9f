import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { apiKeyKind } from '../../credentials/index.ts'
import { apiKeyNotFound } from '../errors.ts'

export const revokeApiKey = operation({
  name: 'auth.revokeApiKey',
  summary: 'Revoke one of your API keys and all tokens issued for it.',
  http: { method: 'DELETE', path: '/v1/auth/api-keys/{key_id}', status: 204, id: 'revokeApiKey', tag: 'API Keys' },
  command: { name: 'api-key revoke' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'api_key.revoke', resource: 'api_key', about: ({ key_id }) => ({ id: key_id }) },
  input: z.object({ key_id: fields.id() }),
  output: z.undefined(),
  errors: [apiKeyNotFound],
  run: (context, { key_id }) => {
    const caller = signedIn(context)
    const key = context.unit.require(apiKeyKind, key_id, apiKeyNotFound)
    const { kind, id } = key.principal
    // Keys are global records, so whose they are is asked here.
    if (key.org !== caller.org || kind !== caller.kind || id !== caller.id) throw apiKeyNotFound()
    context.unit.put(apiKeyKind, { ...key, isActive: false })
    return undefined
  },
})
