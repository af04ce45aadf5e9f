import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { type Transaction, transactionKind } from '../../intents/index.ts'
import { walletKind } from '../records.ts'
import { chainField, keyChainOf } from '../schemas.ts'

const shownMax = 200

const PaymentBody = z
  .object({
    id: fields.id(),
    wallet_id: fields.id(),
    chain: z.string(),
    tx_hash: z.string().nullable().describe('Null: nothing was signed.'),
    from: z.string(),
    to: z.string(),
    value_wei: z.string().describe('In the smallest unit of the chain, or of the token.'),
    token_mint: z.string().nullable().describe('Contract of the token. Null: the native currency.'),
    status: z.string(),
    chain_state: z.string().nullable().describe('The outcome on the chain. Null: it is not known yet.'),
    error_message: z.string().nullable(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'WalletPayment' })

export const listPayments = operation({
  name: 'wallets.payments',
  summary: `List the newest ${shownMax} payments of your wallet for a chain, also those of people with access to it.`,
  http: {
    method: 'GET',
    path: '/v1/treasury/wallets/{chain}/payments',
    status: 200,
    id: 'listTreasuryWalletPayments',
    tag: 'Treasury Wallets',
  },
  command: { name: 'wallet payments', columns: ['created_at', 'chain', 'to', 'value_wei', 'status', 'tx_hash'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'treasury_wallet.payments', resource: 'treasury_wallet', about: ({ chain }) => ({ chain }) },
  input: z.object({ chain: chainField() }),
  output: z.object({ payments: z.array(PaymentBody) }).meta({ id: 'WalletPaymentList' }),
  errors: [],
  run: (context, { chain }) => {
    const { unit } = context
    const keyChain = keyChainOf(context, chain)
    const own = unit.list(walletKind, 'user', signedIn(context).id).filter((one) => one.chain === keyChain)
    const paid = own.flatMap(({ id }) =>
      unit.page(transactionKind, 'wallet', { tuple: [id], reverse: true, limit: shownMax }),
    )
    const newest = paid.toSorted((one, other) => other.createdAt - one.createdAt).slice(0, shownMax)
    return { payments: newest.map(paymentBody) }
  },
})

function paymentBody(one: Transaction): z.infer<typeof PaymentBody> {
  const { id, walletId = '', chain, hash, from, to, request, status, chainState, error, createdAt } = one
  const { token_mint: token } = request.fields
  return {
    ...{ id, wallet_id: walletId, chain, tx_hash: hash, from, to, value_wei: request.value },
    ...{ token_mint: typeof token === 'string' ? token : null, status, chain_state: chainState },
    ...{ error_message: error, created_at: rfc3339(createdAt) },
  }
}
