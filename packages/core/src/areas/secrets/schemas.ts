import * as z from 'zod'
import type { Secret } from '../../kernel/secret.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { canonicalPath, pathProblem, pathShape } from './path.ts'
import type { SecretEntry, SecretVersion, VersionFacts } from './records.ts'
import { signingKeyType } from './secret.ts'

/** A canonical path, as policies and the storage use it. */
export function pathField() {
  return z
    .string('must be a string')
    .transform((given, context) => {
      const path = canonicalPath(given)
      if (path !== null) return path
      context.addIssue(pathProblem(given) ?? 'is not a path')
      return z.NEVER
    })
    .meta(pathShape)
}

/** A short word that the caller chooses. Only `private_key` and `ssh_key` have a meaning for the engine. */
export function typeField() {
  return z
    .string('must be a string')
    .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a lowercase word such as api_key')
    .refine((type) => type !== signingKeyType, 'must not be signing_key, which only Pawl stores')
    .describe('Type of the secret, such as api_key.')
}

/** The explicit step that a key needs to become something that agents with intents may read. */
export function leaveKeyTypeField() {
  return fields
    .optional(z.boolean('must be true or false'))
    .describe('Allows a private_key or an ssh_key to become a secret of another type. Default: false.')
}

/** The vault and the path of a secret. */
export const secretRef = { vault_id: fields.id(), path: pathField() }

const shownFacts = {
  id: fields.id(),
  path: z.string(),
  type: z.string(),
  version: fields.count(),
  metadata: fields.shownObject(),
  created_at: fields.shownTime(),
  expires_at: fields.shownTime().optional(),
}

/** A secret without its value. */
export const SecretMetadata = z
  .object({ ...shownFacts, is_disabled: z.literal(true).optional() })
  .meta({ id: 'SecretMetadata' })

export type SecretMetadata = z.infer<typeof SecretMetadata>

/** A new version. A vault with split keys adds the client share, which the server does not keep. */
export const SecretCreated = SecretMetadata.extend({ client_share: fields.shownSecret().optional() }).meta({
  id: 'SecretCreated',
})

export type SecretCreated = z.infer<typeof SecretCreated>

export const clientShareHeader = { client_share: 'x-client-share' }

/** The client share of a split key, as it was returned when the value was stored. */
export function clientShareField() {
  return fields
    .optional(fields.secretText(100))
    .describe('Client share of the version, in a vault that splits its keys.')
}

/** A secret with its value. */
export const SecretBody = z
  .object({
    ...shownFacts,
    value: fields.shownSecret(),
    created_by: z.string(),
    cmek_encrypted: z.boolean(),
    cmek_fingerprint: z.string().optional(),
  })
  .meta({ id: 'Secret' })

export type SecretBody = z.infer<typeof SecretBody>

export function metadataBody({ id, path }: Pick<SecretEntry, 'id' | 'path'>, facts: VersionFacts): SecretMetadata {
  return {
    id,
    path,
    type: facts.type,
    version: facts.number,
    metadata: facts.metadata,
    created_at: rfc3339(facts.createdAt),
    expires_at: facts.expiresAt === null ? undefined : rfc3339(facts.expiresAt),
  }
}

/** A new version, with the client share of its key if the vault splits keys. */
export function createdBody(secret: SecretEntry, clientShare: Secret<string> | null): SecretCreated {
  return Object.assign(metadataBody(secret, secret.newest), { client_share: clientShare ?? undefined })
}

export function secretBody(secret: SecretEntry, version: SecretVersion, value: Secret<string>): SecretBody {
  const { createdBy, cmekFingerprint } = version
  return Object.assign(metadataBody(secret, version), {
    value,
    // With the kind in front, a form that only these responses use.
    created_by: `${createdBy.kind}:${createdBy.id}`,
    cmek_encrypted: cmekFingerprint !== undefined,
    cmek_fingerprint: cmekFingerprint,
  })
}

/**
 * Identifies a value without being derived from it. After the restore of a backup, numbers are used again. Customers can change
 * the key of a version. So the time and the fingerprint are part of the identifier.
 */
export const valueTag = ['id', 'version', 'created_at', 'cmek_fingerprint']
