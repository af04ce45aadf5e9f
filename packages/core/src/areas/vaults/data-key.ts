import { base64, frame, fromBase64, utf8, wipe } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import type { Services } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import { StaleUnit } from '../../records/index.ts'
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

/** The organisation and the id of a vault. */
export type VaultName = Pick<ValueAddress, 'org' | 'vaultId'>

type KeyStore = Pick<Services, 'hsm'>

/** Wraps the same data key with another key of its vault. */
export async function rewrapKey(
  keyStore: KeyStore,
  vault: VaultName,
  key: WrappedKey,
  number: number,
): Promise<WrappedKey> {
  const dataKey = await unwrapKey(keyStore, vault, key)
  const moved = await wrapKey(keyStore, vault, number, dataKey)
  wipe(dataKey)
  return key.isSplit ? { ...moved, isSplit: true } : moved
}

export async function wrapKey(
  { hsm }: KeyStore,
  vault: VaultName,
  number: number,
  dataKey: Uint8Array,
): Promise<WrappedKey> {
  return { number, wrapped: base64(await hsm.wrap(vaultKeyUri(vault, number), dataKey, keyBinding(vault, number))) }
}

export async function unwrapKey(
  { hsm }: KeyStore,
  vault: VaultName,
  { number, wrapped }: WrappedKey,
): Promise<Uint8Array> {
  const bytes = fromBase64(wrapped)
  if (!bytes) throw internalError()
  return hsm.unwrap(vaultKeyUri(vault, number), bytes, keyBinding(vault, number))
}

/** A missing wrapping key was rotated away after its number was read. Reads the number again. */
export async function orReadAgain<T>(used: Promise<T>): Promise<T> {
  try {
    return await used
  } catch (error) {
    if (!(error instanceof HsmError) || error.failure !== 'key_missing') throw error
    throw new StaleUnit()
  }
}

export function nameOf({ org, vaultId, secretId, version }: ValueAddress): string {
  return `${org}/${vaultId}/${secretId}/${version}`
}

/** Not the address of a value: data keys are wrapped in advance. The value is bound to its address. */
function keyBinding({ org, vaultId }: VaultName, number: number): Uint8Array {
  return frame(utf8('pawl/1/data-key'), utf8(`${org}/${vaultId}`), utf8(String(number)))
}
