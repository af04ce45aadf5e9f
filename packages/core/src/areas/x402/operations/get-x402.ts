import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { x402ConfigOf } from '../records.ts'
import { tokenOf } from '../requirement.ts'
import { X402Body, x402Body } from '../schemas.ts'

export const getX402 = operation({
  name: 'x402.get',
  summary: 'Get how calls over the limit of a tier are paid. For the operator.',
  http: { method: 'GET', path: '/v1/admin/x402', status: 200, id: 'adminGetX402Config', tag: 'Admin' },
  command: { name: 'admin payments' },
  effect: 'read',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'payment_config.read', resource: 'x402' },
  input: z.object({}),
  output: X402Body,
  errors: [],
  run: ({ unit }) => {
    const config = x402ConfigOf(unit)
    return x402Body(config, tokenOf(unit, config.network)?.contract ?? null)
  },
})
