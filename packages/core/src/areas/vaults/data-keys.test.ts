import { type Hsm, HsmError } from '@pawl/core/ports'
import { memoryHsm, systemRandom } from '@pawl/core/ports/reference'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StaleUnit } from '../../records/index.ts'
import { orReadAgain, rewrapKey, unwrapKey, wrapKey } from './data-key.ts'
import { keyStoreUnavailable } from './errors.ts'
import { countKeyStores, currentPlace, placeOf, placesFrom, storesInUse } from './key-place.ts'
import { joinShares, splitKey } from './key-shares.ts'
import { serverStore } from './key-stores.ts'
import type { KeyStoresFrom, VaultKeys } from './records.ts'

// Goal: the places of the keys of a vault are right, a data key is split correctly, and no share of it stays in memory. Method: the
// functions alone, with key stores that record all keys.

const vault = { org: 'o', vaultId: 'v' }
const uri = 'pawl:vault/o/v/1'
const three = ['acme', 'globex', 'initech']
const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0)

/** Key stores that record the byte arrays of all keys that they receive and return. */
async function watched() {
  const seen: Uint8Array[] = []
  const one = async (): Promise<Hsm> => {
    const hsm = memoryHsm()
    await hsm.createKey(uri, 'aes-256')
    return Object.assign(Object.create(hsm), {
      wrap: (name: string, plain: Uint8Array, bound: Uint8Array) => {
        seen.push(plain)
        return hsm.wrap(name, plain, bound)
      },
      unwrap: async (name: string, wrapped: Uint8Array, bound: Uint8Array) => {
        const plain = await hsm.unwrap(name, wrapped, bound)
        seen.push(plain)
        return plain
      },
    })
  }
  const hsm = await one()
  const keyStores = new Map<string, { hsm: Hsm; orgs: null }>()
  for (const name of three) keyStores.set(name, { hsm: await one(), orgs: null })
  return { seen, means: { hsm, keyStores, random: systemRandom } }
}

describe('a data key', () => {
  it('leaves no share of itself in memory when it is wrapped and opened in three key stores', async () => {
    const { seen, means } = await watched()
    const dataKey = systemRandom.bytes(32)
    const copy = Uint8Array.from(dataKey)
    const key = await wrapKey(means, vault, { number: 1, keyStores: three }, dataKey)
    expect(seen).toHaveLength(3)
    expect(seen.every(isZero)).toBe(true)
    expect(dataKey).toEqual(copy)
    seen.length = 0
    expect(await unwrapKey(means, vault, key)).toEqual(copy)
    // The share that came last was not needed.
    await new Promise((done) => setImmediate(done))
    expect(seen).toHaveLength(3)
    expect(seen.every(isZero)).toBe(true)
  })

  it('is unchanged in the memory of the caller after it is wrapped in one key store', async () => {
    const { means } = await watched()
    const dataKey = systemRandom.bytes(32)
    const copy = Uint8Array.from(dataKey)
    for (const keyStores of [undefined, ['acme']]) await wrapKey(means, vault, { number: 1, keyStores }, dataKey)
    expect(dataKey).toEqual(copy)
  })

  it('leaves no copy in memory when it is rewrapped in another place, and stays split', async () => {
    const { seen, means } = await watched()
    const dataKey = systemRandom.bytes(32)
    const key = await wrapKey(means, vault, { number: 1 }, dataKey)
    seen.length = 0
    const moved = await rewrapKey(means, vault, key, { number: 1, keyStores: ['acme'] })
    expect(seen.every(isZero)).toBe(true)
    expect(moved).toMatchObject({ number: 1, keyStores: ['acme'] })
    expect(moved).not.toHaveProperty('isSplit')
    expect(await unwrapKey(means, vault, moved)).toEqual(dataKey)
    const split = await rewrapKey(means, vault, { ...key, isSplit: true }, { number: 1, keyStores: three })
    expect(split.isSplit).toBe(true)
    expect(await unwrapKey(means, vault, split)).toEqual(dataKey)
  })

  it('whose record lacks a share causes an internal error', async () => {
    const { means } = await watched()
    const key = await wrapKey(means, vault, { number: 1, keyStores: three }, systemRandom.bytes(32))
    const [one, other] = key.wrapped.split('.')
    for (const wrapped of [`${one}.${other}`, `${one}.${other}.!`, `${key.wrapped}.${one}`, '', '!']) {
      await expect(unwrapKey(means, vault, { ...key, wrapped })).rejects.toMatchObject({ kind: 'internal' })
    }
  })
})

