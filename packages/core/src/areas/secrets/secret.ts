import type { Secret } from '../../kernel/secret.ts'
import type { AgentCaller, Caller, Context, UnitContext } from '../../operations/index.ts'
import { decryptValue, type ValueAddress } from '../vaults/index.ts'
import { keyMaterialDenied, secretGone, secretNotFound, versionNotFound } from './errors.ts'
import { type SecretEntry, type SecretVersion, secretKind, secretVersionKind, versionId } from './records.ts'

/** Returns the secret at a path, deleted or not. */
export function findSecret({ unit }: Pick<UnitContext, 'unit'>, vaultId: string, path: string): SecretEntry {
  const secret = unit.find(secretKind, 'path', vaultId, path)
  if (!secret) throw secretNotFound()
  return secret
}

/** Returns the secret at a path. Throws `secret_gone` if it is deleted. */
export function findLiveSecret(context: Context, vaultId: string, path: string): SecretEntry {
  const secret = findSecret(context, vaultId, path)
  if (secret.deletedAt !== null) throw secretGone({ reason: 'deleted' })
  return secret
}

/** Returns one version. Throws `secret_gone` if it is older than the last deletion. */
export function requireVersion(
  { unit }: Pick<UnitContext, 'unit'>,
  secret: SecretEntry,
  number: number,
): SecretVersion {
  if (number >= 1 && number < secret.firstVersion) throw secretGone({ reason: 'deleted' })
  return unit.require(secretVersionKind, versionId(secret.id, number), versionNotFound)
}

/** The version that a read returns: the newest enabled one. If it has expired, no older version replaces it. */
export function currentVersion(context: Pick<UnitContext, 'unit'>, secret: SecretEntry): SecretVersion {
  if (secret.deletedAt !== null) throw secretGone({ reason: 'deleted' })
  if (secret.current === null) throw secretGone({ reason: 'disabled' })
  return requireVersion(context, secret, secret.current)
}

/** The number of the version that a read returns. 0: none. */
export function readableVersion(secret: SecretEntry | null): number {
  return secret?.deletedAt === null ? (secret.current ?? 0) : 0
}

/**
 * Reads the value of a version and takes one of its allowed reads in the same commit. Of many concurrent readers, only
 * as many succeed as there are reads left.
 */
export function readValue(
  context: Context,
  secret: SecretEntry,
  version: SecretVersion,
  clientShare?: Secret<string>,
): Secret<string> {
  checkKeyMaterial(context.caller, version.type)
  return useValue(context, secret, version, clientShare)
}

/**
 * Reads a key in order to sign with it. Callers of the engine must not get the value. Of all code outside of this area, only
 * `signers/open-key.ts` calls it, which a test checks.
 */
export function openForSigning(context: UnitContext, secret: SecretEntry, version: SecretVersion): Secret<string> {
  return useValue(context, secret, version)
}

function useValue(
  context: UnitContext,
  secret: SecretEntry,
  version: SecretVersion,
  clientShare?: Secret<string>,
): Secret<string> {
  if (version.isDisabled) throw secretGone({ reason: 'disabled' })
  if (version.expiresAt !== null && version.expiresAt <= context.now) throw secretGone({ reason: 'expired' })
  if (version.readsMax > 0) {
    if (version.reads >= version.readsMax) throw secretGone({ reason: 'used_up' })
    context.unit.put(secretVersionKind, { ...version, reads: version.reads + 1 })
  }
  return decryptValue(context, addressOf(context.unit.org, secret, version.number), version.value, clientShare)
}

export function addressOf(
  org: string | null,
  { vaultId, id }: Pick<SecretEntry, 'vaultId' | 'id'>,
  version: number,
): ValueAddress {
  return { org: org ?? '', vaultId, secretId: id, version }
}

/** The type of the keys with which agents sign. No caller reads them as secrets. */
export const signingKeyType = 'signing_key'

const keyMaterial = new Set(['private_key', 'ssh_key', signingKeyType])

/** Returns whether secrets of this type are keys, which agents may use only through intents. */
export function isKeyMaterial(type: string): boolean {
  return keyMaterial.has(type)
}

/** A caller, or the principal behind a caller. */
type KeyReader = Pick<AgentCaller, 'kind' | 'readsKeys'> | Exclude<Caller, AgentCaller>

/** Checks the type of this version. So storing a new version with another type does not open older key versions. */
export function checkKeyMaterial(reader: KeyReader, type: string): void {
  if (type === signingKeyType) throw keyMaterialDenied({ type })
  if (reader.kind === 'agent' && !reader.readsKeys && isKeyMaterial(type)) throw keyMaterialDenied({ type })
}
