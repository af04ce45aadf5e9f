import type { Engine, JobType } from '../../../operations/index.ts'
import type { Unit } from '../../../records/index.ts'
import { policyKind } from '../../policies/index.ts'
import { placeOf, secretKind, secretVersionKind, versionId } from '../../secrets/index.ts'
import { shareKind } from '../../sharing/index.ts'
import { vaultKeyUri } from '../records.ts'
import { dropValue } from '../values.ts'

interface Purge {
  readonly [field: string]: string | number
  readonly org: string
  readonly vaultId: string
  readonly oldest: number
  readonly current: number
}

const recordsAtOnce = 50
const versionsAtOnce = 40

/**
 * What is left to do when a vault was deleted. Its keys go first: from then on nothing in it can be opened by anybody.
 * Then its records go, some at a time.
 */
export const purgeVaultJob: JobType<Purge> = {
  name: 'vaults.purge',
  run: async (engine, { org, vaultId, oldest, current }) => {
    // One more than there are: a rotation that was cut off may have made the next key, which nothing uses.
    for (let number = oldest; number <= current + 1; number++) {
      await engine.hsm.destroyKey(vaultKeyUri({ org, vaultId }, number))
    }
    for (const purge of purges) while ((await inUnit(engine, org, (unit) => purge(unit, vaultId))) > 0);
  },
}

/** Each takes some records of a vault away and says how many. */
const purges: readonly ((unit: Unit, vaultId: string) => Promise<number>)[] = [purgePolicies, purgeShares, purgeSecrets]

async function purgePolicies(unit: Unit, vaultId: string): Promise<number> {
  const some = await unit.page(policyKind, 'vault', { tuple: [vaultId], limit: recordsAtOnce })
  for (const policy of some) unit.delete(policyKind, policy)
  return some.length
}

async function purgeShares(unit: Unit, vaultId: string): Promise<number> {
  const some = await unit.page(shareKind, 'vault', { tuple: [unit.org ?? '', vaultId], limit: recordsAtOnce })
  for (const share of some) unit.delete(shareKind, share)
  return some.length
}

/** One secret at a time, its newest versions first; it goes itself when it has none left. */
async function purgeSecrets(unit: Unit, vaultId: string): Promise<number> {
  const [secret] = await unit.page(secretKind, 'path', { tuple: [vaultId], limit: 1 })
  if (!secret) return 0
  const left = Math.max(0, secret.newest.number - versionsAtOnce)
  for (let number = secret.newest.number; number > left; number--) {
    const version = await unit.get(secretVersionKind, versionId(secret.id, number))
    if (version) unit.delete(secretVersionKind, version)
    await dropValue({ unit }, placeOf({ unit }, secret, number))
  }
  if (left === 0) unit.delete(secretKind, secret)
  else unit.put(secretKind, { ...secret, newest: { ...secret.newest, number: left } })
  return 1
}

function inUnit<T>(engine: Engine, org: string, work: (unit: Unit) => Promise<T>): Promise<T> {
  return engine.records.transact((unit) => {
    unit.enter(org)
    return work(unit)
  })
}
