import type { Around } from '@pawl/core'
import type { DigestSigning, Hsm } from '@pawl/core/ports'

/** A view of a key store that reports every call that uses keys, for metrics and traces. It does not change the original. */
export function observedHsm<H extends Hsm>(hsm: H, around: Around): H {
  const { signDigest }: Partial<DigestSigning> = hsm as Partial<DigestSigning>
  const calls: Partial<Hsm & DigestSigning> = {
    createKey: (...given) => around('hsm', 'createKey', () => hsm.createKey(...given)),
    publicKey: (...given) => around('hsm', 'publicKey', () => hsm.publicKey(...given)),
    sign: (...given) => around('hsm', 'sign', () => hsm.sign(...given)),
    wrap: (...given) => around('hsm', 'wrap', () => hsm.wrap(...given)),
    unwrap: (...given) => around('hsm', 'unwrap', () => hsm.unwrap(...given)),
    destroyKey: (...given) => around('hsm', 'destroyKey', () => hsm.destroyKey(...given)),
    ...(signDigest && { signDigest: (...given) => around('hsm', 'signDigest', () => signDigest.apply(hsm, given)) }),
  }
  // A copy would lose the methods of a class, and its private fields.
  return new Proxy(hsm, {
    get: (target, name) => {
      const value: unknown = Reflect.get(Object.hasOwn(calls, name) ? calls : target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
