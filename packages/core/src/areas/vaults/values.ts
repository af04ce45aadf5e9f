import { Cache } from '../../kernel/budget.ts'
import { base64url, frame, fromBase64url, fromUtf8, utf8, wipe } from '../../kernel/bytes.ts'
import { Secret } from '../../kernel/secret.ts'
import { perEngine, type Services, type UnitContext } from '../../operations/index.ts'
import { type MaybePromise, TamperedRecord } from '../../records/index.ts'
import { nameOf, orReadAgain, unwrapKey, type ValueAddress, type WrappedKey, wrapKey } from './data-key.ts'
import { clientShareMissing, clientShareWrong, vaultNotFound } from './errors.ts'
import { currentPlace } from './key-place.ts'
import type { KeyMeans } from './key-stores.ts'
import { takeDataKey } from './new-data-keys.ts'
import { vaultKeysKind } from './records.ts'

// Each version of a secret is encrypted with its own data key, and the HSM wraps the data key with the vault key. The value
// is bound to its address and the data key to its vault, so that moved data cannot be decrypted. A rotation of the vault key
// wraps the data keys again and decrypts no value.

/** A value under its data key, as the record of its version holds it. */
export interface SealedValue extends WrappedKey {
  readonly bytes: Uint8Array
}

/** A data key with its associated data, so that reads do not build it again. */
interface Opener {
  /** The value as it was in memory. When its record is read again, its data key is unwrapped again. */
  readonly sealed: SealedValue
  readonly dataKey: Uint8Array
  readonly bound: Uint8Array
}

/** By secret and version. */
const dataKeys = perEngine(
  ({ budget }) => new Cache<string, Opener>(budget, { weigh: bytesOf, dropped: ({ dataKey }) => wipe(dataKey) }),
  (known) => {
    for (const { dataKey } of known.values()) wipe(dataKey)
  },
)

const keyOf = (secretId: string, version: number) => `${secretId}.${version}`

/** The value may be in memory for its key only. */
const bytesOf = ({ bound, sealed: { bytes, wrapped } }: Opener) => 1_000 + bound.length + bytes.length + wrapped.length

/** A new value, and the share of the client if its data key is split. */
export interface NewValue {
  readonly sealed: SealedValue
  readonly clientShare: Secret<string> | null
}

/**
 * Encrypts a value for its address with a new data key. The unit depends on the vault keys. If they change before the
 * commit, the unit runs again.
 */
export function encryptValue(
  context: UnitContext,
  place: ValueAddress,
  value: Secret<string>,
  isSplit = false,
): NewValue {
  const { unit } = context
  const keys = unit.require(vaultKeysKind, place.vaultId, vaultNotFound)
  const keyPlace = currentPlace(keys)
  if (unit.makes(vaultKeysKind, place.vaultId)) {
    unit.put(vaultKeysKind, { ...keys, wraps: keys.wraps + 1 })
    return unit.waitFor(async () => {
      const dataKey = context.random.bytes(32)
      const key = await wrapKey(context, place, keyPlace, dataKey)
      return seal(context, place, value, { dataKey, key }, isSplit)
    })
  }
  unit.check(vaultKeysKind, keys)
  return unit.waitFor(() => {
    const taken = takeDataKey(context, place, keyPlace)
    return taken instanceof Promise
      ? taken.then((one) => seal(context, place, value, one, isSplit))
      : seal(context, place, value, taken, isSplit)
  })
}

/** A data key encrypts only one value, so a fixed nonce is never used twice with it. */
const valueNonce = new Uint8Array(12)

/**
 * Wipes the data key and the bytes of the value at the end. A split data key is the wrapped one XOR a random share, which
 * only the caller keeps.
 */
function seal(
  { crypto, random }: Services,
  place: ValueAddress,
  value: Secret<string>,
  { dataKey, key }: { readonly dataKey: Uint8Array; readonly key: WrappedKey },
  isSplit: boolean,
): NewValue {
  const share = isSplit ? random.bytes(32) : null
  if (share) xorInto(dataKey, share)
  const plain = utf8(value.reveal())
  const bytes = crypto.encrypt(dataKey, valueNonce, plain, binding(place))
  wipe(plain)
  wipe(dataKey)
  if (!share) return { sealed: { bytes, ...key }, clientShare: null }
  const clientShare = Secret.of(base64url(share))
  wipe(share)
  return { sealed: { bytes, isSplit: true, ...key }, clientShare }
}

