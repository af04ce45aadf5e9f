import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { accessExists, treasuryNotFound } from '../errors.ts'
import { type TreasuryAccess, treasuryAccessKind } from '../records.ts'
import { AccessBody, accessBody, treasuryRef } from '../schemas.ts'
import { keyOf } from '../signers.ts'

export const requestAccess = operation({
  name: 'treasury.requestAccess',
  summary: 'Ask for access to a treasury, as an agent. A human who manages the treasury decides.',
  http: {
    method: 'POST',
    path: '/v1/treasury/{treasury_id}/access-requests',
    status: 201,
    id: 'requestTreasuryAccess',
    tag: 'Treasury',
  },
  command: { name: 'treasury request-access', positionals: ['treasury_id'] },
  effect: 'write',
  // An agent without access knows the ID from a human.
  access: { permission: 'request', resource: ({ treasury_id }) => treasuryAt(treasury_id), signedIn: ['agent'] },
  audit: {
    action: 'treasury.access_request',
    resource: 'treasury',
    about: ({ treasury_id }, made) => ({ id: treasury_id, request: made?.id }),
  },
  input: z.object({
    ...treasuryRef,
    reason: fields.optional(fields.text(1_000)).describe('Why, in your own words.'),
  }),
  output: AccessBody,
  errors: [treasuryNotFound, accessExists],
  run: (context, { treasury_id, reason = null }) => {
    const { unit, newId, now } = context
    const { id: agentId } = signedIn(context)
    if (!keyOf(context, agentId)) {
      throw invalidField('treasury_id', 'can be asked for only by an agent with a signing key for ethereum')
    }
    if (unit.find(treasuryAccessKind, 'live', treasury_id, agentId)) throw accessExists()
    const asked: TreasuryAccess = {
      ...{ id: newId(), treasuryId: treasury_id, agentId, status: 'pending', reason, requestedAt: now },
      ...{ resolvedBy: null, resolvedAt: null, delegation: null },
    }
    unit.put(treasuryAccessKind, asked)
    return accessBody(asked)
  },
})
