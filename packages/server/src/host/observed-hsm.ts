import type { Around } from '@pawl/core'
import type { Hsm } from '@pawl/core/ports'

/** Wraps every call that uses keys, for metrics and traces. */
export function observedHsm<H extends Hsm>(hsm: H, around: Around): H {
  const { createKey, publicKey, sign, wrap, unwrap, destroyKey } = hsm
  const calls: Partial<Hsm> = {
    createKey: (...given) => around('hsm', 'createKey', () => createKey.apply(hsm, given)),
    publicKey: (...given) => around('hsm', 'publicKey', () => publicKey.apply(hsm, given)),
    sign: (...given) => around('hsm', 'sign', () => sign.apply(hsm, given)),
    wrap: (...given) => around('hsm', 'wrap', () => wrap.apply(hsm, given)),
    unwrap: (...given) => around('hsm', 'unwrap', () => unwrap.apply(hsm, given)),
    destroyKey: (...given) => around('hsm', 'destroyKey', () => destroyKey.apply(hsm, given)),
  }
  return Object.assign(hsm, calls)
}
