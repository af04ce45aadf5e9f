import * as z from 'zod'
import { denied, fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { treasuryAt } from '../access.ts'
import { treasuryNotFound } from '../errors.ts'
import { treasuryKind } from '../records.ts'
import { TreasuryBody, treasuryBody, treasuryRef } from '../schemas.ts'
import { signersMax } from '../signers.ts'

export const updateTreasury = operation({
  name: 'treasury.update',
  summary: 'Change a treasury. A threshold counts for new proposals, and the threshold of the contract stays as it is.',
  http: { method: 'PATCH', path: '/v1/treasury/{treasury_id}', status: 200, id: 'updateTreasury', tag: 'Treasury' },
  effect: 'write',
  access: { permission: 'manage', resource: ({ treasury_id }) => treasuryAt(treasury_id), signedIn: ['user'] },
  audit: {
    action: 'treasury.update',
    resource: 'treasury',
    about: ({ treasury_id, threshold, executor_agent_id }) => ({ id: treasury_id, threshold, executor_agent_id }),
  },
  input: z.object({
    ...treasuryRef,
    name: fields.optional(fields.name()).describe('Name for people.'),
    threshold: fields.optional(fields.count(signersMax, 1)).describe('How many signers must approve.'),
    executor_agent_id: fields
      .clearable(fields.id())
      .describe('Agent whose signing key pays the gas. Null: an agent that has approved the proposal.'),
  }),
  output: TreasuryBody,
  errors: [treasuryNotFound, agentNotFound, denied],
  run: (context, { treasury_id, name, threshold, executor_agent_id }) => {
    const { unit } = context
    const before = unit.require(treasuryKind, treasury_id, treasuryNotFound)
    // The key of the agent pays, so only the people who run the agent can choose it.
    if (executor_agent_id) agentAt(executor_agent_id).authorize(context, 'run')
    const treasury = {
      ...before,
      ...(name !== undefined && { name }),
      ...(threshold !== undefined && { threshold }),
      ...(executor_agent_id !== undefined && { executorId: executor_agent_id }),
    }
    unit.put(treasuryKind, treasury)
    return treasuryBody(unit, treasury)
  },
})
