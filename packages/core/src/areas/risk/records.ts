import type { Place } from '../../kernel/geo.ts'
import type { Json } from '../../kernel/json.ts'
import { kind } from '../../records/index.ts'

export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** The severity of the active verdict about a principal. `none`: there is no verdict. */
export const riskLevels = ['none', ...severities] as const
export type RiskLevel = (typeof riskLevels)[number]

/** Whom events and verdicts are about. */
export interface Suspect {
  readonly type: 'user' | 'agent'
  readonly id: string
}

/** A secret that no caller needs. A caller who reads it has looked where it has no business. */
export interface Honeytoken {
  readonly id: string
  readonly vaultId: string
  readonly path: string
  readonly notes: string
  readonly createdBy: string
  readonly createdAt: number
  readonly triggeredCount: number
  readonly lastTriggeredAt: number | null
}

export const honeytokenKind = kind<Honeytoken>('honeytoken', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    place: { unique: true, blind: true, key: ({ vaultId, path }) => [vaultId, path] },
    vault: { key: ({ vaultId }) => [vaultId] },
  },
  history: ['createdBy'],
})

/** Something that a detector found. */
export interface RiskEvent {
  /** That of the audit event which led to it, with the detector where that finds more than one. So it is stored once. */
  readonly id: string
  readonly at: number
  readonly suspect: Suspect
  readonly type: string
  readonly severity: Severity
  readonly ip: string | null
  /** Where the geo file says that the address is. */
  readonly place: Place | null
  readonly payload: Readonly<Record<string, Json>>
  readonly createdAt: number
}

/** Events tell what happened, so they outlive those whom they are about. The task `risk.sweep` drops them. */
export const riskEventKind = kind<RiskEvent>('riskEvent', {
  indexes: {
    time: { key: ({ at }) => [at] },
    severity: { key: ({ severity, at }) => [severity, at] },
    principal: { key: ({ suspect, at }) => [suspect.type, at] },
    both: { key: ({ severity, suspect, at }) => [severity, suspect.type, at] },
  },
  history: ['suspect', 'payload'],
})

/** One finding that a verdict rests on. */
export interface Reason {
  readonly detector: string
  readonly severity: Severity
  readonly description: string
  readonly metadata: Readonly<Record<string, Json>>
}

/** The current verdict about one user or agent. The id is that of the principal. */
export interface Verdict {
  readonly id: string
  readonly type: Suspect['type']
  readonly severity: Severity
  /** One for each detector. */
  readonly reasons: readonly Reason[]
  readonly computedAt: number
  readonly expiresAt: number
}

export const verdictKind = kind<Verdict>('riskVerdict', {
  indexes: { computed: { key: ({ computedAt }) => [computedAt] } },
  // Or of a user.
  idOf: 'agent',
  history: ['reasons'],
})

/** The usual behaviour of one user or agent. The id is that of the principal. */
export interface Profile {
  readonly id: string
  /** Networks of its requests, the last used at the end. */
  readonly networks: readonly string[]
  /** Where it was last. Null without a geo file. */
  readonly place: (Place & { readonly at: number }) | null
  /** The most that it does in the windows of the detectors. Missing: little. */
  readonly usual: Usual
  readonly storedAt: number
}

export interface Usual {
  readonly requests: number
  readonly secrets: number
}

export const profileKind = kind<Profile>('riskProfile', { idOf: 'agent' })