function xorInto(target: Uint8Array, other: Uint8Array): void {
  for (const [at, byte] of other.entries()) target[at] = (target[at] as number) ^ byte
}

/**
 * Returns at once if the data key is in memory. A split key needs the share of the client. It is never kept in memory, so each
 * read needs the share.
 */
export function decryptValue(
  context: UnitContext,
  place: ValueAddress,
  sealed: SealedValue,
  clientShare?: Secret<string>,
): Secret<string> {
  const { unit } = context
  if (!sealed.isSplit) return unit.waitFor(() => openValue(context, place, sealed))
  const share = shareFrom(clientShare)
  return unit.waitFor(() => openSplitValue(context, place, sealed, share))
}

function shareFrom(clientShare: Secret<string> | undefined): Uint8Array {
  if (!clientShare) throw clientShareMissing()
  const share = fromBase64url(clientShare.reveal())
  if (share?.length !== 32) throw clientShareWrong()
  return share
}

/** A wrong share gives a key that opens nothing. */
async function openSplitValue(
  context: UnitContext,
  place: ValueAddress,
  sealed: SealedValue,
  share: Uint8Array,
): Promise<Secret<string>> {
  const dataKey = await orReadAgain(context, place, sealed, unwrapKey(context, place, sealed))
  xorInto(dataKey, share)
  const value = context.crypto.decrypt(dataKey, valueNonce, sealed.bytes, binding(place))
  wipe(dataKey)
  wipe(share)
  if (!value) throw clientShareWrong()
  const text = Secret.of(fromUtf8(value))
  wipe(value)
  return text
}

function openValue(context: UnitContext, place: ValueAddress, sealed: SealedValue): MaybePromise<Secret<string>> {
  const known = dataKeys(context).get(keyOf(place.secretId, place.version))
  return known?.sealed === sealed ? open(context, place, known) : unwrapAndOpen(context, place, sealed)
}

async function unwrapAndOpen(context: UnitContext, place: ValueAddress, sealed: SealedValue): Promise<Secret<string>> {
  const opener = {
    sealed,
    dataKey: await orReadAgain(context, place, sealed, unwrapKey(context, place, sealed)),
    bound: binding(place),
  }
  const text = open(context, place, opener)
  // Without its key store a vault is sealed at once, so the keys of such a vault are not kept.
  if (context.settings.strictKeys || sealed.keyStores) wipe(opener.dataKey)
  else keepOpener(context, place, opener)
  return text
}

/** Of readers who come at the same moment, the key of one is kept. The version before is rarely read again. */
function keepOpener(context: UnitContext, { secretId, version }: ValueAddress, opener: Opener): void {
  const known = dataKeys(context)
  const key = keyOf(secretId, version)
  if (known.get(key)?.sealed === opener.sealed) wipe(opener.dataKey)
  else known.set(key, opener)
  known.delete(keyOf(secretId, version - 1))
}

function open(
  { crypto }: Services,
  place: ValueAddress,
  { sealed: { bytes }, dataKey, bound }: Opener,
): Secret<string> {
  const value = crypto.decrypt(dataKey, valueNonce, bytes, bound)
  if (!value) {
    wipe(dataKey)
    throw new TamperedRecord(`The value ${nameOf(place)} in the storage is not authentic.`)
  }
  const text = Secret.of(fromUtf8(value))
  wipe(value)
  return text
}

/**
 * Returns whether a value can be decrypted, without an engine. Throws `key_missing` if its key does not exist, and
 * `key_store_unavailable` if its key store is away. Of a split key only the share of the server can be checked.
 */
export async function valueOpens(
  { crypto, ...means }: KeyMeans & Pick<Services, 'crypto'>,
  place: ValueAddress,
  sealed: SealedValue,
): Promise<boolean> {
  const dataKey = await unwrapKey(means, place, sealed)
  if (sealed.isSplit) {
    wipe(dataKey)
    return true
  }
  const value = crypto.decrypt(dataKey, valueNonce, sealed.bytes, binding(place))
  wipe(dataKey)
  return value !== null
}

function binding(place: ValueAddress): Uint8Array {
  return frame(utf8('pawl/1/value'), utf8(nameOf(place)))
}
