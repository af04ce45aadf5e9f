import { markMoving } from '../crypto/keyring.ts'
import { succession } from '../crypto/succession.ts'
import { createPawl } from '../engine/create.ts'
import type { Progress } from '../engine/rotate-keys.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Hsm } from '../ports/hsm.ts'
import type { Storage } from '../ports/storage.ts'

export interface MoveKeysOptions {
  /** Nothing else may use it meanwhile. */
  readonly storage: Storage
  readonly from: Hsm
  readonly to: Hsm
  readonly crypto?: Crypto
  readonly progress?: Progress
}

/**
 * Takes a vault from one key store to another: new keys are made in the new one, and all that the old keys wrapped is
 * wrapped by them. No key leaves its store, and none in the old one is destroyed. Until it is done nobody can open the
 * vault; what was cut off is done again. Storage and key stores are closed at the end.
 *
 * @example
 * await moveKeys({ storage, from: softwareHsm({ path: 'keys', root }), to: pkcs11({ uri }) })
 */
export async function moveKeys({ storage, from, to, crypto, progress }: MoveKeysOptions): Promise<void> {
  const hsm = succession(from, to)
  try {
    await storage.setup()
    await markMoving(storage, true)
  } catch (error) {
    await Promise.allSettled([storage.close(), hsm.close()])
    throw error
  }
  const pawl = await createPawl({ storage, hsm, background: false, ...(crypto ? { crypto } : {}) })
  try {
    await pawl.rotateKeys(progress)
    await markMoving(storage, false)
  } finally {
    await pawl.close()
  }
}
