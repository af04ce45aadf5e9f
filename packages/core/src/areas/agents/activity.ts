import { hour, minute } from '../../kernel/time.ts'
import { type Engine, perEngine, type ScheduledTask, type Services } from '../../operations/index.ts'
import { type Agent, agentKind } from './records.ts'

// When an agent was last here is stored to the hour, and never by the request that shows it: a read stores nothing but
// its event. What is lost when an engine dies is a time that was vague anyway.

interface Seen {
  readonly org: string
  readonly at: number
}

const agentsMax = 10_000

/** Agents that were here and whose record does not say so yet. */
const seen = perEngine(() => new Map<string, Seen>())

export function noteActive(services: Services, org: string, { id, lastActiveAt }: Agent, now: number): void {
  if (lastActiveAt !== null && now - lastActiveAt < hour) return
  const waiting = seen(services)
  if (waiting.size < agentsMax || waiting.has(id)) waiting.set(id, { org, at: now })
}

export const activityTask: ScheduledTask = {
  name: 'agents.activity',
  everyMs: minute,
  atClose: true,
  run: async (engine) => {
    for (const [id, { org, at }] of [...seen(engine)]) {
      seen(engine).delete(id)
      await store(engine, org, id, at)
    }
  },
}

async function store({ records }: Engine, org: string, id: string, at: number): Promise<void> {
  await records.transactIn(org, (unit) => {
    const agent = unit.get(agentKind, id)
    if (agent && (agent.lastActiveAt ?? 0) < at) unit.put(agentKind, { ...agent, lastActiveAt: at })
  })
}
