import type { Pawl } from '@pawl/core'

type Owner = ReturnType<Pawl['as']>
type AuditEvent = Awaited<ReturnType<Owner['audit']['events']>>['events'][number]

/** One thing that an agent did, or tried. */
export interface Act {
  /** As the audit trail has it: `secret.read`, `secret.list`, `auth.failure`. */
  readonly action: string
  /** The name of the vault; its id, when the test did not make it. */
  readonly vault?: string
  readonly path?: string
  readonly outcome: 'allowed' | 'denied' | 'limited' | 'failed'
  readonly at: string
}

const pageEvents = 1_000

/** The whole trail, oldest first. */
export async function trailOf(owner: Owner): Promise<AuditEvent[]> {
  // Each read of the trail adds an event, so the next page begins with the end of this one.
  const found = new Map<string, AuditEvent>()
  for (let offset = 0; ; offset += pageEvents) {
    const { events } = await owner.audit.events({ limit: pageEvents, offset })
    for (const event of events) found.set(event.id, event)
    if (events.length < pageEvents) return [...found.values()].reverse()
  }
}

/** The events of one agent in a trail, including failed uses of its key. */
export function actsOf(trail: readonly AuditEvent[], agentId: string, vaults: ReadonlyMap<string, string>): Act[] {
  const names = new Map([...vaults].map(([name, id]) => [id, name]))
  return trail
    .filter((event) => event.actor_id === agentId || (event.action === 'auth.failure' && event.resource_id === agentId))
    .map((event) => actOf(event, names))
}

function actOf({ action, resource_type, resource_id, details, created_at }: AuditEvent, names: Map<string, string>) {
  const vaultId = resource_type === 'vault' ? resource_id : details.vault_id
  return {
    action,
    ...(vaultId ? { vault: names.get(`${vaultId}`) ?? `${vaultId}` } : {}),
    ...(details.path === undefined ? {} : { path: `${details.path}` }),
    outcome: (details.outcome ?? 'allowed') as Act['outcome'],
    at: created_at,
  }
}
