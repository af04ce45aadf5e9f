import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { enrolmentsFor } from '../pending.ts'
import { EnrolmentBody, enrolmentBody } from '../schemas.ts'

export const listEnrolments = operation({
  name: 'enrolments.list',
  summary: 'List the agents that ask you for an identity.',
  http: { method: 'GET', path: '/v1/agents/enrollments', status: 200, id: 'listEnrollments', tag: 'Agents' },
  command: { name: 'agent requests', columns: ['name', 'requested_from', 'requested_at', 'id'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'agent.enroll_list', resource: 'enrollment' },
  input: z.object({}),
  output: z.object({ enrollments: z.array(EnrolmentBody) }),
  errors: [],
  run: (context) => {
    const { kind, id } = signedIn(context)
    return { enrollments: enrolmentsFor(context, { kind, id }).map(enrolmentBody) }
  },
})
