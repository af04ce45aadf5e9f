import { limits } from '../../kernel/limits.ts'
import { type Caller, type Context, denied, isAdmin, placeBehind, type Resource } from '../../operations/index.ts'
import { pendingApprovalNotFound } from './errors.ts'
import { type PendingApproval, pendingApprovalKind } from './records.ts'
import { countsAtMost } from './tally.ts'

// Owners, admins and the people who decide see a pending approval. The caller who submitted it sees it too.

/** `see`: read it. `decide`: vote. `execute`: let the caller go on. `end`: take it back. */
export type PendingPermission = 'see' | 'decide' | 'execute' | 'end'

export function pendingApprovalAt(id: string): Resource<PendingPermission> {
  return {
    type: 'pending_approval',
    about: { id },
    authorize: ({ unit, caller }, permission) => {
      const one = unit.require(pendingApprovalKind, id, pendingApprovalNotFound)
      const may = {
        see: sees(caller, one),
        decide: decides(caller, one),
        execute: (caller.kind === 'user' && isAdmin(caller)) || decides(caller, one),
        end: ends(caller, one),
      }
      if (!may.see) throw pendingApprovalNotFound()
      if (!may[permission]) throw denied({ reason: 'The policy gives your role no part in this decision.' })
    },
  }
}

interface Visible {
  readonly visible: readonly PendingApproval[]
  /** The last one that the server looked at. Null: there are no more. */
  readonly rest: PendingApproval | null
}

/** Those that the caller may see, newest first, from a cursor on. The server looks at a limited number of records. */
export function visiblePending(context: Context, agentId: string | null, cursor: string | undefined): Visible {
  const { unit, caller } = context
  const [index, tuple] = listFor(caller, agentId)
  const limit = limits.rowsPerTurnMax
  const to = cursor === undefined ? null : [...tuple, ...placeBehind(cursor)]
  const rows = unit.page(pendingApprovalKind, index, { tuple, limit, reverse: true, ...(to && { to }) })
  const visible = rows.filter((one) => sees(caller, one) && (agentId === null || one.agentId === agentId))
  return { visible, rest: rows[limit - 1] ?? null }
}

/** The shortest list with everything that the caller may see. */
function listFor(caller: Caller, agentId: string | null): [index: string, tuple: readonly string[]] {
  if (caller.kind === 'agent') return ['submitter', [caller.id]]
  return agentId === null ? ['created', []] : ['agent', [agentId]]
}

function sees(caller: Caller, one: PendingApproval): boolean {
  return ends(caller, one) || decides(caller, one)
}

function decides(caller: Caller, { approval }: PendingApproval): boolean {
  return caller.kind === 'user' && countsAtMost(approval, caller.role) > 0
}

function ends(caller: Caller, one: PendingApproval): boolean {
  return (caller.kind === 'user' && isAdmin(caller)) || isOwn(caller, one)
}

/** Whether the caller submitted it, or made the agent that did. */
export function isOwn(caller: Caller, { submittedBy, submittersHuman }: PendingApproval): boolean {
  if (caller.kind === 'user' && caller.id === submittersHuman) return true
  return caller.kind === submittedBy.kind && caller.id === submittedBy.id
}
