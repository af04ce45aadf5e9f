import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { isWaiting } from '../policy.ts'
import { policyKind } from '../records.ts'
import { PolicyBody, policyBody } from '../schemas.ts'

export const listInboundPolicies = operation({
  name: 'policies.inbound',
  summary: 'List the policies of agents that wait until the caller accepts them.',
  http: { method: 'GET', path: '/v1/policies/inbound', status: 200, id: 'listInboundPolicies', tag: 'Policies' },
  command: { name: 'policy inbox', columns: ['vault_id', 'secret_path_pattern', 'permissions', 'created_by', 'id'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'policy.list', resource: 'policy' },
  input: z.object({}),
  output: z.object({ policies: z.array(PolicyBody) }),
  errors: [],
  run: (context) => {
    const { kind, id } = signedIn(context)
    const waiting = context.unit.list(policyKind, 'principal', kind, id).filter(isWaiting)
    return { policies: waiting.map(policyBody) }
  },
})
