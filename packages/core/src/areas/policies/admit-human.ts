import { type Context, principalOf, signedIn } from '../../operations/index.ts'
import { agentKind } from '../agents/index.ts'
import { policyKind } from './records.ts'

/** When an agent makes a vault, the human who made the agent gets to see and to use it. */
export function admitHumanBehind(context: Context, vaultId: string): void {
  const { unit, now, newId } = context
  const caller = signedIn(context)
  if (caller.kind === 'user') return
  const agent = unit.get(agentKind, caller.id)
  if (agent?.createdBy.kind !== 'user') return
  unit.put(policyKind, {
    id: newId(),
    vaultId,
    pattern: '**',
    principal: agent.createdBy,
    permissions: ['read', 'write', 'delete'],
    effect: 'allow',
    priority: 0,
    conditions: {},
    expiresAt: null,
    createdBy: principalOf(caller),
    createdAt: now,
  })
}
