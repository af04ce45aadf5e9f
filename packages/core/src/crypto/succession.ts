import { type Hsm, HsmError } from '../ports/hsm.ts'

/** The HSM of a vault while its keys move: some keys are in the old HSM, some in the new one. */
export interface Succession extends Hsm {
  readonly succession: true
}

/**
 * Combines two HSMs while keys move from the first to the second. New keys are created in the new HSM. Existing keys
 * are used where they are. No key of the old HSM is destroyed, so that older backups can still be opened.
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
