import type { Keyring } from '../crypto/keyring.ts'
import { Budget } from '../kernel/budget.ts'
import type { ErrorDefinition } from '../kernel/errors.ts'
import type { Tuple } from '../kernel/keys.ts'
import type { Storage } from '../ports/storage.ts'
import { codec } from './codec.ts'
import type { Kind, Recorded } from './kind.ts'
import { Memory } from './memory.ts'
import { type PageOptions, type RecordReader, recordReader } from './reader.ts'

/** Reads records outside of a unit, for jobs and checks. Each read returns the current record. */
export interface Reading {
  get<T extends Recorded>(kind: Kind<T>, id: string): Promise<T | null>
  require<T extends Recorded>(kind: Kind<T>, id: string, missing: ErrorDefinition): Promise<T>
  find<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): Promise<T | null>
  list<T extends Recorded>(kind: Kind<T>, index: string, ...tuple: Tuple): Promise<readonly T[]>
  page<T extends Recorded>(kind: Kind<T>, index: string, options: PageOptions): Promise<readonly T[]>
}

export function newReading(reader: RecordReader, org: string | null = null): Reading {
  const get: Reading['get'] = async (kind, id) => (await reader.get(kind, org, id))?.value ?? null
  return {
    get,
    require: async (kind, id, missing) => {
      const record = await get(kind, id)
      if (record === null) throw missing()
      return record
    },
    find: async (kind, index, ...tuple) => (await reader.find(kind, org, index, tuple))?.value ?? null,
    list: async (kind, index, ...tuple) => (await reader.list(kind, org, index, tuple)).values,
    page: async (kind, index, options) => (await reader.page(kind, org, index, options)).values,
  }
}

/** Reads a store without an engine, to check it. */
export function readingFrom(storage: Storage, keyring: Keyring): (org?: string) => Reading {
  const reader = recordReader(storage, codec(keyring), new Memory(new Budget(0)), 'never', () => '')
  return (org) => newReading(reader, org)
}
