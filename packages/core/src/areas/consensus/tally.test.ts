import { describe, expect, it } from 'vitest'
import type { Unit } from '../../records/index.ts'
import type { PendingApproval } from './records.ts'
import { approvalsNow } from './tally.ts'

// Goal: an approval counts for what its voter is now. Method: users as the unit reads them.

const voter = { id: 'ann', role: 'admin', status: 'active', createdAt: 1 }
const one = { votes: [{ by: 'ann', decision: 'approve' }], approval: { min_approvals: 1 }, createdAt: 5 }

function counted(user: object | null): number {
  const unit = { getAll: () => [user] } as unknown as Unit
  return approvalsNow({ unit, now: 10 }, one as unknown as PendingApproval)
}

describe('an approval', () => {
  it.each<[string, object | null, number]>([
    ['an active admin', voter, 1],
    ['a user who was removed', null, 0],
    ['a user who is disabled', { ...voter, status: 'disabled' }, 0],
    ['a user who is blocked', { ...voter, blockedUntil: 11 }, 0],
    ['a user whose block is over', { ...voter, blockedUntil: 10 }, 1],
    ['a user who is a member now', { ...voter, role: 'member' }, 0],
    ['a user who was created after the request', { ...voter, createdAt: 6 }, 0],
  ])('of %s counts so', (_, user, count) => {
    expect(counted(user)).toBe(count)
  })
})
