import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { signerExists, treasuryFull, treasuryNotFound } from '../errors.ts'
import { treasuryKind } from '../records.ts'
import { resolve, resolving } from '../resolve.ts'
import { accessBody, accessRef, delegationFields, delegationFrom } from '../schemas.ts'
import { addSigner } from '../signers.ts'

export const approveAccess = operation({
  ...resolving,
  name: 'treasury.approveAccess',
  summary: 'Approve an access request. The agent can propose from then on, within the limits that you give.',
  http: {
    method: 'POST',
    path: '/v1/treasury/{treasury_id}/access-requests/{request_id}/approve',
    status: 200,
    id: 'approveTreasuryAccess',
    tag: 'Treasury',
  },
  command: { name: 'treasury approve-access', positionals: ['treasury_id', 'request_id'] },
  audit: {
    action: 'treasury.access_approve',
    resource: 'treasury',
    about: ({ treasury_id, request_id, auto_add_signer }, made) => ({
      ...{ id: treasury_id, request: request_id, agent_id: made?.agent_id, mode: made?.delegation?.mode },
      auto_add_signer,
    }),
  },
  input: z.object({
    ...accessRef,
    auto_add_signer: fields
      .optional(z.boolean('must be true or false'))
      .describe('Add the address of the agent to the signers. Default: false.'),
    ...delegationFields,
  }),
  errors: [...resolving.errors, signerExists, treasuryFull],
  run: (context, { treasury_id, request_id, auto_add_signer, ...given }) => {
    const resolved = resolve(context, { treasury_id, request_id }, delegationFrom(given, null))
    if (auto_add_signer) {
      const treasury = context.unit.require(treasuryKind, treasury_id, treasuryNotFound)
      addSigner(context, treasury, { signer_type: 'agent', signer_id: resolved.agentId })
    }
    return accessBody(resolved)
  },
})
