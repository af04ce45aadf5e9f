import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { ownDestination } from '../access.ts'
import { destinationNotFound } from '../errors.ts'
import { destinationKind } from '../records.ts'
import { resumeJob } from '../resume.ts'
import { DestinationBody, destinationBody, destinationRef, statusField } from '../schemas.ts'
import { watch } from '../watched.ts'

export const updateDestination = operation({
  name: 'deposits.update',
  summary: 'Pause, archive or activate a deposit destination.',
  http: {
    method: 'PATCH',
    path: '/v1/deposit-destinations/{destination_id}',
    status: 200,
    id: 'updateDepositDestination',
    tag: 'Treasury',
  },
  command: { name: 'deposit-destination update' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'deposit_destination.update',
    resource: 'deposit_destination',
    about: ({ destination_id, status }) => ({ id: destination_id, status }),
  },
  input: z.object({
    ...destinationRef,
    status: fields
      .optional(statusField())
      .describe(
        'paused: deposits are recorded, and credited when it is active again. archived: the address is not watched, so what arrives then is never seen.',
      ),
  }),
  output: DestinationBody,
  errors: [destinationNotFound],
  run: (context, { destination_id: id, status }) => {
    const { unit, jobs } = context
    const { org } = signedIn(context)
    const before = ownDestination(context, id)
    const destination = { ...before, status: status ?? before.status }
    unit.put(destinationKind, destination)
    watch(unit, destination)
    if (destination.status === 'active' && before.status !== 'active') jobs.stage(unit, resumeJob, { org, id })
    return destinationBody(org, destination)
  },
})
