import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { limits } from '../../../kernel/limits.ts'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { agentQuotaReached } from '../../orgs/index.ts'
import { fingerprintField, vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { clientKeyDiffers, secretGone, secretNotFound, secretVersionDiffers } from '../errors.ts'
import { secretKind } from '../records.ts'
import { secretAt } from '../resource.ts'
import { createdBody, leaveKeyTypeField, SecretCreated, secretRef, typeField } from '../schemas.ts'
import { findLiveSecret, readableVersion } from '../secret.ts'
import { storeAndSplit } from '../store.ts'
import { putSecretTool, rotateAndStoreTool } from '../tools.ts'

export const putSecret = operation({
  name: 'secrets.put',
  summary: 'Store a new version of a secret.',
  http: { method: 'PUT', path: '/v1/vaults/{vault_id}/secrets/{path+}', status: 201, id: 'putSecret', tag: 'Secrets' },
  tools: [putSecretTool, rotateAndStoreTool],
  command: { name: 'secret set', flags: { type: 'type t', expires_at: 'expires e', max_access_count: 'max-reads' } },
  effect: 'write',
  access: { permission: 'write', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  delegable: true,
  audit: {
    action: 'secret.write',
    resource: 'secret',
    about: ({ vault_id, path }, secret) => ({ id: secret?.id, vault_id, path, version: secret?.version }),
  },
  input: z.object({
    ...secretRef,
    value: fields.secretText(limits.secretBytesMax),
    type: fields.optional(typeField()),
    leave_key_type: leaveKeyTypeField(),
    metadata: fields.optional(fields.freeObject()).describe('Metadata of your choice. Lists show it.'),
    expires_at: fields.optional(fields.time()).describe('When the secret expires. Default: never.'),
    max_access_count: fields.optional(fields.count()).describe('Maximum number of reads. 0 means no limit.'),
    must_exist: fields
      .optional(z.boolean('must be true or false'))
      .describe('Refuses to create a secret where none exists. Default: false.'),
    expected_version: fields
      .optional(fields.count())
      .describe('Stores the value only if a read returns this version now. 0: only if no version can be read.'),
    cmek_fingerprint: fields
      .optional(fingerprintField())
      .describe('Fingerprint of the client key of the value. Stores the value only if the vault uses this key now.'),
    rotation_policy: fields
      .optional(fields.freeObject())
      .describe('Metadata only. Pawl does not rotate automatically.'),
  }),
  output: SecretCreated,
  reveals: ['client_share'],
  errors: [vaultNotFound, secretNotFound, secretGone, secretVersionDiffers, clientKeyDiffers, agentQuotaReached],
  run: (context, input) => {
    const { vault_id: vaultId, path, value, type, metadata, expires_at: expiresAt } = input
    if (expiresAt !== undefined && expiresAt <= context.now) throw invalidField('expires_at', 'must be in the future')
    if (input.must_exist) findLiveSecret(context, vaultId, path)
    checkExpected(context, input)
    const { secret, clientShare } = storeAndSplit(context, {
      vaultId,
      path,
      value,
      type,
      metadata,
      expiresAt,
      readsMax: input.max_access_count,
      rotationPolicy: input.rotation_policy,
      leavesKeyType: input.leave_key_type,
    })
    return createdBody(secret, clientShare)
  },
})

interface Expected {
  readonly vault_id: string
  readonly path: string
  readonly expected_version?: number | undefined
  readonly cmek_fingerprint?: string | undefined
}

/** What the caller read before must still be so in the commit that stores the value. */
function checkExpected({ unit }: Context, { vault_id, path, expected_version, cmek_fingerprint }: Expected): void {
  if (expected_version !== undefined) {
    const version = readableVersion(unit.find(secretKind, 'path', vault_id, path))
    if (version !== expected_version) throw secretVersionDiffers({ version })
  }
  if (cmek_fingerprint === undefined) return
  if (unit.require(vaultKind, vault_id, vaultNotFound).cmekFingerprint !== cmek_fingerprint) throw clientKeyDiffers()
}
