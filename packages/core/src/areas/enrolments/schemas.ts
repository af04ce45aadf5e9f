import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { Enrolment } from './pending.ts'

/** A request of an agent, for the user who decides. */
export const EnrolmentBody = z
  .object({
    id: fields.id(),
    name: z.string(),
    description: z.string(),
    is_paired: z.boolean().describe('Whether the agent shows a fingerprint, and collects its key itself.'),
    requested_from: z.string().describe('IP address of the agent. Empty: unknown.'),
    requested_at: fields.shownTime(),
    expires_at: fields.shownTime(),
  })
  .meta({ id: 'PendingEnrollment' })

export function enrolmentBody(enrolment: Enrolment): z.infer<typeof EnrolmentBody> {
  const { id, name, description, from, requestedAt, expiresAt, pairing } = enrolment
  return {
    ...{ id, name, description, is_paired: pairing !== null, requested_from: from },
    ...{ requested_at: rfc3339(requestedAt), expires_at: rfc3339(expiresAt) },
  }
}
