import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { ownDestination } from '../access.ts'
import { destinationNotFound } from '../errors.ts'
import { depositKind, scanKind } from '../records.ts'
import { DepositBody, DestinationBody, depositBody, destinationBody, destinationRef } from '../schemas.ts'

const eventsMax = 200

export const getDestination = operation({
  name: 'deposits.get',
  summary: 'Read a deposit destination and its newest 200 deposits.',
  http: {
    method: 'GET',
    path: '/v1/deposit-destinations/{destination_id}',
    status: 200,
    id: 'getDepositDestination',
    tag: 'Treasury',
  },
  command: { name: 'deposit-destination get' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: {
    action: 'deposit_destination.read',
    resource: 'deposit_destination',
    about: ({ destination_id }) => ({ id: destination_id }),
  },
  input: z.object(destinationRef),
  output: z
    .object({ destination: DestinationBody, events: z.array(DepositBody) })
    .meta({ id: 'DepositDestinationDetail' }),
  errors: [destinationNotFound],
  run: (context, { destination_id: id }) => {
    const { unit } = context
    const destination = ownDestination(context, id)
    const newest = unit.get(scanKind, destination.chain)?.read.at(-1)?.height ?? 0
    const deposits = unit.page(depositKind, 'destination', { tuple: [id], reverse: true, limit: eventsMax })
    return {
      destination: destinationBody(signedIn(context).org, destination),
      events: deposits.map((one) => depositBody(one, newest)),
    }
  },
})
