import { base64, frame, fromBase64, utf8, wipe } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import type { UnitContext } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import type { Random } from '../../ports/random.ts'
import { StaleUnit } from '../../records/index.ts'
import { keyStoreUnavailable } from './errors.ts'
import { type KeyPlace, storesOf } from './key-place.ts'
import { joinShares, splitKey } from './key-shares.ts'
import { inKeyStore, type KeyMeans, serverStore } from './key-stores.ts'
import { vaultKeysKind, vaultKeyUri } from './records.ts'

/** The address of an encrypted value. */
export interface ValueAddress {
  readonly org: string
  readonly vaultId: string
  readonly secretId: string
  readonly version: number
}

/** A data key, wrapped by the vault key in this place. The record of the version stores it. */
export interface WrappedKey extends KeyPlace {
  /** With custody 2-of-3 one wrapped share per key store, in their order, with dots between them. */
  readonly wrapped: string
  /** The wrapped bytes are the share of the server. The data key is this share XOR the share of the client. */
  readonly isSplit?: true | undefined
}

/** The organisation and the id of a vault. */
export type VaultName = Pick<ValueAddress, 'org' | 'vaultId'>

/** Wraps the same data key with another key of its vault. */
export async function rewrapKey(
  means: WrapMeans,
  vault: VaultName,
  key: WrappedKey,
  place: KeyPlace,
): Promise<WrappedKey> {
  const dataKey = await unwrapKey(means, vault, key)
  const moved = await wrapKey(means, vault, place, dataKey)
  wipe(dataKey)
  return key.isSplit ? { ...moved, isSplit: true } : moved
}

type WrapMeans = KeyMeans & { readonly random: Random }

export async function wrapKey(
  means: WrapMeans,
  vault: VaultName,
  place: KeyPlace,
  dataKey: Uint8Array,
): Promise<WrappedKey> {
  const names = storesOf(place)
  const uri = vaultKeyUri(vault, place.number)
  const parts = splitKey(dataKey, names.length, means.random)
  const wrapIn = (name: string, part: Uint8Array) =>
    inKeyStore(means, name, (hsm) => hsm.wrap(uri, part, keyBinding(vault, place, name)))
  try {
    const wrapped = await Promise.all(parts.map((part, at) => wrapIn(names[at] as string, part)))
    return { number: place.number, keyStores: place.keyStores, wrapped: wrapped.map(base64).join('.') }
  } finally {
    for (const part of parts) if (part !== dataKey) wipe(part)
  }
}

export async function unwrapKey(means: KeyMeans, vault: VaultName, key: WrappedKey): Promise<Uint8Array> {
  const names = storesOf(key)
  const uri = vaultKeyUri(vault, key.number)
  const parts = key.wrapped
    .split('.')
    .map(fromBase64)
    .filter((part) => part !== null)
  // Checked before any call to a key store. A throw between the calls would leave rejections without a handler.
  if (parts.length !== names.length) throw internalError()
  const unwrapIn = (name: string, part: Uint8Array) =>
    inKeyStore(means, name, (hsm) => hsm.unwrap(uri, part, keyBinding(vault, key, name)))
  return joinShares(parts.map((part, at) => unwrapIn(names[at] as string, part)))
}

/**
 * A missing wrapping key was rotated away after its number was read. Reads the number again. If it is still the current
 * key, a key store of the organisation has lost it, or is another one than before.
 */
export async function orReadAgain<T>(
  { reading, log }: Pick<UnitContext, 'reading' | 'log'>,
  { org, vaultId }: VaultName,
  place: KeyPlace,
  used: Promise<T>,
): Promise<T> {
  try {
    return await used
  } catch (error) {
    if (!(error instanceof HsmError) || error.failure !== 'key_missing') throw error
    const keys = place.keyStores && (await reading(org).get(vaultKeysKind, vaultId))
    if (keys?.current !== place.number) throw new StaleUnit()
    log('error', 'a key store of an organisation does not have the key of a vault', { vault: vaultId, error })
    throw keyStoreUnavailable({ key_stores: storesOf(place) })
  }
}

export function nameOf({ org, vaultId, secretId, version }: ValueAddress): string {
  return `${org}/${vaultId}/${secretId}/${version}`
}

/**
 * Not the address of a value: data keys are wrapped in advance. The value is bound to its address. A key of an
 * organisation's key store is also bound to the names, so it opens under no other name.
 */
function keyBinding({ org, vaultId }: VaultName, place: KeyPlace, name: string): Uint8Array {
  const parts = ['pawl/1/data-key', `${org}/${vaultId}`, String(place.number)]
  const names = storesOf(place)
  if (names.length > 1 || name !== serverStore) parts.push(name, names.join(' '))
  return frame(...parts.map(utf8))
}
