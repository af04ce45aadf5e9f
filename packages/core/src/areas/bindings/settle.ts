import { type Actor, auditEvent, type Engine } from '../../operations/index.ts'
import { type Execution, executionKind } from './records.ts'
import type { ExecuteBody } from './schemas.ts'
import type { Sent } from './send.ts'

export const settledAction = 'binding.settle'

/** The caller of a call and the organisation. */
export interface Calling {
  readonly org: string
  readonly by: Actor
}

/** Stores the result of a call in its own unit, and returns the answer for the agent. */
export async function settle(
  { records }: Engine,
  { org, by }: Calling,
  started: Execution,
  sent: Sent,
): Promise<ExecuteBody> {
  const execution = settled(started, sent, records.now())
  await records.transactIn(org, (unit) => {
    // The agent and its records can be deleted by now. The audit trail has the event.
    if (unit.get(executionKind, started.id)) unit.put(executionKind, execution)
    const { method, host, status, httpStatus, redactions } = execution
    const details = { execution: started.id, method, host, status, http_status: httpStatus, redactions }
    unit.audit(auditEvent(by, { action: settledAction, resource: { type: 'binding', id: started.bindingId }, details }))
  })
  return executeBody(execution, sent.result)
}

function settled(
  started: Execution,
  { status, httpStatus, bodyBytes, error, redactions }: Sent,
  now: number,
): Execution {
  const durationMs = Math.max(0, Math.floor(now - started.createdAt))
  return { ...started, status, httpStatus, bodyBytes, error, redactions, durationMs }
}

export function executeBody(execution: Execution, result?: Sent['result']): ExecuteBody {
  return {
    execution_id: execution.id,
    status: execution.status,
    result,
    error: execution.error ?? undefined,
    duration_ms: execution.durationMs,
    redactions_applied: execution.redactions,
    execution_surface: 'vault',
  }
}
