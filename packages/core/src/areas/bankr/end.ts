import type { Engine, Jobs, JobType } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { askService } from '../wallets/index.ts'
import { type BankrLease, bankrLeaseKind, givePlaceBack } from './records.ts'

interface Revocation {
  readonly [field: string]: string
  readonly partnerKey: string
  readonly keyId: string
}

/** Revokes a key at Bankr. It can run again. Without the service there is no call, and Bankr ends the key in time. */
export const revokeJob: JobType<Revocation> = {
  name: 'bankr.revoke',
  run: async (engine, { partnerKey, keyId }) => {
    if (!engine.moneyServices.bankr) return
    await askService(engine, 'bankr', (bankr) => bankr.revoke({ partnerKey, keyId }))
  },
}

/** Stages the end of a lease. Returns the job that tells Bankr. */
export function endLease(jobs: Pick<Jobs, 'stage'>, unit: Unit, lease: BankrLease): string | null {
  unit.delete(bankrLeaseKind, lease)
  givePlaceBack(unit, lease)
  const { partnerKey, keyId } = lease
  return keyId === null ? null : jobs.stage(unit, revokeJob, { partnerKey, keyId })
}

interface Ended {
  readonly [field: string]: string
  readonly org: string
  readonly partnerKey: string
}

/** Ends all leases that rest on a partner key which the organisation has taken back. */
export const endAllJob: JobType<Ended> = {
  name: 'bankr.end_all',
  run: async (engine, { org, partnerKey }) => {
    const leases = await engine.records.reading().list(bankrLeaseKind, 'org', org)
    await endEach(
      engine,
      org,
      leases.filter((lease) => lease.partnerKey === partnerKey),
    )
  },
}

export async function endLeasesOf(engine: Engine, { org, id }: { org: string; id: string }): Promise<void> {
  await endEach(engine, org, await engine.records.reading().list(bankrLeaseKind, 'agent', id))
}

async function endEach(engine: Engine, org: string, leases: readonly BankrLease[]): Promise<void> {
  for (const { id } of leases) {
    await engine.records.transactIn(org, (unit) => {
      const lease = unit.get(bankrLeaseKind, id)
      if (lease) endLease(engine.jobs, unit, lease)
    })
  }
}
