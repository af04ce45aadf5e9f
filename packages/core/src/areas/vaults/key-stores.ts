import { invalidField } from '../../kernel/errors.ts'
import { inTime, type KeyStores, type Services } from '../../operations/index.ts'
import { type Hsm, HsmError, type HsmStatus } from '../../ports/hsm.ts'
import type { Reads } from '../../records/index.ts'
import { installationKind } from '../orgs/index.ts'
import { keyStoreUnavailable } from './errors.ts'

// The wrapping keys of a vault are in the key store of the server, or in key stores that the operator has given to the
// organisation. Without its key store a vault is sealed, and no other vault is.

/** The name of the key store of the server. No other key store can have it. */
export const serverStore = 'server'

/** What is needed to use keys of vaults. `log` gets the reasons that callers do not see. */
export type KeyMeans = Pick<Services, 'hsm' | 'keyStores'> & Partial<Pick<Services, 'log'>>

/** Uses a key store. One that is missing or away seals the vaults in it, and not the engine. */
export function inKeyStore<T>(means: KeyMeans, name: string, work: (hsm: Hsm) => Promise<T>): Promise<T> {
  return name === serverStore ? work(means.hsm) : inOtherStore(means, name, work)
}

async function inOtherStore<T>(means: KeyMeans, name: string, work: (hsm: Hsm) => Promise<T>): Promise<T> {
  const keyStore = means.keyStores.get(name)
  if (!keyStore) throw keyStoreUnavailable({ key_stores: [name] })
  try {
    return await work(keyStore.hsm)
  } catch (error) {
    if (!(error instanceof HsmError) || !awayFailures.has(error.failure)) throw error
    means.log?.('error', 'the key store of an organisation is not available', { key_store: name, error })
    throw keyStoreUnavailable({ key_stores: [name] })
  }
}

const awayFailures: ReadonlySet<string> = new Set(['unavailable', 'sealed'])

/** The names of the key stores that the organisation of this unit may use. The key store of the server comes first. */
export function keyStoreNames(unit: Reads, keyStores: KeyStores): string[] {
  const operator = unit.get(installationKind, 'main')?.org
  const mayUse = (orgs: readonly string[] | null) =>
    orgs === null ? unit.org === operator : orgs.includes(unit.org ?? '')
  return [serverStore, ...[...keyStores].flatMap(([name, { orgs }]) => (mayUse(orgs) ? name : []))]
}

/** Refuses the key stores of other organisations like names that do not exist. */
export function requireKeyStores(unit: Reads, keyStores: KeyStores, field: string, wanted: readonly string[]): void {
  const names = keyStoreNames(unit, keyStores)
  if (wanted.every((name) => names.includes(name))) return
  throw invalidField(field, `must be a key store of your organisation: ${names.join(', ')}`)
}

/** The longest that a report on health waits for a key store. */
const promptMsMax = 1_000

/** The status of a key store for a report that must not wait. One that does not answer in time is unavailable. */
export function promptStatus(means: KeyMeans, name: string): Promise<HsmStatus> {
  return inTime(keyStoreStatus(means, name), promptMsMax).catch(() => 'unavailable')
}

/** The status of a key store. One that is not configured is unavailable. */
export async function keyStoreStatus({ hsm, keyStores }: KeyMeans, name: string): Promise<HsmStatus> {
  const asked = name === serverStore ? hsm : keyStores.get(name)?.hsm
  return asked ? asked.status() : 'unavailable'
}
