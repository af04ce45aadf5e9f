import { hour, minute } from '../../kernel/time.ts'
import { type Engine, perEngine, type ScheduledTask, type Services } from '../../operations/index.ts'
import { type Agent, agentKind } from './records.ts'

// The last activity of an agent is stored with a precision of one hour. A scheduled task stores it, because a read
// stores only its audit event. If an engine dies, only such a time is lost.

interface Seen {
  readonly org: string
  readonly at: number
}

const agentsMax = 10_000

/** Active agents whose record is not updated yet. */
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
