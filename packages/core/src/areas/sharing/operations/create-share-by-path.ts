import * as z from 'zod'
import { fields, operation, quotas } from '../../../operations/index.ts'
import { passkeyTokenHeader, requireUnlocked } from '../../credentials/index.ts'
import { findSecret, pathField, secretAt } from '../../secrets/index.ts'
import { newShare, newShareErrors } from '../new-share.ts'
import { shareRef } from '../records.ts'
import { recipientTypeField, ShareBody, shareBody, shareFields } from '../schemas.ts'

/** What the Python client calls, with the place of the secret instead of its id (core.md 9.3). */
export const createShareByPath = operation({
  name: 'sharing.createByPath',
  summary: 'Share a secret, given by vault and path. Default: anyone with the link can read it.',
  http: {
    method: 'POST',
    path: '/v1/shares',
    status: 201,
    id: 'createShareByPath',
    tag: 'Sharing',
    headers: passkeyTokenHeader,
  },
  command: {
    name: 'share create',
    positionals: ['secret_path'],
    flags: { expires_at: 'expires e', max_access_count: 'max-access' },
  },
  effect: 'write',
  access: { permission: 'read', resource: ({ vault_id, secret_path }) => secretAt(vault_id, secret_path) },
  audit: {
    action: 'share.create',
    resource: 'share',
    about: ({ vault_id, secret_path, recipient_type, recipient_id }, share) => ({
      id: share ? shareRef(share.id) : undefined,
      vault_id,
      path: secret_path,
      recipient_type,
      recipient_id,
    }),
  },
  input: z.object({
    vault_id: fields.id(),
    secret_path: pathField(),
    recipient_type: fields.optional(recipientTypeField()).describe('Recipient type. Default: anyone with the link.'),
    ...shareFields,
  }),
  output: ShareBody,
  errors: newShareErrors,
  limits: [{ per: 'org', quota: quotas.shares }],
  run: (context, { vault_id, secret_path, recipient_type = 'anyone_with_link', passkey_token, ...wanted }) => {
    requireUnlocked(context, passkey_token)
    const secret = findSecret(context, vault_id, secret_path)
    return shareBody(context, newShare(context, secret, { ...wanted, recipient_type }))
  },
})