describe('the shares of a data key', () => {
  const away = (name: string) => keyStoreUnavailable({ key_stores: [name] })
  const never = new Promise<never>(() => {})

  it('give the key when any two have arrived, in any order, even if the third is late, fails or never arrives', async () => {
    const third = fc.constantFrom('late', 'away', 'never', 'broken')
    const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3 })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), order, third, async (key, ranks, fate) => {
        const parts = splitKey(key, 3, systemRandom)
        const arriving = parts.map(async (part, at) => {
          for (let turns = ranks[at] ?? 0; turns > 0; turns--) await Promise.resolve()
          if (ranks[at] !== 2 || fate === 'late') return part
          if (fate === 'never') return never
          throw fate === 'away' ? away('acme') : new HsmError('not_authentic', 'no')
        })
        expect(await joinShares(arriving)).toEqual(key)
      }),
      { numRuns: 60 },
    )
  })

  it('are missing if two key stores are unavailable: the error names both, but reports any other failure first', async () => {
    const part = Promise.resolve(systemRandom.bytes(32))
    const gone = (name: string) => Promise.reject(away(name))
    await expect(joinShares([part, gone('globex'), gone('acme')])).rejects.toMatchObject({
      code: 'key_store_unavailable',
      data: { key_stores: ['globex', 'acme'] },
    })
    const broken = () => Promise.reject(new HsmError('not_authentic', 'no'))
    await expect(joinShares([part, gone('globex'), broken()])).rejects.toMatchObject({ failure: 'not_authentic' })
    await expect(joinShares([broken(), gone('globex'), part])).rejects.toMatchObject({ failure: 'not_authentic' })
  })
})

describe('a wrapping key that is missing', () => {
  const lines: unknown[] = []
  const log = (...line: unknown[]) => lines.push(line)
  const missing = () => Promise.reject(new HsmError('key_missing', 'no key'))
  const asked = (
    current: number | null,
    keyStores: readonly string[] | undefined,
    used: Promise<unknown> = missing(),
  ) =>
    orReadAgain(
      { reading: (() => ({ get: async () => (current === null ? null : { current }) })) as never, log },
      vault,
      { number: 2, keyStores },
      used,
    )

  it('was rotated away if the vault has another one now, so the unit runs again', async () => {
    for (const current of [3, null]) await expect(asked(current, ['acme'])).rejects.toBeInstanceOf(StaleUnit)
    await expect(asked(2, undefined)).rejects.toBeInstanceOf(StaleUnit)
    expect(lines).toEqual([])
  })

  it('seals the vault if the key store should have it, and the log names the reason', async () => {
    await expect(asked(2, ['acme'])).rejects.toMatchObject({ data: { key_stores: ['acme'] } })
    expect(lines).toEqual([['error', expect.any(String), { vault: 'v', error: expect.any(HsmError) }]])
  })

  it('does not hide another failure', async () => {
    for (const error of [new HsmError('unavailable', 'no'), new TypeError('a bug'), away()]) {
      await expect(asked(2, ['acme'], Promise.reject(error))).rejects.toBe(error)
    }
    expect(await asked(2, ['acme'], Promise.resolve('opened'))).toBe('opened')
  })

  function away() {
    return keyStoreUnavailable({ key_stores: ['acme'] })
  }
})

describe('the places of the keys of a vault', () => {
  const stores = fc.constantFrom([serverStore], ['acme'], ['globex'], [serverStore, 'acme', 'globex'])

  it('are those in which each key was created, after any number of moves and rotations', () => {
    fc.assert(
      fc.property(fc.array(stores, { minLength: 1, maxLength: 8 }), fc.nat(), (history, chosen) => {
        let places: readonly KeyStoresFrom[] | undefined
        history.forEach((keyStores, at) => {
          places = placesFrom(at === 0 ? null : { places }, at + 1, keyStores)
        })
        history.forEach((keyStores, at) => {
          const isServer = keyStores.join() === serverStore
          expect(placeOf({ places }, at + 1)).toEqual({ number: at + 1, keyStores: isServer ? undefined : keyStores })
        })
        const current = history.length
        const oldest = 1 + (chosen % current)
        const keys: VaultKeys = { id: 'v', current, oldest, wraps: 0, places }
        expect(currentPlace(keys)).toEqual(placeOf({ places }, current))
        const inUse = new Set(history.slice(oldest - 1).flat())
        expect(storesInUse(keys)).toEqual([...inUse])
        const counts = new Map([['acme', 1]])
        countKeyStores(counts, keys)
        expect(counts.get('acme')).toBe(inUse.has('acme') ? 2 : 1)
        expect(counts.get('globex')).toBe(inUse.has('globex') ? 1 : undefined)
        expect(counts.has(serverStore)).toBe(false)
        // A vault that never left the server has no list of places. A rotation in the same place adds no entry.
        expect(places === undefined).toBe(history.every((keyStores) => keyStores.join() === serverStore))
        expect(placesFrom({ places }, current + 1, history.at(-1) ?? [])).toEqual(places)
      }),
    )
  })
})
