import { defineError } from '../../kernel/errors.ts'

export const secretNotFound = defineError('secret_not_found', 'not_found', 'No secret exists at this path.')

export const secretNotDeleted = defineError(
  'secret_not_deleted',
  'conflict',
  'The secret is not deleted. Restore and purge are for deleted secrets.',
)

export const versionNotFound = defineError(
  'secret_version_not_found',
  'not_found',
  'The secret has no version with this number.',
)

export const notAnEnvBundle = defineError(
  'not_an_env_bundle',
  'invalid',
  'The secret is not of type env_bundle, so it cannot be read as an environment.',
)

const reasons = {
  deleted: 'The secret was deleted.',
  expired: 'The secret has expired. Store a new version.',
  used_up: 'The secret has reached its read limit. Store a new version.',
  disabled: 'This version of the secret is disabled.',
} as const

export type GoneReason = keyof typeof reasons

/** The secret can no longer be read, because it is deleted, expired, used up or disabled. */
export const secretGone = defineError<{ reason: GoneReason }>('secret_gone', 'gone', ({ reason }) => reasons[reason])

export const changesDropped = defineError(
  'changes_dropped',
  'gone',
  'Changes after this cursor can be missing. List the secrets again, and go on with a new cursor.',
)

export const keyMaterialDenied = defineError<{ type: string }>(
  'key_material_denied',
  'denied',
  'The caller may not read private keys. Agents use them through intents. An owner exports a signing key with `pawl key export`.',
)

/** The caller read another version than the one that exists now. */
export const secretVersionDiffers = defineError<{ version: number }>(
  'secret_version_differs',
  'conflict',
  ({ version }) =>
    `expected_version: ${version === 0 ? 'No version can be read' : `The current version is ${version}`}. Read the secret again before you store a value.`,
)

export const clientKeyDiffers = defineError(
  'client_key_differs',
  'conflict',
  'cmek_fingerprint: The vault does not use this client key. Read the vault again, and encrypt with its key.',
)

export const clientShareUnwanted = defineError(
  'client_share_unwanted',
  'invalid',
  'The vault splits data keys, and this operation cannot return the client share. Use another vault.',
)

export const valueIsEncrypted = defineError(
  'value_is_encrypted',
  'invalid',
  'Clients encrypt the values of this vault with a key that the server does not have. Store an encrypted value instead.',
)
