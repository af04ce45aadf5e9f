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

export function kindOf({ action, details }: ShownEvent): DayKind {
  if (details.outcome !== undefined) return 'refusal'
  return areas[action.split('.')[0] ?? ''] ?? 'other'
}

/** A detail of an event as text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
