import { limits } from '../../kernel/limits.ts'
import { type Caller, type Context, isAdmin, placeBehind, type Resource } from '../../operations/index.ts'
import { approvalNotFound } from './errors.ts'
import { type Approval, approvalKind } from './records.ts'

// Owners and admins see and decide every approval, members those that they are asked for (D11). An agent sees its own.

/** `see`: read it. `decide`: approve or reject it. */
export type ApprovalPermission = 'see' | 'decide'

export function approvalAt(id: string): Resource<ApprovalPermission> {
  return {
    type: 'approval',
    about: { id },
    authorize: ({ unit, caller }, permission) => {
      const approval = unit.require(approvalKind, id, approvalNotFound)
      if (decides(caller, approval)) return
      if (permission === 'decide' || !hasAsked(caller, approval)) throw approvalNotFound()
    },
  }
}

const rowsMax = 4 * limits.rowsPerTurnMax

/** Which approvals a caller asks for. */
interface Wanted {
  /** Maximum number. */
  readonly max: number
  readonly cursor: string | undefined
  isWanted(approval: Approval): boolean
}

interface Visible {
  readonly found: readonly Approval[]
  /** The last approval that the server read. Null: there are no more. */
  readonly rest: Approval | null
}

/** The approvals that the caller may see, newest first, after a cursor. The server reads a limited number of records. */
export function visibleApprovals({ unit, caller }: Context, { max, cursor, isWanted }: Wanted): Visible {
  if (caller.kind !== 'user') return { found: [], rest: null }
  const [index, tuple] = isAdmin(caller) ? ['created', []] : ['asked', [caller.id]]
  const limit = limits.rowsPerTurnMax
  const found: Approval[] = []
  let place = cursor === undefined ? null : placeBehind(cursor)
  for (let rows = limit; ; rows += limit) {
    const to = place && [...tuple, ...place]
    const page = unit.page(approvalKind, index, { tuple, limit, reverse: true, ...(to && { to }) })
    found.push(...page.filter(isWanted))
    if (found.length > max) return { found: found.slice(0, max), rest: found[max - 1] ?? null }
    const last = page[limit - 1] ?? null
    if (!last || rows >= rowsMax) return { found, rest: last }
    place = [last.createdAt, last.id]
  }
}

function decides(caller: Caller, { userId }: Approval): boolean {
  return caller.kind === 'user' && (isAdmin(caller) || caller.id === userId)
}

function hasAsked(caller: Caller, { requestedBy }: Approval): boolean {
  return caller.kind === requestedBy.kind && caller.id === requestedBy.id
}
