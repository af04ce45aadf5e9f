import { Secret } from '../../kernel/secret.ts'
import type { UnitContext } from '../../operations/index.ts'
import { type Reading, walk } from '../../records/index.ts'
import { decryptValue, encryptValue } from '../vaults/index.ts'
import { type SecretVersion, secretKind, secretVersionKind, versionId } from './records.ts'
import { addressOf } from './secret.ts'

/** Yields every version in a vault that is encrypted under the client's key with this fingerprint. */
export async function* versionsUnder(
  reading: () => Reading,
  vaultId: string,
  fingerprint: string,
): AsyncGenerator<SecretVersion | null> {
  for await (const secret of walk(reading, secretKind, 'path', { tuple: [vaultId] })) {
    for (let number = 1; number <= secret.newest.number; number++) {
      const version = await reading().get(secretVersionKind, versionId(secret.id, number))
      yield version?.cmekFingerprint === fingerprint ? version : null
    }
  }
}

/**
 * Stages another value in the place of the one of a version. Its number, its reads and its times stay. Returns false, and
 * changes nothing, if `change` returns null.
 */
export function changeValue(
  context: UnitContext,
  vaultId: string,
  version: SecretVersion,
  cmekFingerprint: string,
  change: (value: string) => string | null,
): boolean {
  const place = addressOf(context.unit.org, { vaultId, id: version.secretId }, version.number)
  const before = decryptValue(context, place, version.value)
  const after = context.unit.waitFor(() => change(before.reveal()))
  if (after === null) return false
  const { sealed } = encryptValue(context, place, Secret.of(after))
  context.unit.put(secretVersionKind, { ...version, value: sealed, cmekFingerprint })
  return true
}
