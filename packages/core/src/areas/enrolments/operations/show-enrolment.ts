import * as z from 'zod'
import { notAuthenticated, operation } from '../../../operations/index.ts'
import { enrolmentNotFound } from '../errors.ts'
import { decidable, enrolmentRef } from '../pending.ts'
import { EnrolmentBody, enrolmentBody } from '../schemas.ts'

export const showEnrolment = operation({
  name: 'enrolments.show',
  summary: 'Get a pending request of an agent, by the token of its link or by its ID.',
  http: { method: 'POST', path: '/v1/agents/enroll/show', status: 200, id: 'showEnrollment', tag: 'Agents' },
  command: null,
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'agent.enroll_read', resource: 'enrollment', about: (_, shown) => (shown ? { id: shown.id } : {}) },
  input: z.object(enrolmentRef),
  output: EnrolmentBody,
  errors: [notAuthenticated, enrolmentNotFound],
  run: (context, ref) => enrolmentBody(decidable(context, ref)),
})
