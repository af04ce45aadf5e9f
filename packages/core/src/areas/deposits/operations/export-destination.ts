import * as z from 'zod'
import { families } from '../../../families/index.ts'
import { confirmField, confirmHeader, fields, operation } from '../../../operations/index.ts'
import { findChain } from '../../chains/index.ts'
import { exportedKey } from '../../signers/index.ts'
import { ownDestination } from '../access.ts'
import { destinationNotFound, keyOfWallet } from '../errors.ts'
import { keyOf } from '../key.ts'
import { destinationRef } from '../schemas.ts'

export const exportDestination = operation({
  name: 'deposits.export',
  summary: 'Read the private key of a deposit destination, to move what arrived there. Needs a proof that it is you.',
  http: {
    method: 'POST',
    path: '/v1/deposit-destinations/{destination_id}/export',
    status: 200,
    id: 'exportDepositDestination',
    tag: 'Treasury',
    headers: confirmHeader,
  },
  command: { name: 'deposit-destination export' },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'deposits.export' },
  audit: {
    action: 'deposit_destination.export',
    resource: 'deposit_destination',
    about: ({ destination_id }) => ({ id: destination_id }),
  },
  input: z.object({ ...destinationRef, auth_confirm: confirmField() }),
  output: z
    .object({ chain: z.string(), address: z.string(), private_key: fields.shownSecret() })
    .meta({ id: 'DepositDestinationKey' }),
  reveals: ['private_key'],
  errors: [destinationNotFound, keyOfWallet],
  run: (context, { destination_id: id }) => {
    const { chain, address, walletId } = ownDestination(context, id)
    if (walletId !== null) throw keyOfWallet()
    const registered = findChain(context.unit, chain)
    const family = registered && families[registered.family]
    if (!family) throw destinationNotFound()
    return { chain, address, private_key: exportedKey(context, keyOf(context, id, family)) }
  },
})
