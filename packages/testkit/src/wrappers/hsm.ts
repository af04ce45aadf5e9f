import { type Hsm, HsmError, type KeyType } from '@pawl/core/ports'
import {
  type CallOf,
  delayed,
  type FailingOptions,
  failed,
  type Interceptor,
  intercept,
  listed,
  type SlowOptions,
} from './intercept.ts'

// HSMs around an HSM. `status` and `close` always work, and are neither slowed, failed nor recorded.

const calls = {
  createKey: (uri: string, type: KeyType) => ({ uri, type }),
  publicKey: (uri: string) => ({ uri }),
  destroyKey: (uri: string) => ({ uri }),
  sign: (uri: string, message: Uint8Array) => ({ uri, messageBytes: message.length }),
  wrap: (uri: string, plaintext: Uint8Array, associated: Uint8Array) => ({
    uri,
    plaintextBytes: plaintext.length,
    associatedBytes: associated.length,
  }),
  unwrap: (uri: string, wrapped: Uint8Array, associated: Uint8Array) => ({
    uri,
    wrappedBytes: wrapped.length,
    associatedBytes: associated.length,
  }),
  signDigest: (uri: string, digest: Uint8Array) => ({ uri, digestBytes: digest.length }),
  seal: () => ({}),
  unseal: () => ({}),
  rotateRoot: () => ({}),
  image: () => ({}),
  attest: (uri: string) => ({ uri }),
}

/** A call to an HSM, as it was asked, with sizes in place of bytes. */
export type HsmCall = CallOf<typeof calls>

export function interceptHsm<H extends Hsm>(hsm: H, handle: Interceptor<HsmCall>): H {
  return intercept(hsm, calls, handle)
}

/**
 * Waits before every call, or after it. How long, and by which clock, is for the caller to say.
 *
 * @example
 * slowHsm(memoryHsm(), () => sleep(20))
 */
export function slowHsm<H extends Hsm>(
  hsm: H,
  sleep: (method: HsmCall['method']) => Promise<void>,
  options: SlowOptions = {},
): H {
  return interceptHsm(hsm, delayed(sleep, options))
}

/**
 * Fails some calls, by default with an `HsmError` that says `unavailable`.
 *
 * @example
 * for (let at = 1; at <= 20; at++) await survives(failingHsm(memoryHsm(), { at }))
 */
export function failingHsm<H extends Hsm>(hsm: H, options: FailingOptions<HsmCall>): H {
  return interceptHsm(
    hsm,
    failed(options, () => new HsmError('unavailable', 'The HSM fails on purpose.')),
  )
}

/** An HSM that is there or away. */
export interface Unpluggable {
  unplug(): void
  plugIn(): void
}

/**
 * An HSM that can be unplugged and plugged in again. While unplugged, its status is unavailable and every call fails so.
 *
 * @example
 * const hsm = unpluggableHsm(memoryHsm())
 * hsm.unplug()
 */
export function unpluggableHsm<H extends Hsm>(hsm: H): H & Unpluggable {
  let isAway = false
  return {
    ...failingHsm(hsm, { every: 1, only: () => isAway }),
    status: async () => (isAway ? 'unavailable' : hsm.status()),
    unplug: () => {
      isAway = true
    },
    plugIn: () => {
      isAway = false
    },
  }
}

/**
 * Lists the calls, in the order they were made.
 *
 * @example
 * const hsm = recordingHsm(memoryHsm())
 * hsm.calls.filter(({ method }) => method === 'unwrap').length
 */
export function recordingHsm<H extends Hsm>(hsm: H): H & { readonly calls: readonly HsmCall[] } {
  const calls: HsmCall[] = []
  return Object.assign(interceptHsm(hsm, listed(calls)), { calls })
}
