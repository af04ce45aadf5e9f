import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { destinationKind } from '../records.ts'
import { DestinationBody, destinationBody, statusField } from '../schemas.ts'

export const listDestinations = operation({
  name: 'deposits.list',
  summary: 'List your deposit destinations.',
  http: {
    method: 'GET',
    path: '/v1/deposit-destinations',
    status: 200,
    id: 'listDepositDestinations',
    tag: 'Treasury',
  },
  command: { name: 'deposit-destination list', columns: ['id', 'chain', 'address', 'label', 'status'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'deposit_destination.list', resource: 'deposit_destination' },
  input: z.object({
    chain: fields.optional(fields.text(64, 1)).describe('Only those of this chain. Default: all.'),
    status: fields.optional(statusField()).describe('Only those with this status. Default: all.'),
  }),
  output: z.object({ destinations: z.array(DestinationBody) }).meta({ id: 'DepositDestinationList' }),
  errors: [],
  run: (context, { chain, status }) => {
    const { kind, id, org } = signedIn(context)
    const own = context.unit.list(destinationKind, 'creator', kind, id)
    const wanted = own.filter((one) => (chain ?? one.chain) === one.chain && (status ?? one.status) === one.status)
    return { destinations: wanted.map((one) => destinationBody(org, one)) }
  },
})
