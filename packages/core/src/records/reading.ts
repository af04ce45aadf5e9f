import type { Keyring } from '../crypto/keyring.ts'
import type { Storage } from '../ports/storage.ts'
import { cache } from './cache.ts'
import { codec } from './codec.ts'
import { recordReader } from './reader.ts'
import { newUnit, type Unit } from './unit.ts'

/** Reads a store without an engine, as it stands: for whoever checks it. Each call gives a unit, in an organisation if it says which. */
export function readingFrom(storage: Storage, keyring: Keyring): (org?: string) => Unit {
  const read = recordReader(storage, codec(keyring), cache(), 'never', () => '')
  return (org) => {
    const unit = newUnit(read)
    if (org !== undefined) unit.enter(org)
    return unit
  }
}
