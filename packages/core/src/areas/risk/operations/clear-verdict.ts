import * as z from 'zod'
import { denied, fields, operation, signedIn } from '../../../operations/index.ts'
import { verdictNotFound } from '../errors.ts'
import { learnFrom } from '../judge.ts'
import { principalTypeField } from '../schemas.ts'
import { activeVerdict, clear } from '../verdicts.ts'

export const clearVerdict = operation({
  name: 'risk.clearVerdict',
  summary: 'Clear the risk verdict about a user or an agent, who can sign in again. Tokens that have ended stay so.',
  http: {
    method: 'DELETE',
    path: '/v1/risk/verdicts/{principal_type}/{principal_id}',
    status: 204,
    id: 'clearRiskVerdict',
    tag: 'Risk Engine',
  },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'risk.verdict_clear',
    resource: 'risk_verdict',
    about: ({ principal_id }) => ({ id: principal_id }),
  },
  input: z.object({ principal_type: principalTypeField(), principal_id: fields.id() }),
  output: z.undefined(),
  errors: [verdictNotFound, denied],
  run: (context, { principal_type: type, principal_id: id }) => {
    const { unit, now } = context
    // A thief with a stolen token of an owner would otherwise begin with this.
    if (signedIn(context).id === id)
      throw denied({ reason: 'Another owner or admin must clear the verdict about you.' })
    const verdict = activeVerdict(unit, { type, id }, now)
    if (!verdict) throw verdictNotFound()
    clear(unit, verdict)
    learnFrom(unit, verdict, now)
    return undefined
  },
})
