import * as z from 'zod'
import { notAuthenticated, operation } from '../../../operations/index.ts'
import { enrolmentNotFound } from '../errors.ts'
import { denyPairing } from '../pairing.ts'
import { decidable, endEnrolment, enrolmentRef } from '../pending.ts'
import { EnrolmentBody, enrolmentBody } from '../schemas.ts'

export const denyEnrolment = operation({
  name: 'enrolments.deny',
  summary: 'Deny the request of an agent. It gets no identity.',
  http: { method: 'POST', path: '/v1/agents/enroll/deny', status: 200, id: 'denyEnrollment', tag: 'Agents' },
  command: { name: 'agent deny', flags: { enrollment_id: 'request' }, columns: ['name', 'id'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'agent.enroll_deny',
    resource: 'enrollment',
    about: (_, denied) => (denied ? { id: denied.id, name: denied.name } : {}),
  },
  input: z.object(enrolmentRef),
  output: EnrolmentBody,
  errors: [notAuthenticated, enrolmentNotFound],
  run: (context, ref) => {
    const enrolment = decidable(context, ref)
    endEnrolment(context, enrolment)
    if (enrolment.pairing) denyPairing(context, enrolment.pairing)
    return enrolmentBody(enrolment)
  },
})
