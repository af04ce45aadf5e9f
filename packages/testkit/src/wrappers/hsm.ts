import { type Attesting, type Hsm, HsmError, type KeyType, type RotatingRoot, type Sealable } from '@pawl/core/ports'
import type { FailingOptions } from './storage.ts'

// HSMs around an HSM. Each keeps the optional abilities of what it wraps. `status` and `close` always work, and are
// neither slowed, failed nor recorded.

type AnyHsm = Hsm & Partial<Sealable & RotatingRoot & Attesting>

/** A call to an HSM. Sizes stand for bytes, which may be a secret. */
export type HsmCall =
  | { readonly method: 'createKey'; readonly uri: string; readonly type: KeyType }
  | { readonly method: 'publicKey' | 'destroyKey' | 'attest'; readonly uri: string }
  | { readonly method: 'sign'; readonly uri: string; readonly messageBytes: number }
  | { readonly method: 'wrap'; readonly uri: string; readonly plaintextBytes: number; readonly associatedBytes: number }
  | { readonly method: 'unwrap'; readonly uri: string; readonly wrappedBytes: number; readonly associatedBytes: number }
  | { readonly method: 'seal' | 'unseal' | 'rotateRoot' }

/**
 * Waits before every call. How long, and by which clock, is for the caller to say.
 *
 * @example
 * slowHsm(memoryHsm(), () => sleep(20))
 */
export function slowHsm<H extends Hsm>(hsm: H, sleep: (method: HsmCall['method']) => Promise<void>): H {
  return around(hsm, async ({ method }, work) => {
    await sleep(method)
    return work()
  })
}

/**
 * Fails some calls, by default with an `HsmError` that says `unavailable`.
 *
 * @example
 * for (let at = 1; at <= 20; at++) await survives(failingHsm(memoryHsm(), { at }))
 */
export function failingHsm<H extends Hsm>(hsm: H, { every, at, after = false, error }: FailingOptions): H {
  const raise = error ?? (() => new HsmError('unavailable', 'The HSM fails on purpose.'))
  let calls = 0
  return around(hsm, async (_, work) => {
    calls++
    const fails = calls === at || (every !== undefined && calls % every === 0)
    if (fails && !after) throw raise()
    const answer = await work()
    if (fails) throw raise()
    return answer
  })
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
  const recorded = around(hsm, (call, work) => {
    calls.push(call)
    return work()
  })
  return Object.assign(recorded, { calls })
}

type Around = <T>(call: HsmCall, work: () => Promise<T>) => Promise<T>

function around<H extends Hsm>(hsm: H, handle: Around): H {
  const inner: AnyHsm = hsm
  const outer: AnyHsm = {
    provider: inner.provider,
    status: () => inner.status(),
    close: () => inner.close(),
    createKey: (uri, type) => handle({ method: 'createKey', uri, type }, () => inner.createKey(uri, type)),
    publicKey: (uri) => handle({ method: 'publicKey', uri }, () => inner.publicKey(uri)),
    destroyKey: (uri) => handle({ method: 'destroyKey', uri }, () => inner.destroyKey(uri)),
    sign: (uri, message) =>
      handle({ method: 'sign', uri, messageBytes: message.length }, () => inner.sign(uri, message)),
    wrap: (uri, plaintext, associated) => {
      const sizes = { plaintextBytes: plaintext.length, associatedBytes: associated.length }
      return handle({ method: 'wrap', uri, ...sizes }, () => inner.wrap(uri, plaintext, associated))
    },
    unwrap: (uri, wrapped, associated) => {
      const sizes = { wrappedBytes: wrapped.length, associatedBytes: associated.length }
      return handle({ method: 'unwrap', uri, ...sizes }, () => inner.unwrap(uri, wrapped, associated))
    },
    ...abilitiesAround(inner, handle),
  }
  return outer as H
}

function abilitiesAround(inner: AnyHsm, handle: Around): Partial<Sealable & RotatingRoot & Attesting> {
  const { seal, unseal, rotateRoot, attest } = inner
  return {
    ...(seal && { seal: () => handle({ method: 'seal' }, () => seal.call(inner)) }),
    ...(unseal && { unseal: (secret) => handle({ method: 'unseal' }, () => unseal.call(inner, secret)) }),
    ...(rotateRoot && {
      rotateRoot: (secret) => handle({ method: 'rotateRoot' }, () => rotateRoot.call(inner, secret)),
    }),
    ...(attest && { attest: (uri) => handle({ method: 'attest', uri }, () => attest.call(inner, uri)) }),
  }
}
