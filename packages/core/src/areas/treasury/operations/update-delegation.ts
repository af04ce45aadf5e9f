import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { accessNotFound } from '../errors.ts'
import { treasuryAccessKind } from '../records.ts'
import { findAccess, resolving } from '../resolve.ts'
import { accessBody, delegationFields, delegationFrom, treasuryRef } from '../schemas.ts'

export const updateDelegation = operation({
  ...resolving,
  name: 'treasury.updateDelegation',
  summary: 'Change what an agent may do with a treasury, or end it.',
  http: {
    method: 'PATCH',
    path: '/v1/treasury/{treasury_id}/delegations/{delegation_id}',
    status: 200,
    id: 'updateTreasuryDelegation',
    tag: 'Treasury',
  },
  command: { name: 'treasury update-delegation', positionals: ['treasury_id', 'delegation_id'] },
  audit: {
    action: 'treasury.delegation_update',
    resource: 'treasury',
    about: ({ treasury_id, delegation_id, is_active }, made) => ({
      ...{ id: treasury_id, delegation: delegation_id, agent_id: made?.agent_id, mode: made?.delegation?.mode },
      is_active,
    }),
  },
  input: z.object({
    ...treasuryRef,
    delegation_id: fields.id().describe('ID of the approved access request.'),
    ...delegationFields,
    is_active: fields.optional(z.boolean('must be true or false')).describe('false: ends the delegation for good.'),
  }),
  run: (context, { treasury_id, delegation_id, is_active, ...given }) => {
    const found = findAccess(context, { treasury_id, request_id: delegation_id })
    if (!found.delegation) throw accessNotFound()
    const changed = { ...found, delegation: is_active === false ? null : delegationFrom(given, found.delegation) }
    context.unit.put(treasuryAccessKind, changed)
    return accessBody(changed)
  },
})
