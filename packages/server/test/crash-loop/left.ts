import type { Pawl } from '@pawl/core'
import type { Hsm } from '@pawl/core/ports'
import { type Client, tracesOf } from './client.ts'
import type { Thing } from './thing.ts'
import { Vault } from './vault-thing.ts'

// What is asked of a vault when everything is over.

type Caller = ReturnType<Pawl['as']>

/** Acknowledged calls that the audit trail does not tell of. */
export async function missingTraces(client: Client, owner: Caller): Promise<string[]> {
  const told: string[] = []
  const limit = 1_000
  for (let offset = 0; ; offset += limit) {
    const { events } = await owner.audit.events({ limit, offset })
    told.push(...events.filter(({ details }) => details.outcome === undefined).flatMap(tracesOf))
    if (events.length < limit) break
  }
  return client.trail.missingIn(told)
}

/** Keys that should have gone with their vaults. */
export async function keysOfDeletedVaults(hsm: Hsm, org: string, things: readonly Thing[]): Promise<string[]> {
  const left: string[] = []
  for (const thing of things) {
    const { id, keyNumberMax } = (thing instanceof Vault && thing.remains) || { id: '', keyNumberMax: 0 }
    for (let number = 1; number <= keyNumberMax; number++) {
      const uri = `pawl:vault/${org}/${id}/${number}`
      const wrapped = await hsm.wrap(uri, Buffer.from('x'), Buffer.from('x')).catch(() => null)
      if (wrapped) left.push(uri)
    }
  }
  return left
}
