import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { visibleTreasuries } from '../access.ts'
import { TreasuryBody, treasuryBody } from '../schemas.ts'

export const listTreasuries = operation({
  name: 'treasury.list',
  summary: 'List treasuries. Owners and admins see all. Others see those that they created, sign for or may use.',
  http: { method: 'GET', path: '/v1/treasury', status: 200, id: 'listTreasuries', tag: 'Treasury' },
  tools: [{ name: 'list_treasuries', summary: 'List the treasuries (Safe multisigs) that you may propose to.' }],
  command: { columns: ['id', 'name', 'chain', 'safe_address', 'threshold'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'treasury.list', resource: 'treasury' },
  input: z.object({}),
  output: z.object({ treasuries: z.array(TreasuryBody) }),
  errors: [],
  run: (context) => ({ treasuries: visibleTreasuries(context).map((one) => treasuryBody(context.unit, one)) }),
})
