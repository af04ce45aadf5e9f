import { area } from '../../operations/index.ts'
import { x402Operations } from './operations/index.ts'
import { x402Payment } from './pay.ts'
import { claimKind, x402ConfigKind } from './records.ts'

export { x402ConfigOf } from './records.ts'

export const x402 = area({
  name: 'x402',
  summary: 'Payments for single calls, by the x402 protocol.',
  uses: ['chains'],
  operations: x402Operations,
  reports: ['payment.settle'],
  kinds: [x402ConfigKind, claimKind],
  payments: x402Payment,
})
