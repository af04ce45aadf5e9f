import { type Context, denied, signedIn } from '../../operations/index.ts'
import { treasuryAt } from './access.ts'
import { accessDecided, accessNotFound, treasuryNotFound } from './errors.ts'
import { type Delegation, type TreasuryAccess, treasuryAccessKind } from './records.ts'
import { AccessBody } from './schemas.ts'

// What the operations that decide about an access request have in common.

export interface Resolved {
  readonly treasury_id: string
  readonly request_id: string
}

export const resolving = {
  effect: 'write',
  access: {
    permission: 'manage',
    resource: ({ treasury_id }: Pick<Resolved, 'treasury_id'>) => treasuryAt(treasury_id),
    signedIn: ['user'],
  },
  output: AccessBody,
  errors: [treasuryNotFound, accessNotFound, accessDecided, denied],
} as const

export function findAccess({ unit }: Context, { treasury_id, request_id }: Resolved): TreasuryAccess {
  const found = unit.require(treasuryAccessKind, request_id, accessNotFound)
  if (found.treasuryId !== treasury_id) throw accessNotFound()
  return found
}

/** Stages the decision. Without a delegation, it is a denial. */
export function resolve(context: Context, asked: Resolved, delegation: Delegation | null): TreasuryAccess {
  const found = findAccess(context, asked)
  if (found.status !== 'pending') throw accessDecided({ status: found.status })
  const resolved: TreasuryAccess = {
    ...found,
    status: delegation ? 'approved' : 'denied',
    resolvedBy: signedIn(context).id,
    resolvedAt: context.now,
    delegation,
  }
  context.unit.put(treasuryAccessKind, resolved)
  return resolved
}
