import type { Json } from '../../kernel/json.ts'
import { type Engine, type JobType, runCascade } from '../../operations/index.ts'
import { keyStoreUnavailable } from './errors.ts'
import { placeOf } from './key-place.ts'
import type { KeyStoresFrom } from './records.ts'
import { destroyKey } from './wrapping-key.ts'

interface Removal {
  readonly [field: string]: Json
  readonly org: string
  readonly vaultId: string
  readonly current: number
  readonly oldest: number
  readonly places: readonly KeyStoresFrom[]
}

/**
 * Completes the deletion of a vault. It destroys the keys first, so that nothing in the vault can be decrypted. Then it
 * removes the records of other areas. While a key store is away, its keys stay, and the job is tried again.
 */
export const removeVaultJob: JobType<Removal> = {
  name: 'vaults.remove',
  run: async (engine, removal) => {
    const { org, vaultId } = removal
    const away = await destroyKeys(engine, removal)
    await runCascade(engine, { org, change: 'removed', subject: 'vault', id: vaultId })
    if (away) throw away
  },
}

/** Returns the error of a key store that is away. */
async function destroyKeys(engine: Engine, { org, vaultId, current, oldest = 1, places = [] }: Removal) {
  let away: unknown = null
  // One more than there are, because an interrupted rotation has created the next key. Retired numbers too, because a
  // rotation that used an outdated record can have created a retired key again.
  for (let number = 1; number <= current + 1; number++) {
    try {
      await destroyKey(engine, { org, vaultId }, placeOf({ places }, number))
    } catch (error) {
      if (!keyStoreUnavailable.is(error)) throw error
      // The vault left the key stores of retired keys, which need not exist any more.
      if (number >= oldest) away = error
    }
  }
  return away
}
