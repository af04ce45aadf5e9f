import * as z from 'zod'
import { families } from '../../../families/index.ts'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, operation, principalOf, signedIn } from '../../../operations/index.ts'
import { findChain } from '../../chains/index.ts'
import { accountNotFound, ownAccount } from '../../ledger/index.ts'
import { chainNotConfigured } from '../../signers/index.ts'
import { chainNotWatchable, destinationsFull, walletUnknown } from '../errors.ts'
import { newAddress, walletAddress } from '../key.ts'
import { type Destination, destinationKind } from '../records.ts'
import { DestinationBody, destinationBody } from '../schemas.ts'
import { requireWatchable, watch } from '../watched.ts'

const destinationsMax = 1_000

export const createDestination = operation({
  name: 'deposits.create',
  summary:
    'Create an address that people can pay to. What arrives there is recorded, and credited to an internal account.',
  http: {
    method: 'POST',
    path: '/v1/deposit-destinations',
    status: 201,
    id: 'createDepositDestination',
    tag: 'Treasury',
  },
  command: { name: 'deposit-destination create', positionals: ['chain'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'deposit_destination.create',
    resource: 'deposit_destination',
    about: ({ chain, auto_credit_account_id }, made) => {
      return { id: made?.id, chain: made?.chain ?? chain, address: made?.address, account_id: auto_credit_account_id }
    },
  },
  input: z.object({
    chain: fields.text(64, 1).describe('Name or number of a chain, such as base. A node of it must be configured.'),
    label: fields.optional(fields.plainText(255)).describe('Name for people.'),
    metadata: fields.optional(fields.freeObject(4_096)).describe('Your own data, such as an order number.'),
    treasury_wallet_id: fields
      .optional(fields.id())
      .describe('Your treasury wallet whose address it is. Default: the destination gets an address of its own.'),
    auto_credit_account_id: fields
      .optional(fields.id())
      .describe('Your internal account that gets the deposits. Default: none, so deposits are only recorded.'),
  }),
  output: DestinationBody,
  idempotent: true,
  errors: [destinationsFull, accountNotFound, walletUnknown, chainNotConfigured, chainNotWatchable],
  run: (context, { chain: named, label = null, metadata = null, ...ids }) => {
    const { unit, now, newId } = context
    const { treasury_wallet_id: walletId = null, auto_credit_account_id: accountId = null } = ids
    const caller = signedIn(context)
    const chain = findChain(unit, named)
    const family = chain && families[chain.family]
    if (!chain?.isEnabled || !family) throw invalidField('chain', 'is not an enabled chain. GET /v1/chains lists them')
    if (accountId !== null) ownAccount(context, accountId)
    if (accountId !== null && chain.isTestnet) {
      throw invalidField(
        'auto_credit_account_id',
        'must be left out, because money of a test network is never credited',
      )
    }
    requireWatchable(context, chain)
    const own = unit.list(destinationKind, 'creator', caller.kind, caller.id)
    if (own.length >= destinationsMax) throw destinationsFull({ max: destinationsMax })
    const id = newId()
    const address =
      walletId === null ? newAddress(context, id, family, chain) : walletAddress(context, walletId, family, chain)
    const where = { chain: chain.name, address, walletId }
    const given = { label, metadata, status: 'active', accountId } as const
    const destination: Destination = { id, createdBy: principalOf(caller), ...where, ...given, createdAt: now }
    unit.put(destinationKind, destination)
    watch(unit, destination)
    return destinationBody(caller.org, destination)
  },
})
