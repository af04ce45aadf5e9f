import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { type Passkey, passkeysOf } from '../../credentials/index.ts'

const PasskeyBody = z
  .object({
    id: fields.id(),
    credential_id: z.string(),
    name: z.string(),
    last_used_at: fields.shownTime().optional(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'Passkey' })

export const listPasskeys = operation({
  name: 'factors.listPasskeys',
  summary: 'List your passkeys.',
  http: { method: 'GET', path: '/v1/auth/passkeys', status: 200, id: 'listPasskeys', tag: 'Authentication' },
  command: { name: 'passkey list', columns: ['name', 'id', 'last_used_at', 'created_at'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'passkey.list', resource: 'passkey' },
  input: z.object({}),
  output: z.object({ passkeys: z.array(PasskeyBody) }),
  errors: [],
  run: (context) => ({ passkeys: passkeysOf(context.unit, signedIn(context).id).map(bodyOf) }),
})

function bodyOf({ id, credentialId, name, lastUsedAt, createdAt }: Passkey): z.infer<typeof PasskeyBody> {
  return {
    ...{ id, credential_id: credentialId, name, created_at: rfc3339(createdAt) },
    ...(lastUsedAt === null ? {} : { last_used_at: rfc3339(lastUsedAt) }),
  }
}
