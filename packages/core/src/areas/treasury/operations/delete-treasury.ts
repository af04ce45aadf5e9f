import * as z from 'zod'
import { denied, operation, signedIn } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { treasuryNotFound } from '../errors.ts'
import { treasuryKind } from '../records.ts'
import { dropTreasuryJob } from '../remove.ts'
import { treasuryRef } from '../schemas.ts'

export const deleteTreasury = operation({
  name: 'treasury.delete',
  summary: 'Remove a treasury with its signers and proposals. The contract and its money stay as they are.',
  http: { method: 'DELETE', path: '/v1/treasury/{treasury_id}', status: 204, id: 'deleteTreasury', tag: 'Treasury' },
  effect: 'write',
  access: { permission: 'manage', resource: ({ treasury_id }) => treasuryAt(treasury_id), signedIn: ['user'] },
  audit: { action: 'treasury.delete', resource: 'treasury', about: ({ treasury_id }) => ({ id: treasury_id }) },
  input: z.object(treasuryRef),
  output: z.undefined(),
  errors: [treasuryNotFound, denied],
  run: (context, { treasury_id }) => {
    const { unit, jobs } = context
    unit.delete(treasuryKind, unit.require(treasuryKind, treasury_id, treasuryNotFound))
    context.waitForJob(jobs.stage(unit, dropTreasuryJob, { org: signedIn(context).org, id: treasury_id }))
    return undefined
  },
})
