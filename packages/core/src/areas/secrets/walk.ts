import { type Unit, walk, walkPages } from '../../records/index.ts'
import { type SecretEntry, secretKind } from './records.ts'

/** Every secret of a vault whose path begins with the prefix, deleted ones too, in the order of paths. */
export function secretsUnder(reading: () => Unit, vaultId: string, prefix = ''): AsyncGenerator<SecretEntry> {
  return walk(reading, secretKind, 'path', { tuple: [vaultId], prefix })
}

/** The same, a page at a time. */
export function pagesOfSecrets(reading: () => Unit, vaultId: string, prefix = ''): AsyncGenerator<SecretEntry[]> {
  return walkPages(reading, secretKind, 'path', { tuple: [vaultId], prefix })
}
