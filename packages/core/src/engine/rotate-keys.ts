import { rewrapKeyring } from '../crypto/keyring.ts'
import type { Engine, RotateKeys } from '../operations/index.ts'
import type { Storage } from '../ports/storage.ts'

/** Told after each vault how many have new keys now. */
export type Progress = (vaults: number) => void

/**
 * Replaces every key that the engine has in its HSM: those of each area, with all data keys moved to the new ones, and
 * last the one that wraps the keyring. The old ones are destroyed. Reads and writes go on meanwhile, and what was cut off
 * is simply done again.
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
