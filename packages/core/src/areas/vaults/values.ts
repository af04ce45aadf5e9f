import { base64url, frame, fromBase64url, fromUtf8, utf8, wipe } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import { Lru } from '../../kernel/lru.ts'
import { Secret } from '../../kernel/secret.ts'
import { type Context, perEngine, type Services, type UnitContext } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import { encryptedKind, type MaybePromise, type Reading, StaleUnit, tampered } from '../../records/index.ts'
import { nameOf, unwrapKey, type ValueAddress, type WrappedKey, wrapKey } from './data-key.ts'
import { clientShareMissing, clientShareWrong, vaultNotFound } from './errors.ts'
import { type VaultKeys, vaultKeysKind } from './records.ts'
import { reserveWrap } from './rotation.ts'

// Each version of a secret is encrypted with its own data key, and the HSM wraps the data key with the vault key. Both
// are bound to their address, so that moved data cannot be decrypted. Keys and values are stored separately, so that a
// rotation of the vault key changes no value.

export const valueKind = encryptedKind('sealedValue')

const dataKeysMax = 20_000

/** A data key with its associated data, so that reads do not build it again. */
interface Opener {
  /** The wrapped key that this was. A value that was encrypted again has another one. */
  readonly wrapped: string
  readonly dataKey: Uint8Array
  readonly bound: Uint8Array
}

const dataKeys = perEngine(
  () => new Lru<string, Opener>({ max: dataKeysMax }),
  (known) => {
    for (const { dataKey } of known.values()) wipe(dataKey)
  },
)

/** The wrapped data key of a stored value, and the share of the client if the key is split. */
export interface StoredKey {
  readonly key: WrappedKey
  readonly clientShare: Secret<string> | null
}

/**
 * Stages a value, encrypted for its address with a new data key. Returns the wrapped data key for the record of the
 * version. The unit depends on the vault keys. If they change before the commit, the unit runs again.
 */
export function encryptValue(
  context: UnitContext,
  address: ValueAddress,
  value: Secret<string>,
  isSplit = false,
): StoredKey {
  const { unit } = context
  const { current } = takeWrap(context, address)
  const { bytes, ...stored } = unit.waitFor(() => sealValue(context, address, current, value, isSplit))
  unit.put(valueKind, { id: idOf(address), bytes })
  return stored
}

/** Wipes the data key and the bytes of the value at the end. */
async function sealValue(
  { crypto, random, hsm }: Services,
  address: ValueAddress,
  number: number,
  value: Secret<string>,
  isSplit: boolean,
) {
  const dataKey = random.bytes(32)
  const plain = utf8(value.reveal())
  const bytes = crypto.encrypt(dataKey, valueNonce, plain, binding(address))
  wipe(plain)
  if (!isSplit) {
    const key = await orReadAgain(address, wrapKey({ hsm }, address, number, dataKey))
    wipe(dataKey)
    return { bytes, key, clientShare: null }
  }
  const share = random.bytes(32)
  xorInto(dataKey, share)
  const serverShare = dataKey
  const key = await orReadAgain(address, wrapKey({ hsm }, address, number, serverShare))
  const clientShare = Secret.of(base64url(share))
  wipe(serverShare)
  wipe(share)
  return { bytes, key: { ...key, isSplit: true } as const, clientShare }
}

function xorInto(target: Uint8Array, other: Uint8Array): void {
  for (const [at, byte] of other.entries()) target[at] = (target[at] as number) ^ byte
}

/** Takes one use of the current key. The unit counts it if it creates the vault. Otherwise the engine counts it. */
function takeWrap(context: UnitContext, address: ValueAddress): VaultKeys {
  const { unit } = context
  const { vaultId } = address
  const isNew = unit.makes(vaultKeysKind, vaultId)
  if (!isNew) unit.waitFor(() => reserveWrap(context, address))
  const keys = unit.require(vaultKeysKind, vaultId, vaultNotFound)
  if (isNew) unit.put(vaultKeysKind, { ...keys, wraps: keys.wraps + 1 })
  else unit.check(vaultKeysKind, keys)
  return keys
}

/** A data key encrypts only one value, so a fixed nonce is never used twice with it. */
const valueNonce = new Uint8Array(12)

