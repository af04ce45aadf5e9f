import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { type Honeytoken, type RiskEvent, severities, type Verdict } from './records.ts'
import { scoreOf } from './verdicts.ts'

export const severityField = () => z.enum(severities, `must be one of ${severities.join(', ')}`)
export const principalTypeField = () => z.enum(['user', 'agent'], 'must be user or agent')

export const RiskEventBody = z
  .object({
    id: fields.id(),
    occurred_at: fields.shownTime(),
    principal_type: principalTypeField(),
    principal_id: fields.id(),
    org_id: fields.id(),
    event_type: z
      .string()
      .describe('What was found: first_seen, geo_velocity, burst, denied_storm, exfiltration or honeytoken_access.'),
    ip: z.string().nullable(),
    asn: z.int().nullable().describe('Always null: the geo file has no numbers of networks.'),
    asn_org: z.string().nullable(),
    country_code: z.string().nullable().describe('Null without a geo file that has the address.'),
    region: z.string().nullable(),
    city: z.string().nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    user_agent: z.string().nullable().describe('Always null: the audit trail does not store it.'),
    severity: severityField().nullable(),
    payload: fields.shownObject(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'RiskEvent' })

export function riskEventBody(org: string, event: RiskEvent): z.infer<typeof RiskEventBody> {
  const { id, at, suspect, type, ip, place, severity, payload, createdAt } = event
  return {
    id,
    occurred_at: rfc3339(at),
    principal_type: suspect.type,
    principal_id: suspect.id,
    org_id: org,
    event_type: type,
    ...{ ip, asn: null, asn_org: null, country_code: place?.country ?? null, region: null, city: place?.city ?? null },
    ...{ latitude: place?.latitude ?? null, longitude: place?.longitude ?? null, user_agent: null },
    ...{ severity, payload, created_at: rfc3339(createdAt) },
  }
}

const RiskVerdictReason = z
  .object({
    detector: z.string(),
    severity: severityField(),
    description: z.string().describe('What happened, and which threshold it went over.'),
    metadata: fields.shownObject().describe('The numbers, the audit event, and under clears, what ends it.'),
  })
  .meta({ id: 'RiskVerdictReason' })

export const RiskVerdictBody = z
  .object({
    principal_type: principalTypeField(),
    principal_id: fields.id(),
    org_id: fields.id(),
    score: z.number().describe('From 0 to 100: the highest score of the reasons.'),
    severity: severityField().describe(
      'From high on, the principal cannot sign in. With critical, its tokens have ended too.',
    ),
    reasons: z.array(RiskVerdictReason),
    computed_at: fields.shownTime(),
    expires_at: fields.shownTime().describe('The year 9999: it ends when an owner or admin clears it.'),
  })
  .meta({ id: 'RiskVerdict' })

export function verdictBody(org: string, verdict: Verdict): z.infer<typeof RiskVerdictBody> {
  const { id, type, severity, reasons, computedAt, expiresAt } = verdict
  return {
    principal_type: type,
    principal_id: id,
    org_id: org,
    score: scoreOf(verdict),
    severity,
    reasons: reasons.map((reason) => ({ ...reason })),
    computed_at: rfc3339(computedAt),
    expires_at: rfc3339(expiresAt),
  }
}

export const HoneytokenBody = z
  .object({
    id: fields.id(),
    vault_id: fields.id(),
    org_id: fields.id(),
    secret_path: z.string(),
    created_by: fields.id(),
    created_at: fields.shownTime(),
    notes: z.string().nullable(),
    triggered_count: fields.count(),
    last_triggered_at: fields.shownTime().nullable(),
  })
  .meta({ id: 'Honeytoken' })

export function honeytokenBody(org: string, token: Honeytoken): z.infer<typeof HoneytokenBody> {
  const { id, vaultId, path, notes, createdBy, createdAt, triggeredCount, lastTriggeredAt } = token
  return {
    id,
    vault_id: vaultId,
    org_id: org,
    secret_path: path,
    created_by: createdBy,
    created_at: rfc3339(createdAt),
    notes: notes === '' ? null : notes,
    triggered_count: triggeredCount,
    last_triggered_at: lastTriggeredAt === null ? null : rfc3339(lastTriggeredAt),
  }
}
