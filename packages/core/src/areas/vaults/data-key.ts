import { base64, frame, fromBase64, utf8, wipe } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import type { Services } from '../../operations/index.ts'
import { vaultKeyUri } from './records.ts'

/** The address of an encrypted value. */
export interface ValueAddress {
  readonly org: string
  readonly vaultId: string
  readonly secretId: string
  readonly version: number
}

/** A data key, wrapped by the vault key with this number. The record of the version stores it. */
export interface WrappedKey {
  readonly number: number
  readonly wrapped: string
  /** The wrapped bytes are the share of the server. The data key is this share XOR the share of the client. */
  readonly isSplit?: true | undefined
}

type KeyStore = Pick<Services, 'hsm'>

/** Wraps the same data key with another key of its vault. */
export async function rewrapKey(
  keyStore: KeyStore,
  place: ValueAddress,
  key: WrappedKey,
  number: number,
): Promise<WrappedKey> {
  const dataKey = await unwrapKey(keyStore, place, key)
  const moved = await wrapKey(keyStore, place, number, dataKey)
  wipe(dataKey)
  return key.isSplit ? { ...moved, isSplit: true } : moved
}

export async function wrapKey(
  keyStore: KeyStore,
  place: ValueAddress,
  number: number,
  dataKey: Uint8Array,
): Promise<WrappedKey> {
  const wrapped = await keyStore.hsm.wrap(vaultKeyUri(place, number), dataKey, keyBinding(place, number))
  return { number, wrapped: base64(wrapped) }
}

export async function unwrapKey(
  keyStore: KeyStore,
  place: ValueAddress,
  { number, wrapped }: WrappedKey,
): Promise<Uint8Array> {
  const bytes = fromBase64(wrapped)
  if (!bytes) throw internalError()
  return keyStore.hsm.unwrap(vaultKeyUri(place, number), bytes, keyBinding(place, number))
}

export function nameOf({ org, vaultId, secretId, version }: ValueAddress): string {
  return `${org}/${vaultId}/${secretId}/${version}`
}

function keyBinding(place: ValueAddress, number: number): Uint8Array {
  return frame(utf8('pawl/1/data-key'), utf8(nameOf(place)), utf8(String(number)))
}