/** A split key needs the share of the client. It is never cached, so each read needs the share. */
export function decryptValue(
  context: UnitContext,
  place: ValueAddress,
  key: WrappedKey,
  clientShare?: Secret<string>,
): Secret<string> {
  const { unit } = context
  const share = key.isSplit ? shareFrom(clientShare) : null
  const sealed = unit.get(valueKind, idOf(place))
  if (!sealed) throw internalError()
  if (share) return unit.waitFor(() => openSplitValue(context, place, key, sealed.bytes, share))
  return unit.waitFor(() => openValue(context, place, key, sealed.bytes))
}

function shareFrom(clientShare: Secret<string> | undefined): Uint8Array {
  if (!clientShare) throw clientShareMissing()
  const share = fromBase64url(clientShare.reveal())
  if (share?.length !== 32) throw clientShareWrong()
  return share
}

/** A wrong share gives a key that opens nothing. */
async function openSplitValue(
  services: Services,
  place: ValueAddress,
  key: WrappedKey,
  sealed: Uint8Array,
  share: Uint8Array,
): Promise<Secret<string>> {
  const dataKey = await orReadAgain(place, unwrapKey(services, place, key))
  xorInto(dataKey, share)
  const value = services.crypto.decrypt(dataKey, valueNonce, sealed, binding(place))
  wipe(dataKey)
  wipe(share)
  if (!value) throw clientShareWrong()
  const text = Secret.of(fromUtf8(value))
  wipe(value)
  return text
}

/** Returns no promise if the data key is cached. */
function openValue(
  services: Services,
  place: ValueAddress,
  key: WrappedKey,
  sealed: Uint8Array,
): MaybePromise<Secret<string>> {
  const open = ({ dataKey, bound }: Opener) => {
    const value = services.crypto.decrypt(dataKey, valueNonce, sealed, bound)
    if (services.settings.strictKeys) wipe(dataKey)
    if (!value) throw tampered({ kind: valueKind.name, id: idOf(place) })
    const text = Secret.of(fromUtf8(value))
    wipe(value)
    return text
  }
  const known = dataKeys(services).get(nameOf(place))
  return known?.wrapped === key.wrapped ? open(known) : openerOf(services, place, key).then(open)
}

async function openerOf(services: Services, place: ValueAddress, key: WrappedKey): Promise<Opener> {
  const dataKey = await orReadAgain(place, unwrapKey(services, place, key))
  const opener = { wrapped: key.wrapped, dataKey, bound: binding(place) }
  if (!services.settings.strictKeys) dataKeys(services).set(nameOf(place), opener)
  return opener
}

/** A missing wrapping key was rotated away after its number was read. Reads the number again. */
async function orReadAgain<T>({ vaultId }: ValueAddress, used: Promise<T>): Promise<T> {
  try {
    return await used
  } catch (error) {
    if (!(error instanceof HsmError) || error.failure !== 'key_missing') throw error
    throw new StaleUnit({ kind: vaultKeysKind.name, id: vaultId }, 'stale')
  }
}

/**
 * Returns whether a value can be decrypted, without an engine. Throws `key_missing` if its key does not exist. Of a split key
 * only the share of the server can be checked.
 */
export async function valueOpens(
  { hsm, crypto }: Pick<Services, 'hsm' | 'crypto'>,
  reading: Reading,
  place: ValueAddress,
  key: WrappedKey,
): Promise<boolean> {
  const sealed = await reading.get(valueKind, idOf(place))
  if (!sealed) return false
  const dataKey = await unwrapKey({ hsm }, place, key)
  if (key.isSplit) {
    wipe(dataKey)
    return true
  }
  const value = crypto.decrypt(dataKey, valueNonce, sealed.bytes, binding(place))
  wipe(dataKey)
  return value !== null
}

/** Stages the deletion of a value, if there is one. */
export function dropValue({ unit }: Pick<Context, 'unit'>, place: ValueAddress): void {
  const sealed = unit.get(valueKind, idOf(place))
  if (sealed) unit.delete(valueKind, sealed)
}

function idOf({ secretId, version }: ValueAddress): string {
  return `${secretId}.${version}`
}

function binding(place: ValueAddress): Uint8Array {
  return frame(utf8('pawl/1/value'), utf8(nameOf(place)))
}
