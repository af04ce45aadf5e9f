import type { BankrPermissions } from '../../ports/money.ts'
import { kind, type Unit } from '../../records/index.ts'
import { leasesFull } from './errors.ts'

/** What an organisation has agreed with Bankr. */
export interface BankrConfig {
  readonly id: 'org'
  readonly partnerKey: string
  readonly defaultWalletId: string | null
  readonly updatedAt: number
}

export const bankrConfigKind = kind<BankrConfig>('bankrConfig')

/** A key that Bankr made for an agent, without the key itself. */
export interface BankrLease {
  readonly id: string
  readonly org: string
  readonly agentId: string
  readonly walletId: string
  /** What Bankr calls the key. Null: Bankr has not answered yet. */
  readonly keyId: string | null
  /** The partner key that revokes it, also when the organisation has another one by then. */
  readonly partnerKey: string
  readonly permissions: BankrPermissions
  readonly createdAt: number
  readonly endsAt: number
}

export const bankrLeaseKind = kind<BankrLease>('bankrLease', {
  scope: 'global',
  indexes: {
    ends: { key: ({ endsAt }) => [endsAt] },
    agent: { key: ({ agentId, createdAt }) => [agentId, createdAt] },
    org: { key: ({ org, createdAt }) => [org, createdAt] },
  },
})

/** The leases of one agent that have not ended, so that the limit is taken in the commit that makes a lease. */
export interface BankrPlaces {
  /** The id of the agent. */
  readonly id: string
  readonly leases: readonly { readonly id: string; readonly endsAt: number }[]
}

export const bankrPlacesKind = kind<BankrPlaces>('bankrPlaces', { idOf: 'agent', history: ['leases'] })

const leasesMax = 5

/** Takes a place for a lease. Of parallel calls, each sees what the others took, or runs again. */
export function takePlace({ unit, now }: { readonly unit: Unit; readonly now: number }, lease: BankrLease): void {
  const { agentId, id, endsAt } = lease
  const live = (unit.get(bankrPlacesKind, agentId)?.leases ?? []).filter((one) => one.endsAt > now)
  if (live.length >= leasesMax) throw leasesFull({ max: leasesMax })
  unit.put(bankrPlacesKind, { id: agentId, leases: [...live, { id, endsAt }] })
}

export function givePlaceBack(unit: Unit, { agentId, id }: BankrLease): void {
  const places = unit.get(bankrPlacesKind, agentId)
  if (!places) return
  const leases = places.leases.filter((one) => one.id !== id)
  if (leases.length > 0) unit.put(bankrPlacesKind, { ...places, leases })
  else unit.delete(bankrPlacesKind, places)
}
