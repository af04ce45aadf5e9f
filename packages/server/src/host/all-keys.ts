import { moveKeys } from '@pawl/core/maintenance'
import { refuseRunning } from './backup.ts'
import { type Config, type HsmChoice, settings } from './config.ts'
import { askControl, type ControlHandlers } from './control.ts'
import { openVault, partsOf, refuseNoVault, type Vault } from './open.ts'
import { Unfit } from './settings.ts'

// Replaces every key of a vault: in the key store that it has, or in another.

/** Called after each vault with the number of vaults that have new keys. */
export type Replaced = (vaults: number) => void

interface Done {
  readonly vaults: number
}

export function keyHandlers({ pawl }: Vault): ControlHandlers {
  return { 'rotate-keys': async () => rotate(pawl, () => {}) }
}

/** Replaces the keys in place: through the server that runs here, or directly in the vault if none runs. */
export async function rotateKeys(config: Config, replaced: Replaced): Promise<Done> {
  const done = await askControl<Done>(config.dataDir, 'rotate-keys')
  if (done) return done
  refuseNoVault(config)
  const { pawl } = await openVault(config)
  try {
    return await rotate(pawl, replaced)
  } finally {
    await pawl.close()
  }
}

async function rotate(pawl: Vault['pawl'], replaced: Replaced): Promise<Done> {
  let vaults = 0
  await pawl.rotateKeys((done) => {
    vaults = done
    replaced(done)
  })
  return { vaults }
}

/** Moves a vault that is not running to another key store. */
export async function moveKeysTo(config: Config, hsm: HsmChoice, replaced: Replaced): Promise<Done> {
  await refuseRunning(config)
  refuseNoVault(config)
  const { storage, crypto, hsm: from, keyStores } = await partsOf(config)
  const { hsm: to } = await partsOf({ ...config, hsm, hsmPin: null, keyStores: {} })
  let vaults = 0
  const progress: Replaced = (done) => {
    vaults = done
    replaced(done)
  }
  await moveKeys({ storage, from, to, keyStores, crypto, progress })
  return { vaults }
}

/** Parses the name of a key store like the setting. Answers the problem if the name is not valid. */
export function hsmNamed(given: string): { hsm: HsmChoice; problem: null } | { hsm: null; problem: string } {
  try {
    const hsm = settings.hsm.read(given) as HsmChoice
    if (hsm.kind !== 'pkcs11' || hsm.hasPin) return { hsm, problem: null }
    return { hsm: null, problem: 'needs a pin-source, such as pin-source=file:/etc/pawl/pin' }
  } catch (error) {
    if (error instanceof Unfit) return { hsm: null, problem: error.message }
    throw error
  }
}
