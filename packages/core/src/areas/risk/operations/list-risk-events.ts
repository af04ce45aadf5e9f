import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import type { Unit } from '../../../records/index.ts'
import { type RiskEvent, riskEventKind, type Severity, type Suspect } from '../records.ts'
import { principalTypeField, RiskEventBody, riskEventBody, severityField } from '../schemas.ts'

const limitDefault = 50
const limitMax = 500
const offsetMax = 1_000

export const listRiskEvents = operation({
  name: 'risk.events',
  summary: 'List what the risk detectors found in the last 90 days, newest first.',
  http: { method: 'GET', path: '/v1/risk/events', status: 200, id: 'listRiskEvents', tag: 'Risk Engine' },
  command: { columns: ['occurred_at', 'event_type', 'severity', 'principal_type', 'principal_id', 'ip'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'risk.event_list', resource: 'risk_event' },
  input: z.object({
    severity: fields.optional(severityField()).describe('Only events of this severity.'),
    principal_type: fields.optional(principalTypeField()).describe('Only events of users, or of agents.'),
    limit: fields.optional(fields.count(limitMax, 1)).describe('Maximum number of events. Default: 50.'),
    offset: fields.optional(fields.count(offsetMax)).describe('Number of events to skip. Default: 0.'),
  }),
  output: z.object({ events: z.array(RiskEventBody) }).meta({ id: 'RiskEventListResponse' }),
  errors: [],
  run: ({ unit }, { severity, principal_type, limit = limitDefault, offset = 0 }) => {
    const found = newest(unit, severity, principal_type, offset + limit)
    return { events: found.slice(offset).map((event) => riskEventBody(unit.org ?? '', event)) }
  },
})

function newest(unit: Unit, severity: Severity | undefined, type: Suspect['type'] | undefined, limit: number) {
  const options = { reverse: true, limit }
  const of = (index: string, ...tuple: string[]): readonly RiskEvent[] =>
    unit.page(riskEventKind, index, { tuple, ...options })
  if (severity && type) return of('both', severity, type)
  if (severity) return of('severity', severity)
  return type ? of('principal', type) : of('time')
}
