import type { Json } from '../../kernel/json.ts'
import type { AgentFacts, Context, StoredSettings, UnitContext } from '../../operations/index.ts'
import { guardrailsAgentSettings } from './agent-settings.ts'
import { type Revision, revisionKind } from './records.ts'

export type Changes = Revision['changes']

/** The limits that differ. Null: the setting has its default. */
export function changesBetween(before: StoredSettings, after: StoredSettings): Changes {
  const names = Object.keys(guardrailsAgentSettings)
  const differing = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  return Object.fromEntries(
    differing.map((name) => [name, { before: before[name] ?? null, after: after[name] ?? null }] as const),
  )
}

/** Stages a revision: the changed limits, and the people who changed them. Without a changed limit, there is no revision. */
export function stageRevision(
  { unit, now, newId }: UnitContext,
  agentId: string,
  changes: Changes,
  people: Pick<Revision, 'by' | 'approvedBy'>,
): void {
  if (Object.keys(changes).length === 0) return
  const [newest] = unit.page(revisionKind, 'agent', { tuple: [agentId], limit: 1, reverse: true })
  unit.put(revisionKind, { id: newId(), agentId, number: (newest?.number ?? 0) + 1, at: now, changes, ...people })
}

/** The settings after these changes. */
export function withChanges(before: StoredSettings, changes: Changes): StoredSettings {
  const after: Record<string, Json> = { ...before }
  for (const [name, { after: value }] of Object.entries(changes)) {
    if (value === null) delete after[name]
    else after[name] = value
  }
  return after
}

/** The environment decides which limits apply, so a move to another one is a change of them. */
export function environmentMoves(before: AgentFacts, after: AgentFacts): boolean {
  return before.environment !== after.environment && before.settings.per_environment_guardrails !== undefined
}

export function callerId({ caller }: Pick<Context, 'caller'>): string {
  return caller.kind === 'anonymous' ? '' : caller.id
}
