import {
  type DigestSigning,
  type Hsm,
  type HsmFailure,
  type Portable,
  type RotatingRoot,
  type Sealable,
  utf8,
} from '@pawl/core/ports'
import { check, failsWith } from '../asserts.ts'

export type AnyHsm = Hsm & Partial<DigestSigning & Sealable & RotatingRoot & Portable>

export interface OpenedHsm {
  /** An HSM without keys. The suite calls `close()` last. */
  readonly hsm: AnyHsm
  /** The same keys, opened once more after the first was closed; with another secret when the root was rotated. */
  readonly again?: (secret?: Uint8Array) => AnyHsm | Promise<AnyHsm>
  /** For what can be sealed or rotated: the secret that seals the keys now, and one that could. */
  readonly secrets?: readonly [now: Uint8Array, next: Uint8Array]
  /** For an HSM that gives an image: another HSM, in another place, with the keys of the image and under this secret. */
  readonly elsewhere?: (image: Uint8Array, secret?: Uint8Array) => AnyHsm | Promise<AnyHsm>
  /** Called when the test is over and every handle is closed. */
  readonly destroy?: () => Promise<void> | void
}

export type OpenHsm = () => OpenedHsm | Promise<OpenedHsm>

export type Case = readonly [title: string, body: (hsm: AnyHsm, opened: OpenedHsm) => Promise<void>]

export const key = 'pawl:key'
export const otherKey = 'pawl:other'
export const purpose = utf8('what the key is for')
export const plaintext = Uint8Array.from({ length: 32 }, (_, at) => at * 3 + 1)

export async function fails(failure: HsmFailure, call: () => Promise<unknown>, what: string): Promise<void> {
  await failsWith(failure, call, what)
}

/** Each thing that can be done with a key. */
export function uses(hsm: AnyHsm, uri: string): readonly (readonly [what: string, use: () => Promise<unknown>])[] {
  return [
    ['publicKey', () => hsm.publicKey(uri)],
    ['sign', () => hsm.sign(uri, plaintext)],
    ['wrap', () => hsm.wrap(uri, plaintext, purpose)],
    ['unwrap', () => hsm.unwrap(uri, plaintext, purpose)],
  ]
}

export async function reopened({ hsm, again }: OpenedHsm, secret?: Uint8Array): Promise<AnyHsm> {
  await hsm.close()
  check(again !== undefined, 'there is no way to open it again')
  return again(secret)
}

export function secretsOf({ secrets }: OpenedHsm): readonly [now: Uint8Array, next: Uint8Array] {
  check(secrets !== undefined, 'there are no secrets to seal and rotate with')
  return secrets
}

/** The outcome of each of many concurrent calls. */
export async function outcomes<T>(calls: readonly Promise<T>[]): Promise<PromiseSettledResult<T>[]> {
  return Promise.allSettled(calls)
}
