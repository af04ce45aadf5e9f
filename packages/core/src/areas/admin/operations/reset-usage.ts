import * as z from 'zod'
import {
  AfterCommit,
  actorOf,
  auditEvent,
  type Engine,
  operation,
  signedIn,
  unitContext,
} from '../../../operations/index.ts'
import { strikeOut } from '../../billing/index.ts'
import { orgIds } from '../../orgs/index.ts'

const action = 'usage.reset'
const settledAction = 'usage.reset_done'

export const resetUsage = operation({
  name: 'admin.resetUsage',
  summary: 'Strike out the requests of this month for all organisations. Credits stay. For the operator.',
  http: { method: 'POST', path: '/v1/admin/usage/reset', status: 200, id: 'adminResetUsageEvents', tag: 'Admin' },
  command: { name: 'admin reset-usage' },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action, resource: 'usage', settled: settledAction },
  input: z.object({}),
  output: z.object({ deleted_events: z.int() }),
  errors: [],
  run: (context) => {
    const by = actorOf(context)
    const { org } = signedIn(context)
    return new AfterCommit({}, async (engine) => {
      const deleted = await strikeOutAll(engine)
      const details = { deleted_events: deleted }
      await engine.records.transactIn(org, (unit) =>
        unit.audit(auditEvent(by, { action: settledAction, resource: { type: 'usage', id: '' }, details })),
      )
      return { deleted_events: deleted }
    })
  },
})

/** One unit for each organisation: together they could be more than a batch. */
async function strikeOutAll(engine: Engine): Promise<number> {
  let deleted = 0
  for await (const id of orgIds(engine)) {
    deleted += await engine.records.transact((unit) => strikeOut(unitContext(engine, unit), id))
  }
  return deleted
}
