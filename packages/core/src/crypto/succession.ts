import { type Hsm, HsmError } from '../ports/hsm.ts'

/** Opens the keyring of a vault whose keys are half here and half there. */
export interface Succession extends Hsm {
  readonly succession: true
}

/**
 * Two HSMs as one, while keys move from the first to the second: what is made is made in the new one, what is used is
 * used where it is. Nothing is destroyed in the old one, so what was backed up with its keys can still be opened there.
 */
export function succession(from: Hsm, to: Hsm): Succession {
  const either = async <T>(work: (hsm: Hsm) => Promise<T>): Promise<T> => {
    try {
      return await work(to)
    } catch (error) {
      if (error instanceof HsmError && error.failure === 'key_missing') return work(from)
      throw error
    }
  }
  return {
    succession: true,
    provider: to.provider,
    createKey: (uri, type) => to.createKey(uri, type),
    publicKey: (uri) => either((hsm) => hsm.publicKey(uri)),
    sign: (uri, message) => either((hsm) => hsm.sign(uri, message)),
    wrap: (uri, plaintext, associated) => either((hsm) => hsm.wrap(uri, plaintext, associated)),
    unwrap: (uri, wrapped, associated) => either((hsm) => hsm.unwrap(uri, wrapped, associated)),
    destroyKey: (uri) => to.destroyKey(uri),
    status: async () => {
      const [old, fresh] = await Promise.all([from.status(), to.status()])
      return old === 'ok' ? fresh : old
    },
    close: async () => {
      await Promise.all([from.close(), to.close()])
    },
  }
}
