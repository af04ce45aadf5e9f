import * as z from 'zod'
import { Secret } from '../../../kernel/secret.ts'
import { fields, operation } from '../../../operations/index.ts'
import { vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { secretGone, secretNotFound, valueIsEncrypted } from '../errors.ts'
import { generateText } from '../generate.ts'
import { secretAt } from '../resource.ts'
import { createdBody, leaveKeyTypeField, SecretCreated, secretRef, typeField } from '../schemas.ts'
import { findLiveSecret } from '../secret.ts'
import { storeAndSplit } from '../store.ts'

export const rotateSecret = operation({
  name: 'secrets.rotate',
  summary: 'Store a new version with a random value. The answer does not show the value.',
  http: {
    method: 'POST',
    path: '/v1/vaults/{vault_id}/secret-rotate/{path+}',
    status: 201,
    id: 'rotateSecret',
    tag: 'Secrets',
  },
  tools: [
    {
      name: 'rotate_generate',
      opensValues: false,
      summary:
        'Give a secret a new random value that the answer does not show. Use it when no other service chooses the value.',
    },
  ],
  command: { flags: { length: 'length l', charset: 'charset c', type: 'type t' } },
  effect: 'write',
  access: { permission: 'rotate', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  delegable: true,
  audit: {
    action: 'secret.rotate',
    resource: 'secret',
    about: ({ vault_id, path }, secret) => ({ id: secret?.id, vault_id, path, version: secret?.version }),
  },
  input: z.object({
    ...secretRef,
    length: fields.optional(fields.count(1_024, 8)).describe('Number of characters. Default: 32.'),
    charset: fields
      .optional(z.enum(['hex', 'base64', 'alphanumeric', 'ascii'], 'must be hex, base64, alphanumeric or ascii'))
      .describe('Character set. Default: hex.'),
    type: fields.optional(typeField()),
    leave_key_type: leaveKeyTypeField(),
  }),
  output: SecretCreated,
  reveals: ['client_share'],
  errors: [vaultNotFound, secretNotFound, secretGone, valueIsEncrypted],
  run: (context, { vault_id: vaultId, path, length = 32, charset = 'hex', type, leave_key_type: leavesKeyType }) => {
    findLiveSecret(context, vaultId, path)
    if (context.unit.get(vaultKind, vaultId)?.cmekFingerprint) throw valueIsEncrypted()
    const value = Secret.of(generateText(context.random, length, charset))
    const { secret, clientShare } = storeAndSplit(context, { vaultId, path, value, type, leavesKeyType })
    return createdBody(secret, clientShare)
  },
})
