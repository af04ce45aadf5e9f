import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { treasuryNotFound } from '../errors.ts'
import { treasuryKind } from '../records.ts'
import { TreasuryBody, treasuryBody, treasuryRef } from '../schemas.ts'

export const getTreasury = operation({
  name: 'treasury.get',
  summary: 'Read a treasury with its signers.',
  http: { method: 'GET', path: '/v1/treasury/{treasury_id}', status: 200, id: 'getTreasury', tag: 'Treasury' },
  effect: 'read',
  access: { permission: 'see', resource: ({ treasury_id }) => treasuryAt(treasury_id) },
  audit: { action: 'treasury.read', resource: 'treasury', about: ({ treasury_id }) => ({ id: treasury_id }) },
  input: z.object(treasuryRef),
  output: TreasuryBody,
  errors: [treasuryNotFound],
  run: ({ unit }, { treasury_id }) => treasuryBody(unit, unit.require(treasuryKind, treasury_id, treasuryNotFound)),
})
