import type { Engine, JobType } from '../../../operations/index.ts'
import type { Unit } from '../../../records/index.ts'
import { apiKeyKind, forgetFailures } from '../../auth/index.ts'
import { policyKind } from '../../policies/index.ts'

type Forget = { org: string; userId: string }

const recordsAtOnce = 50

/** Takes away what is left of a member who was removed and can do nothing any more, some at a time. */
export const forgetMemberJob: JobType<Forget> = {
  name: 'orgs.forget-member',
  run: async (engine, { org, userId }) => {
    await inUnit(engine, org, (unit) => forgetFailures({ unit }, userId))
    while ((await inUnit(engine, org, (unit) => forgetKeys(unit, org, userId))) > 0);
    while ((await inUnit(engine, org, (unit) => forgetPolicies(unit, userId))) > 0);
  },
}

async function forgetKeys(unit: Unit, org: string, userId: string): Promise<number> {
  const some = await unit.page(apiKeyKind, 'principal', { tuple: [org, 'user', userId], limit: recordsAtOnce })
  for (const key of some) unit.delete(apiKeyKind, key)
  return some.length
}

async function forgetPolicies(unit: Unit, userId: string): Promise<number> {
  const some = await unit.page(policyKind, 'principal', { tuple: ['user', userId], limit: recordsAtOnce })
  for (const policy of some) unit.delete(policyKind, policy)
  return some.length
}

function inUnit<T>(engine: Engine, org: string, work: (unit: Unit) => Promise<T>): Promise<T> {
  return engine.records.transact((unit) => {
    unit.enter(org)
    return work(unit)
  })
}
