import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { principalNotFound } from '../errors.ts'
import { principalTypeField, RiskVerdictBody, verdictBody } from '../schemas.ts'
import { activeVerdict, holderOf } from '../verdicts.ts'

export const getVerdict = operation({
  name: 'risk.verdict',
  summary: 'Get the risk verdict about a user or an agent. Null: there is none.',
  http: {
    method: 'GET',
    path: '/v1/risk/verdicts/{principal_type}/{principal_id}',
    status: 200,
    id: 'getRiskVerdict',
    tag: 'Risk Engine',
  },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'risk.verdict_get', resource: 'risk_verdict', about: ({ principal_id }) => ({ id: principal_id }) },
  input: z.object({ principal_type: principalTypeField(), principal_id: fields.id() }),
  output: z.object({ verdict: RiskVerdictBody.nullable() }),
  errors: [principalNotFound],
  run: ({ unit, now }, { principal_type: type, principal_id: id }) => {
    if (!holderOf(unit, { type, id })) throw principalNotFound()
    const verdict = activeVerdict(unit, { type, id }, now)
    return { verdict: verdict && verdictBody(unit.org ?? '', verdict) }
  },
})
