import type { Secret } from '../../kernel/secret.ts'
import type { UnitContext } from '../../operations/index.ts'
import { decryptValue } from '../vaults/index.ts'
import { type SecretEntry, type SecretVersion, secretVersionKind, versionId } from './records.ts'
import { addressOf, isKeyMaterial, signingKeyType } from './secret.ts'

/** Number of versions whose values a reader can still hold. */
const versionsMax = 3

/** A value that a reader can hold. */
export interface HeldValue {
  readonly type: string
  readonly value: Secret<string>
}

/**
 * The values of the newest versions of a secret, the newest first, to search texts for them. It does not consume a limited read.
 * It omits values that a reader never sees: values under a key of the client, values with split keys, and private keys for
 * readers who may not read keys.
 */
export function heldValues(
  context: UnitContext,
  secret: SecretEntry,
  { readsKeys }: { readsKeys: boolean },
): HeldValue[] {
  if (secret.deletedAt !== null) return []
  const newest = secret.newest.number
  const numbers = Array.from({ length: versionsMax }, (_, at) => newest - at).filter(
    (one) => one >= secret.firstVersion,
  )
  const versions = context.unit.getAll(
    secretVersionKind,
    numbers.map((number) => versionId(secret.id, number)),
  )
  return versions.flatMap((version): HeldValue[] => {
    if (!version || !isSeen(version, readsKeys)) return []
    const address = addressOf(context.unit.org, secret, version.number)
    return [{ type: version.type, value: decryptValue(context, address, version.value) }]
  })
}

function isSeen({ type, isDisabled, cmekFingerprint, value }: SecretVersion, readsKeys: boolean): boolean {
  if (type === signingKeyType) return false
  return !isDisabled && cmekFingerprint === undefined && !value.isSplit && (readsKeys || !isKeyMaterial(type))
}
