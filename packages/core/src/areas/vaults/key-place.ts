import { serverStore } from './key-stores.ts'
import type { KeyStoresFrom, VaultKeys } from './records.ts'

/** Where a wrapping key of a vault is: under its number, in these key stores. */
export interface KeyPlace {
  readonly number: number
  /** One, or the three of custody 2-of-3. Left out: the key store of the server. */
  readonly keyStores?: readonly string[] | undefined
}

export function storesOf({ keyStores }: KeyPlace): readonly string[] {
  return keyStores ?? [serverStore]
}

/** Where the key with this number is, or will be. */
export function placeOf({ places = [] }: Pick<VaultKeys, 'places'>, number: number): KeyPlace {
  const keyStores = places.findLast(({ from }) => from <= number)?.keyStores
  return keyStores === undefined || isServer(keyStores) ? { number, keyStores: undefined } : { number, keyStores }
}

/** Where writes take their key. */
export function currentPlace(keys: VaultKeys): KeyPlace {
  return placeOf(keys, keys.current)
}

/** The places of a vault whose keys are in these key stores from this number on. */
export function placesFrom(
  keys: Pick<VaultKeys, 'places'> | null,
  from: number,
  keyStores: readonly string[],
): readonly KeyStoresFrom[] | undefined {
  const before = keys?.places ?? []
  const last = before.at(-1)?.keyStores ?? [serverStore]
  const isSame = last.join() === keyStores.join()
  const places = isSame ? before : [...before, { from, keyStores }]
  return places.length === 0 ? undefined : places
}

/** The key stores without which some value of a vault cannot be opened or stored. */
export function storesInUse(keys: VaultKeys): string[] {
  const numbers = Array.from({ length: keys.current - keys.oldest + 1 }, (_, at) => keys.oldest + at)
  return [...new Set(numbers.flatMap((number) => storesOf(placeOf(keys, number))))]
}

/** The number of the key of a vault in a key store of its organisation. Null: all keys are in the key store of the server. */
export function outsideKey(keys: VaultKeys): number | 'changing' | null {
  if (storesInUse(keys).every((name) => name === serverStore)) return null
  return keys.oldest === keys.current ? keys.current : 'changing'
}

/** Counts a vault for each key store of an organisation that it needs. */
export function countKeyStores(vaults: Map<string, number>, keys: VaultKeys): void {
  for (const name of storesInUse(keys)) if (name !== serverStore) vaults.set(name, (vaults.get(name) ?? 0) + 1)
}

function isServer(keyStores: readonly string[]): boolean {
  return keyStores.length === 1 && keyStores[0] === serverStore
}
