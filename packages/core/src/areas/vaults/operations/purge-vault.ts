import type { Engine, JobType } from '../../../operations/index.ts'
import type { Unit } from '../../../records/index.ts'
import { policyKind } from '../../policies/index.ts'
import { secretKind, secretVersionKind } from '../../secrets/index.ts'
import { shareKind } from '../../sharing/index.ts'
import { vaultKeyUri } from '../records.ts'
import { dropValues } from '../values.ts'

interface Purge {
  readonly [field: string]: string | number
  readonly org: string
  readonly vaultId: string
  readonly oldest: number
  readonly current: number
}

const recordsAtOnce = 50
const valuesAtOnce = 30

/**
 * What is left to do when a vault was deleted. Its keys go first: from then on nothing in it can be opened by anybody.
 * Then its records go, some at a time.
 */
export const purgeVaultJob: JobType<Purge> = {
  name: 'vaults.purge',
  run: async (engine, { org, vaultId, oldest, current }) => {
    for (let number = oldest; number <= current; number++) {
      await engine.hsm.destroyKey(vaultKeyUri({ org, vaultId }, number))
    }
    for (const purge of purges) while ((await inUnit(engine, org, (unit) => purge(unit, vaultId))) > 0);
  },
}

/** Each takes some records of a vault away and says how many. */
const purges: readonly ((unit: Unit, vaultId: string) => Promise<number>)[] = [
  purgePolicies,
  purgeShares,
  purgeValues,
  purgeSecrets,
]

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

/** Values first: a secret must not go before what it leads to. */
async function purgeValues(unit: Unit, vaultId: string): Promise<number> {
  const ids = await dropValues({ unit }, vaultId, valuesAtOnce)
  for (const id of ids) {
    const version = await unit.get(secretVersionKind, id)
    if (version) unit.delete(secretVersionKind, version)
  }
  return ids.length
}

async function purgeSecrets(unit: Unit, vaultId: string): Promise<number> {
  const some = await unit.page(secretKind, 'path', { tuple: [vaultId], limit: recordsAtOnce })
  for (const secret of some) unit.delete(secretKind, secret)
  return some.length
}

function inUnit<T>(engine: Engine, org: string, work: (unit: Unit) => Promise<T>): Promise<T> {
  return engine.records.transact((unit) => {
    unit.enter(org)
    return work(unit)
  })
}
