import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { apiKeyKind } from '../../credentials/index.ts'
import { ApiKeyBody, apiKeyBody } from '../schemas.ts'

export const listApiKeys = operation({
  name: 'auth.listApiKeys',
  summary: 'List your API keys, including revoked keys. The list does not hold the keys themselves.',
  http: { method: 'GET', path: '/v1/auth/api-keys', status: 200, id: 'listApiKeys', tag: 'API Keys' },
  command: { name: 'api-key list', columns: ['name', 'id', 'key_prefix', 'last_used_at', 'is_active'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'api_key.list', resource: 'api_key' },
  input: z.object({}),
  output: z.object({ keys: z.array(ApiKeyBody) }),
  errors: [],
  run: (context) => {
    const { org, kind, id } = signedIn(context)
    const keys = context.unit.list(apiKeyKind, 'principal', org, kind, id)
    return { keys: keys.map(apiKeyBody) }
  },
})
