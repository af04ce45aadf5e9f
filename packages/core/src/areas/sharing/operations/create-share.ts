import * as z from 'zod'
import { fields, operation, quotas, type Resource } from '../../../operations/index.ts'
import { passkeyTokenHeader, requireUnlocked } from '../../credentials/index.ts'
import { type SecretPermission, secretAt, secretKind, secretNotFound } from '../../secrets/index.ts'
import { newShare, newShareErrors } from '../new-share.ts'
import { shareRef } from '../records.ts'
import { recipientTypeField, ShareBody, shareBody, shareFields } from '../schemas.ts'
import { shareSecretTool } from '../tools.ts'

export const createShare = operation({
  name: 'sharing.create',
  summary: 'Share a secret with a user, an agent, an e-mail address, the creator of an agent, or anyone with the link.',
  http: {
    method: 'POST',
    path: '/v1/secrets/{secret_id}/share',
    status: 201,
    id: 'createShare',
    tag: 'Sharing',
    headers: passkeyTokenHeader,
  },
  tools: [shareSecretTool],
  command: null,
  effect: 'write',
  access: { permission: 'read', resource: ({ secret_id }) => secretById(secret_id) },
  audit: {
    action: 'share.create',
    resource: 'share',
    about: ({ secret_id, recipient_type, recipient_id }, share) => ({
      id: share ? shareRef(share.id) : undefined,
      secret_id,
      recipient_type,
      recipient_id,
    }),
  },
  input: z.object({
    secret_id: fields.id(),
    recipient_type: recipientTypeField(),
    ...shareFields,
  }),
  output: ShareBody,
  errors: newShareErrors,
  limits: [{ per: 'org', quota: quotas.shares }],
  run: (context, { secret_id, passkey_token, ...wanted }) => {
    requireUnlocked(context, passkey_token)
    const secret = context.unit.require(secretKind, secret_id, secretNotFound)
    return shareBody(context, newShare(context, secret, wanted))
  },
})

/** The path of a secret as a guarded resource, by its id. */
function secretById(id: string): Resource<SecretPermission> {
  return {
    type: 'secret',
    about: { secret_id: id },
    authorize: (context, permission) => {
      const { vaultId, path } = context.unit.require(secretKind, id, secretNotFound)
      secretAt(vaultId, path).authorize(context, permission)
    },
  }
}
