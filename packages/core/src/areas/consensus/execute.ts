import { PawlError } from '../../kernel/errors.ts'
import { formatAddress } from '../../kernel/ip.ts'
import type { Json } from '../../kernel/json.ts'
import { rfc3339 } from '../../kernel/time.ts'
import {
  AfterCommit,
  auditEvent,
  type Context,
  denied,
  type Engine,
  type Executor,
  type GovernedOperation,
  hasScope,
  signedIn,
} from '../../operations/index.ts'
import { currentUser } from '../auth/index.ts'
import { userKind } from '../orgs/index.ts'
import { changeRefused } from './errors.ts'
import { stageClosed } from './open.ts'
import { type PendingApproval, pendingApprovalKind } from './records.ts'
import { holdApprovers } from './tally.ts'

/**
 * Executes a pending approval. The engine makes the change in the name of the submitter, with the current rights of the submitter.
 * The change and the execution are one commit. If another person would see a secret, only the submitter makes the call, later.
 */
export function execute(context: Context, one: PendingApproval): Executed | AfterCommit<Executed> {
  requireScope(context, one)
  const { id, role } = currentUser(context)
  const executor = { id, role, ip: context.origin.ip ?? null, pendingApprovalId: one.id }
  const change = changeOf(context, one)
  const { org } = signedIn(context)
  if (change) {
    return new AfterCommit({}, async (engine) => {
      const result = await make(engine, one, change, executor)
      const made = await engine.records.reading(org).get(pendingApprovalKind, one.id)
      return executed(one.id, made?.executedAt ?? engine.records.now(), result)
    })
  }
  holdApprovers(context, one)
  stageExecuted(context, one, executor)
  return executed(one.id, context.now, {})
}

/** An API key executes only what it could do itself (M9). */
function requireScope({ areas, caller }: Context, { request }: PendingApproval): void {
  const operation = request && areas.governedOperation(request.operation)
  if (!operation || caller.kind !== 'user' || hasScope(caller.keyScopes, operation.scope)) return
  throw denied({ reason: `The API key does not have the scope ${operation.scope}.` })
}

function executed(pending_approval_id: string, at: number, result: Result): Executed {
  return { pending_approval_id, status: 'executed', executed_at: rfc3339(at), result }
}

type Result = Readonly<Record<string, Json>>

interface Executed {
  readonly pending_approval_id: string
  readonly status: 'executed'
  readonly executed_at: string
  readonly result: Result
}

interface ChangeToMake {
  readonly operation: GovernedOperation
  readonly input: Json
}

/** The change that the engine can make. Null: the submitter must make the call, for example because its answer shows a secret. */
function changeOf(context: Context, { request, submittedBy }: PendingApproval): ChangeToMake | null {
  const operation = request ? context.areas.governedOperation(request.operation) : null
  if (!request || !operation) return null
  const isSubmitter = submittedBy.kind === 'user' && submittedBy.id === signedIn(context).id
  return operation.reveals && !isSubmitter ? null : { operation, input: request.input }
}

async function make(
  engine: Engine,
  { id, submittedBy }: PendingApproval,
  { operation, input }: ChangeToMake,
  executor: Executor,
): Promise<Result> {
  const trusted = submittedBy.kind === 'user' ? { user: submittedBy.id } : { agent: submittedBy.id }
  try {
    const made = await operation.perform(engine, { ...(input as object), approval_id: id }, { trusted, executor })
    return (made ?? {}) as Result
  } catch (error) {
    if (!(error instanceof PawlError) || error.kind === 'internal' || error.kind === 'unavailable') throw error
    throw changeRefused({ code: error.code, detail: error.message })
  }
}

/** Stages the execution by a person. False: this person was removed or has another role now. */
export function stageExecuted(
  { unit, now }: Pick<Context, 'unit' | 'now'>,
  one: PendingApproval,
  by: Executor,
): boolean {
  const user = unit.get(userKind, by.id)
  if (user?.status !== 'active' || user.role !== by.role) return false
  unit.check(userKind, user)
  unit.put(pendingApprovalKind, { ...one, status: 'executed', executedAt: now, updatedAt: now })
  stageClosed(unit, one.id, now)
  const details = { policy_id: one.policyId, approval_action: one.action }
  const actor = { type: 'user', id: by.id, ip: by.ip && formatAddress(by.ip) }
  const resource = { type: 'pending_approval', id: one.id }
  unit.audit(auditEvent(actor, { action: 'pending_approval.execute', resource, details }))
  return true
}
