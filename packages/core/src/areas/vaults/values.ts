import { frame, utf8, wipe } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import { Lru } from '../../kernel/lru.ts'
import { type Context, type Engine, perEngine } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import { encryptedKind, StaleUnit, tampered, type Unit } from '../../records/index.ts'
import { nameOf, unwrapKey, type ValueAddress, type WrappedKey, wrapKey } from './data-key.ts'
import { vaultNotFound } from './errors.ts'
import { vaultKeysKind } from './records.ts'
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
 * Stages a value, sealed for its place under a fresh data key; answers that key, wrapped, to be kept beside it. The unit
 * then depends on the vault's keys: when they rotate or go before it is stored, it is decided again.
 */
export async function encryptValue(
  { engine, unit }: Context,
  place: ValueAddress,
  value: Uint8Array,
): Promise<WrappedKey> {
  await reserveWrap(engine, place)
  const keys = await unit.require(vaultKeysKind, place.vaultId, vaultNotFound)
  unit.check(vaultKeysKind, keys)
  const dataKey = engine.random.bytes(32)
  unit.put(valueKind, { id: idOf(place), bytes: engine.crypto.encrypt(dataKey, valueNonce, value, binding(place)) })
  const key = await orReadAgain(place, () => wrapKey(engine, place, keys.current, dataKey))
  wipe(dataKey)
  return key
}

/** A data key seals one value and nothing else, so a fixed nonce is never used twice with it. */
const valueNonce = new Uint8Array(12)

export async function decryptValue(
  { engine, unit }: Context,
  place: ValueAddress,
  key: WrappedKey,
): Promise<Uint8Array> {
  const sealed = await unit.get(valueKind, idOf(place))
  if (!sealed) throw internalError()
  const opener = dataKeys(engine).get(nameOf(place)) ?? (await openerOf(engine, place, key))
  const value = engine.crypto.decrypt(opener.dataKey, valueNonce, sealed.bytes, opener.bound)
  if (engine.settings.strictKeys) wipe(opener.dataKey)
  if (!value) throw tampered({ kind: valueKind.name, id: idOf(place) })
  return value
}

async function openerOf(engine: Engine, place: ValueAddress, key: WrappedKey) {
  const opener = { dataKey: await orReadAgain(place, () => unwrapKey(engine, place, key)), bound: binding(place) }
  if (!engine.settings.strictKeys) dataKeys(engine).set(nameOf(place), opener)
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
  { hsm, crypto }: Pick<Engine, 'hsm' | 'crypto'>,
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
