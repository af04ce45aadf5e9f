import { invalidField } from '../../kernel/errors.ts'
import type { UnitContext } from '../../operations/index.ts'
import { custodyNotConfigured } from './errors.ts'
import { custodyStores } from './key-shares.ts'
import { keyStoreNames, requireKeyStores } from './key-stores.ts'
import type { Vault } from './records.ts'

export type Custody = '2-of-2' | '2-of-3'

/**
 * What a custody mode means for the record of a vault. 2-of-2 splits each data key between the server and the client. 2-of-3
 * splits it between three key stores, and the caller can name them.
 */
export function custodyOf(
  { unit, keyStores }: Pick<UnitContext, 'unit' | 'keyStores'>,
  custody: Custody,
  wanted: readonly string[] = [],
): Pick<Vault, 'isSplit' | 'keyStores'> {
  if (custody === '2-of-2') return { isSplit: true }
  const names = keyStoreNames(unit, keyStores)
  if (names.length < custodyStores) throw custodyNotConfigured({ names })
  const chosen = wanted.length === 0 ? names : wanted
  if (new Set(chosen).size !== custodyStores) {
    throw invalidField('providers', `must name three of your key stores: ${names.join(', ')}`)
  }
  requireKeyStores(unit, keyStores, 'providers', chosen)
  return { keyStores: chosen }
}

/** Whether the data keys of a vault are split between key stores. */
export function isInThree({ keyStores }: Pick<Vault, 'keyStores'>): boolean {
  return keyStores?.length === custodyStores
}
