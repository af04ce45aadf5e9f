import { Cache } from '../../kernel/budget.ts'
import { type Engine, perEngine, type Services } from '../../operations/index.ts'
import type { MaybePromise } from '../../records/index.ts'
import { orReadAgain, type VaultName, type WrappedKey, wrapKey } from './data-key.ts'
import type { KeyPlace } from './key-place.ts'
import { reserveWrap } from './rotation.ts'

// A write needs a data key that the HSM has wrapped. Where writes follow each other, the engine wraps keys in advance, so
// that a write waits for nothing. A key is taken out when it is given, so no two values get the same one.

/** A data key and the same key, wrapped. */
export interface NewDataKey {
  readonly dataKey: Uint8Array
  readonly key: WrappedKey
}

const keysInAdvanceMax = 64
const bytesPerKey = 500

/** The keys of one vault that are ready. They have encrypted nothing yet, so they need not be wiped. */
interface Supply {
  /** The vault key that wraps them. */
  readonly number: number
  readonly ready: NewDataKey[]
  /** How many to have ready. Doubles each time that none is. */
  wanted: number
  filling: Promise<void> | null
}

const supplies = perEngine((engine) => ({
  engine,
  byVault: new Cache<string, Supply>(engine.budget, { weigh: () => keysInAdvanceMax * bytesPerKey }),
}))

/**
 * Takes a data key that this vault key has wrapped. Returns a promise if none is ready. None is wrapped in advance by a key
 * store of the organisation, so that nothing is stored while it is away.
 */
export function takeDataKey(services: Services, vault: VaultName, place: KeyPlace): MaybePromise<NewDataKey> {
  const { number } = place
  const { engine, byVault } = supplies(services)
  if (engine.settings.strictKeys || place.keyStores) return newDataKey(engine, vault, place)
  let supply = byVault.get(vault.vaultId)
  if (supply?.number !== number) {
    supply = { number, ready: [], wanted: 0, filling: null }
    byVault.set(vault.vaultId, supply)
  }
  const taken = supply.ready.pop()
  if (!taken) supply.wanted = Math.min(keysInAdvanceMax, 2 * supply.wanted || 1)
  fill(engine, vault, supply)
  return taken ?? newDataKey(engine, vault, place)
}

/** Only prepares. A write that finds no key makes its own, and tells what fails. */
function fill(engine: Engine, vault: VaultName, supply: Supply): void {
  const { ready, wanted, number } = supply
  if (supply.filling || ready.length >= wanted) return
  const more = Array.from({ length: wanted - ready.length }, () => newDataKey(engine, vault, { number }))
  supply.filling = Promise.allSettled(more).then((made) => {
    for (const one of made) if (one.status === 'fulfilled') ready.push(one.value)
    supply.filling = null
    // Others were taken meanwhile. After a failure, the next write tries.
    if (made.every(({ status }) => status === 'fulfilled')) fill(engine, vault, supply)
  })
}

async function newDataKey(engine: Engine, vault: VaultName, place: KeyPlace): Promise<NewDataKey> {
  const reserving = reserveWrap(engine, vault)
  if (reserving) await reserving
  const dataKey = engine.random.bytes(32)
  return { dataKey, key: await orReadAgain(readingOf(engine), vault, place, wrapKey(engine, vault, place, dataKey)) }
}

function readingOf({ records, log }: Engine) {
  return { reading: (org?: string) => records.reading(org), log }
}
