import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { verdictKind } from '../records.ts'
import { RiskVerdictBody, verdictBody } from '../schemas.ts'
import { isActive } from '../verdicts.ts'

/** The newest verdicts that are looked at. Those before have ended, or there are too many to be read. */
const verdictsMax = 1_000

export const listVerdicts = operation({
  name: 'risk.verdicts',
  summary: 'List the active risk verdicts of your organisation, the newest first.',
  http: { method: 'GET', path: '/v1/risk/verdicts', status: 200, id: 'listRiskVerdicts', tag: 'Risk Engine' },
  command: { columns: ['computed_at', 'severity', 'principal_type', 'principal_id', 'expires_at'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'risk.verdict_list', resource: 'risk_verdict' },
  input: z.object({}),
  output: z.object({ verdicts: z.array(RiskVerdictBody) }).meta({ id: 'RiskVerdictListResponse' }),
  errors: [],
  run: ({ unit, now }) => {
    const newest = unit.page(verdictKind, 'computed', { reverse: true, limit: verdictsMax })
    const active = newest.filter((verdict) => isActive(unit, verdict, now))
    return { verdicts: active.map((verdict) => verdictBody(unit.org ?? '', verdict)) }
  },
})
