import { type Reading, walk } from '../../records/index.ts'
import { type SecretEntry, secretKind } from './records.ts'

/** Every secret of a vault whose path begins with the prefix, deleted ones too, in the order of paths. */
export function secretsUnder(reading: () => Reading, vaultId: string, prefix = ''): AsyncGenerator<SecretEntry> {
  return walk(reading, secretKind, 'path', { tuple: [vaultId], prefix })
}

/** Those that are not deleted. */
export async function liveSecrets(reading: () => Reading, vaultId: string, prefix: string): Promise<SecretEntry[]> {
  const live: SecretEntry[] = []
  for await (const secret of secretsUnder(reading, vaultId, prefix)) if (secret.deletedAt === null) live.push(secret)
  return live
}
