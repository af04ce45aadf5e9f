import { frame, utf8, wipe } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import { Lru } from '../../kernel/lru.ts'
import { type Context, perEngine } from '../../operations/index.ts'
import { sealedKind } from '../../records/index.ts'
import { dataKeyKind, idOf, nameOf, type Place, unwrapKey, wrapKey } from './data-key.ts'
import { vaultNotFound } from './errors.ts'
import { vaultKeysKind } from './records.ts'
import { reserveWrap } from './rotation.ts'

// Each version of a secret is sealed under a data key of its own, and the data key is wrapped by the vault's key inside
// the HSM. Both are bound to the place they belong to, so nothing sealed opens anywhere else. Keys and values are kept
// apart, so that a vault's key can be rotated without touching a value.

const valueKind = sealedKind('sealedValue')

const dataKeysMax = 20_000

/** With each key what it is bound to, which would else be made again for every read. */
const dataKeys = perEngine(() => new Lru<string, { dataKey: Uint8Array; bound: Uint8Array }>({ max: dataKeysMax }))

/**
 * Stages a value, sealed for its place under a fresh data key. The unit then depends on the vault's keys: when they
 * rotate or go before it is stored, it is decided again.
 */
export async function sealValue({ engine, unit }: Context, place: Place, value: Uint8Array): Promise<void> {
  await reserveWrap(engine, place)
  const keys = await unit.require(vaultKeysKind, place.vaultId, vaultNotFound)
  unit.check(vaultKeysKind, keys)
  const dataKey = engine.random.bytes(32)
  const id = idOf(place)
  unit.put(valueKind, { id, bytes: engine.crypto.seal(dataKey, valueNonce, value, binding(place)) })
  unit.put(dataKeyKind, await wrapKey(engine, place, keys.current, dataKey))
  wipe(dataKey)
}

/** A data key seals one value and nothing else, so a fixed nonce is never used twice with it. */
const valueNonce = new Uint8Array(12)

export async function openValue(context: Context, place: Place): Promise<Uint8Array> {
  const { engine, unit } = context
  const sealed = await unit.get(valueKind, idOf(place))
  if (!sealed) throw internalError()
  const opener = dataKeys(engine).get(nameOf(place)) ?? (await openerOf(context, place))
  const value = engine.crypto.open(opener.dataKey, valueNonce, sealed.bytes, opener.bound)
  if (engine.settings.strictKeys) wipe(opener.dataKey)
  if (!value) throw internalError()
  return value
}

async function openerOf({ engine, unit }: Context, place: Place) {
  const dataKey = await unwrapKey(engine, place, await unit.require(dataKeyKind, idOf(place), internalError))
  const opener = { dataKey, bound: binding(place) }
  if (!engine.settings.strictKeys) dataKeys(engine).set(nameOf(place), opener)
  return opener
}

/** Stages the end of some of a vault's values; answers whose they were, as `<secret>.<version>`. */
export async function dropValues({ unit }: Pick<Context, 'unit'>, vaultId: string, limit: number): Promise<string[]> {
  const keys = await unit.page(dataKeyKind, 'wrappedBy', { tuple: [vaultId], limit })
  for (const key of keys) {
    unit.delete(dataKeyKind, key)
    const sealed = await unit.get(valueKind, key.id)
    if (sealed) unit.delete(valueKind, sealed)
  }
  return keys.map(({ id }) => id)
}

function binding(place: Place): Uint8Array {
  return frame(utf8('pawl/1/value'), utf8(nameOf(place)))
}
