import { rewrapKeyring } from '../crypto/keyring.ts'
import type { Engine, RotateKeys } from '../operations/index.ts'
import type { Storage } from '../ports/storage.ts'

/** Called after each vault, with the number of vaults that have new keys. */
export type Progress = (vaults: number) => void

/**
 * Replaces every key that the engine has in its HSM. First the keys of each area, with all data keys rewrapped under the new
 * keys. Last the key that wraps the keyring. The HSM destroys the old keys. Reads and writes continue during the rotation. After
 * an interruption, it can run again.
 */
export async function rotateEverything(
  engine: Engine,
  areas: readonly RotateKeys[],
  storage: Storage,
  progress: Progress,
): Promise<void> {
  let vaults = 0
  for (const rotate of areas) await rotate(engine, () => progress(++vaults))
  await rewrapKeyring(storage, engine.hsm, engine.random)
}
