import type { AuditEvent } from '@pawl/core/client'

/** An audit event, as pages show it. */
export type ShownEvent = AuditEvent

export type DayKind = 'refusal' | 'read' | 'call' | 'signature' | 'model' | 'other'

export const dayKinds: readonly (readonly [DayKind, string])[] = [
  ['refusal', 'refused'],
  ['read', 'reads'],
  ['call', 'calls'],
  ['signature', 'signatures'],
  ['model', 'model requests'],
  ['other', 'other'],
]

const areas: Readonly<Record<string, DayKind>> = {
  secret: 'read',
  binding: 'call',
  transaction: 'signature',
  signing_key: 'signature',
  shroud: 'model',
}

/** An equal record exists, a call repeats an earlier one, or the server does not know the end: no one refused these. */
const notRefused: readonly unknown[] = [undefined, 'already_exists', 'repeated', 'unknown']

export function isRefused({ details }: Pick<ShownEvent, 'details'>): boolean {
  return !notRefused.includes(details.outcome)
}

export function kindOf(event: ShownEvent): DayKind {
  if (isRefused(event)) return 'refusal'
  return areas[event.action.split('.')[0] ?? ''] ?? 'other'
}

/** A detail of an event as text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * Events, the newest first. The dashboard renews the session each time it loads. A renewal is hidden, unless its address differs from that of the
 * events before it: then somebody may have taken the session.
 */
export function withoutBrowsing(events: readonly ShownEvent[], reads: ReadonlySet<string>): readonly ShownEvent[] {
  const isInSession = ({ actor_type, details }: ShownEvent) =>
    actor_type === 'user' && details.api_key_id === undefined && details.outcome === undefined
  const addresses = new Map<string, string | undefined>()
  const isShown = (event: ShownEvent) => {
    if (!isInSession(event)) return true
    const { action, actor_id, ip_address } = event
    const isRead = reads.has(action)
    const isNew = addresses.has(actor_id) && addresses.get(actor_id) !== ip_address
    // A read makes no new address known: the renewal after it is still shown.
    if (!isRead || !addresses.has(actor_id)) addresses.set(actor_id, ip_address)
    return !isRead && (action !== 'auth.refresh' || isNew)
  }
  return events.toReversed().filter(isShown).toReversed()
}
