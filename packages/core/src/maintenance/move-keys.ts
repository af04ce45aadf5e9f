import { markMoving } from '../crypto/keyring.ts'
import { succession } from '../crypto/succession.ts'
import { createPawl } from '../engine/create.ts'
import { closeKeyStores, type KeyStoresGiven } from '../engine/key-stores.ts'
import type { Progress } from '../engine/rotate-keys.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Hsm } from '../ports/hsm.ts'
import type { Storage } from '../ports/storage.ts'

export interface MoveKeysOptions {
  /** No other process may use it in the meantime. */
  readonly storage: Storage
  readonly from: Hsm
  readonly to: Hsm
  /** The key stores of organisations. Needed only by vaults whose keys are moving to or from them. */
  readonly keyStores?: KeyStoresGiven
  readonly crypto?: Crypto
  readonly progress?: Progress
}

/**
 * Moves a vault to another key store. It creates new keys there, and wraps with them all data that the old keys
 * wrapped. No key leaves its key store, and no old key is destroyed. The vault cannot be opened until the move is
 * complete. If it is interrupted, run it again. At the end it closes the storage and both key stores.
 *
 * @example
 * await moveKeys({ storage, from: softwareHsm({ path: 'keys', root }), to: pkcs11({ uri }) })
 */
export async function moveKeys({ storage, from, to, keyStores, crypto, progress }: MoveKeysOptions): Promise<void> {
  const hsm = succession(from, to)
  try {
    await storage.setup()
    await markMoving(storage, true)
  } catch (error) {
    await Promise.allSettled([storage.close(), hsm.close(), closeKeyStores(keyStores)])
    throw error
  }
  const pawl = await createPawl({
    storage,
    hsm,
    background: false,
    ...(keyStores && { keyStores }),
    ...(crypto && { crypto }),
  })
  try {
    await pawl.rotateKeys(progress)
    await markMoving(storage, false)
  } finally {
    await pawl.close()
  }
}
