import { frame, utf8, wipe } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import { Lru } from '../../kernel/lru.ts'
import { type Context, perEngine, type Services } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import { encryptedKind, StaleUnit, tampered, type Unit } from '../../records/index.ts'
import { nameOf, unwrapKey, type ValueAddress, type WrappedKey, wrapKey } from './data-key.ts'
import { vaultNotFound } from './errors.ts'
import { type VaultKeys, vaultKeysKind } from './records.ts'
import { reserveWrap } from './rotation.ts'

// Each version of a secret is sealed under a data key of its own, and the data key is wrapped by the vault's key inside
// the HSM. Both are bound to the place they belong to, so nothing sealed opens anywhere else. Keys and values are kept
// apart, so that a vault's key can be rotated without touching a value.

export const valueKind = encryptedKind('sealedValue')

const dataKeysMax = 20_000

/** With each key what it is bound to, which would else be made again for every read. */
const dataKeys = perEngine(
  () => new Lru<string, { dataKey: Uint8Array; bound: Uint8Array }>({ max: dataKeysMax }),
  (known) => {
    for (const { dataKey } of known.values()) wipe(dataKey)
  },
)

/**
 * Stages a value, encrypted for its address under a fresh data key; answers that key, wrapped, to be kept beside it. The
 * unit then depends on the vault's keys: when they rotate or go before it is stored, it is decided again.
 */
export async function encryptValue(context: Context, address: ValueAddress, value: Uint8Array): Promise<WrappedKey> {
  const { unit, crypto, random } = context
  const keys = await takeWrap(context, address)
  const dataKey = random.bytes(32)
  unit.put(valueKind, { id: idOf(address), bytes: crypto.encrypt(dataKey, valueNonce, value, binding(address)) })
  const key = await orReadAgain(address, () => wrapKey(context, address, keys.current, dataKey))
  wipe(dataKey)
  return key
}

/** Takes one use of the current key. In a unit that makes the vault, the unit counts it; elsewhere the engine does. */
async function takeWrap(context: Context, address: ValueAddress): Promise<VaultKeys> {
  const { unit } = context
  const { vaultId } = address
  const isNew = unit.makes(vaultKeysKind, vaultId)
  if (!isNew) await reserveWrap(context, address)
  const keys = await unit.require(vaultKeysKind, vaultId, vaultNotFound)
  if (isNew) unit.put(vaultKeysKind, { ...keys, wraps: keys.wraps + 1 })
  else unit.check(vaultKeysKind, keys)
  return keys
}

/** A data key seals one value and nothing else, so a fixed nonce is never used twice with it. */
const valueNonce = new Uint8Array(12)

export async function decryptValue(context: Context, place: ValueAddress, key: WrappedKey): Promise<Uint8Array> {
  const { unit, crypto, settings } = context
  const sealed = await unit.get(valueKind, idOf(place))
  if (!sealed) throw internalError()
  const opener = dataKeys(context).get(nameOf(place)) ?? (await openerOf(context, place, key))
  const value = crypto.decrypt(opener.dataKey, valueNonce, sealed.bytes, opener.bound)
  if (settings.strictKeys) wipe(opener.dataKey)
  if (!value) throw tampered({ kind: valueKind.name, id: idOf(place) })
  return value
}

async function openerOf(services: Services, place: ValueAddress, key: WrappedKey) {
  const opener = { dataKey: await orReadAgain(place, () => unwrapKey(services, place, key)), bound: binding(place) }
  if (!services.settings.strictKeys) dataKeys(services).set(nameOf(place), opener)
  return opener
}

/** A wrapping key that is gone was rotated away since its number was read: read again. */
async function orReadAgain<T>({ vaultId }: ValueAddress, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (error) {
    if (!(error instanceof HsmError) || error.failure !== 'key_missing') throw error
    throw new StaleUnit({ kind: vaultKeysKind.name, id: vaultId }, 'stale')
  }
}

/** Whether a value opens, for whoever checks a store without an engine. Throws `key_missing` when its key is gone. */
export async function valueOpens(
  { hsm, crypto }: Pick<Services, 'hsm' | 'crypto'>,
  unit: Unit,
  place: ValueAddress,
  key: WrappedKey,
): Promise<boolean> {
  const sealed = await unit.get(valueKind, idOf(place))
  if (!sealed) return false
  const dataKey = await unwrapKey({ hsm }, place, key)
  const value = crypto.decrypt(dataKey, valueNonce, sealed.bytes, binding(place))
  wipe(dataKey)
  return value !== null
}

/** Stages the end of a value, if there is one. */
export async function dropValue({ unit }: Pick<Context, 'unit'>, place: ValueAddress): Promise<void> {
  const sealed = await unit.get(valueKind, idOf(place))
  if (sealed) unit.delete(valueKind, sealed)
}

function idOf({ secretId, version }: ValueAddress): string {
  return `${secretId}.${version}`
}

function binding(place: ValueAddress): Uint8Array {
  return frame(utf8('pawl/1/value'), utf8(nameOf(place)))
}
