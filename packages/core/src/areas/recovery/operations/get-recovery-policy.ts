import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { policyOf } from '../records.ts'
import { policyBody, RecoveryPolicyBody } from '../schemas.ts'

export const getRecoveryPolicy = operation({
  name: 'recovery.policy',
  summary: 'Get how your organisation recovers lost factors.',
  http: {
    method: 'GET',
    path: '/v1/org/credential-recovery-policy',
    status: 200,
    id: 'getCredentialRecoveryPolicy',
    tag: 'Credential Recovery',
  },
  command: { name: 'recovery policy' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'recovery.policy_read', resource: 'org' },
  input: z.object({}),
  output: RecoveryPolicyBody,
  errors: [],
  run: ({ unit }) => policyBody(policyOf(unit)),
})
