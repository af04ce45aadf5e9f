import type { VaultName } from './data-key.ts'
import { type KeyPlace, storesOf } from './key-place.ts'
import { inKeyStore, type KeyMeans } from './key-stores.ts'
import { vaultKeyUri } from './records.ts'

/** Creates a wrapping key of a vault in each of its key stores. It can be repeated after a crash. */
export async function createKey(means: KeyMeans, vault: VaultName, place: KeyPlace): Promise<void> {
  const uri = vaultKeyUri(vault, place.number)
  await everywhere(means, place, (hsm) => hsm.createKey(uri, 'aes-256'))
}

/** Destroys a wrapping key of a vault. A missing key is no error. */
export async function destroyKey(means: KeyMeans, vault: VaultName, place: KeyPlace): Promise<void> {
  const uri = vaultKeyUri(vault, place.number)
  await everywhere(means, place, (hsm) => hsm.destroyKey(uri))
}

async function everywhere(
  means: KeyMeans,
  place: KeyPlace,
  work: Parameters<typeof inKeyStore<void>>[2],
): Promise<void> {
  // One after another, so that a crash leaves what a repetition finds again.
  for (const name of storesOf(place)) await inKeyStore(means, name, work)
}
