import type { Engine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type SecretEntry, secretKind, secretVersionKind, versionId } from './records.ts'

const versionsAtOnce = 40

/**
 * Permanently removes the newest versions of a secret, as many as one batch allows. Removes the secret with its last
 * version. Returns the remaining secret.
 */
export function purgeNewest(unit: Unit, secret: SecretEntry): SecretEntry | null {
  const left = Math.max(0, secret.newest.number - versionsAtOnce)
  for (let number = secret.newest.number; number > left; number--) {
    const version = unit.get(secretVersionKind, versionId(secret.id, number))
    if (version) unit.delete(secretVersionKind, version)
  }
  const rest = left === 0 ? null : { ...secret, newest: { ...secret.newest, number: left } }
  if (rest) unit.put(secretKind, rest)
  else unit.delete(secretKind, secret)
  return rest
}

/** Removes all secrets of a deleted vault, some versions at a time. */
export async function purgeVault({ records }: Engine, { org, id }: { org: string; id: string }): Promise<void> {
  const purgeOne = (unit: Unit) => {
    const [secret] = unit.page(secretKind, 'path', { tuple: [id], limit: 1 })
    if (secret) purgeNewest(unit, secret)
    return secret !== undefined
  }
  while (await records.transactIn(org, purgeOne));
}
