import { serverStore } from '../areas/vaults/index.ts'
import type { KeyStore, KeyStores } from '../operations/index.ts'
import type { Hsm } from '../ports/hsm.ts'

/** A key store of an organisation, and optionally the ids of the organisations that may use it. */
export type KeyStoreGiven = Hsm | { readonly hsm: Hsm; readonly orgs?: readonly string[] }

/** Key stores by name. A key store without organisations is for the first organisation only. */
export type KeyStoresGiven = Readonly<Record<string, KeyStoreGiven>>

const namePattern = /^[a-z][a-z0-9-]{0,31}$/

/** Checks the names. Every vault of a key store stores its name. */
export function keyStoresOf(given: KeyStoresGiven = {}): KeyStores {
  return new Map(
    Object.entries(given).map(([name, one]): [string, KeyStore] => {
      if (!namePattern.test(name) || name === serverStore) {
        throw new TypeError(`The name of a key store must be lowercase letters, digits and dashes, not server: ${name}`)
      }
      return [name, 'hsm' in one ? { hsm: one.hsm, orgs: one.orgs ?? null } : { hsm: one, orgs: null }]
    }),
  )
}

/** Also of options that are invalid: one that cannot be closed keeps no other open. */
export async function closeKeyStores(given: KeyStoresGiven = {}): Promise<void> {
  const close = async (one: Partial<Hsm> & { readonly hsm?: Partial<Hsm> }) => (one.hsm ?? one).close?.()
  await Promise.allSettled(Object.values(given).map(close))
}
