import { type Reading, walk } from '../../records/index.ts'
import { type SecretEntry, secretKind } from './records.ts'

/** Yields every secret of a vault with this path prefix, including deleted ones, in path order. */
export function secretsUnder(reading: () => Reading, vaultId: string, prefix = ''): AsyncGenerator<SecretEntry> {
  return walk(reading, secretKind, 'path', { tuple: [vaultId], prefix })
}

/** Returns the secrets that are not deleted. */
export async function liveSecrets(reading: () => Reading, vaultId: string, prefix: string): Promise<SecretEntry[]> {
  const live: SecretEntry[] = []
  for await (const secret of secretsUnder(reading, vaultId, prefix)) if (secret.deletedAt === null) live.push(secret)
  return live
}
