import * as z from 'zod'
import { type Family, parseAmount } from '../../../families/index.ts'
import { invalidField } from '../../../kernel/errors.ts'
import {
  AfterCommit,
  actorOf,
  CommitThenThrow,
  type Context,
  confirmationErrors,
  confirmField,
  fields,
  operation,
  serviceFailed,
  serviceNotConfigured,
  signedIn,
} from '../../../operations/index.ts'
import type { SwapWanted } from '../../../ports/money.ts'
import { type RegisteredChain, tokensOf } from '../../chains/index.ts'
import { chainOf } from '../../intents/index.ts'
import { chainNotConfigured, chainUnavailable, keyUnusable, orInvalid } from '../../signers/index.ts'
import { usableWallet, walletIdField } from '../access.ts'
import { checkPasskey, swapDigests } from '../digest.ts'
import { paymentRefused, walletNotFound } from '../errors.ts'
import { signerOf } from '../keys.ts'
import { checkEther } from '../pay.ts'
import { passkeyFields, passkeyHeaders } from '../proofs.ts'
import { chainField } from '../schemas.ts'
import { requireService } from '../services.ts'
import { quoteFor, refusalOf, swap } from '../swap.ts'

const tokenField = (what: string) =>
  fields.text(64, 1).describe(`Contract of the token to ${what}, or native for the currency of the chain.`)

const SwapInput = z.object({
  chain: chainField(),
  wallet_id: walletIdField(),
  sell_token: tokenField('sell'),
  buy_token: tokenField('buy'),
  sell_amount: fields.text(128, 1).describe('In the smallest unit. With a decimal point: in the major unit.'),
  slippage_percentage: fields
    .optional(
      z
        .union([z.number(), z.string()])
        .transform(String)
        .pipe(z.string().regex(/^\d{1,2}(?:\.\d{1,2})?$/, 'must be a percentage such as 0.5')),
    )
    .describe('How much worse the price can get, in percent. Default: 1.'),
  auth_confirm: confirmField(),
  ...passkeyFields,
})

export const swapFromWallet = operation({
  name: 'wallets.swap',
  summary: 'Swap tokens of your wallet at the quote of a configured service. Only on EVM chains.',
  http: {
    method: 'POST',
    path: '/v1/treasury/wallets/{chain}/swap',
    status: 200,
    id: 'swapFromTreasuryWallet',
    tag: 'Treasury Wallets',
    headers: passkeyHeaders,
  },
  command: { name: 'wallet swap', positionals: ['chain', 'sell_token', 'buy_token', 'sell_amount'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  // A passkey proves it too, for exactly this swap: `checkPasskey`.
  confirms: { purpose: 'treasury_wallet.swap', when: ({ input }) => input.passkey_token === undefined },
  audit: {
    action: 'treasury_wallet.swap',
    resource: 'treasury_wallet',
    about: ({ chain, sell_token, buy_token, sell_amount }) => ({ chain, sell_token, buy_token, sell_amount }),
    settled: 'treasury_wallet.sign',
  },
  input: SwapInput,
  output: z.object({
    tx_hash: z.string(),
    sell_token: z.string(),
    buy_token: z.string(),
    sell_amount: z.string(),
    buy_amount: z.string().describe('What the service expects, in the smallest unit.'),
    chain: z.string(),
    status: z.string(),
  }),
  idempotent: true,
  errors: [
    ...[walletNotFound, paymentRefused, serviceNotConfigured, serviceFailed, keyUnusable],
    ...[chainNotConfigured, chainUnavailable, ...confirmationErrors],
  ],
  run: (context, input) => {
    const { chain: named, sell_token, buy_token, sell_amount } = input
    requireService(context, 'swaps')
    const { chain, family } = chainOf(context, { chain: named, chain_id: undefined })
    if (chain.family !== 'evm' || chain.chainId === null) throw invalidField('chain', 'must be an EVM chain')
    const asked = { walletId: input.wallet_id, network: chain.name, permission: 'swap' as const }
    const { wallet, access } = usableWallet(context, family.keyChain, asked)
    const sellToken = contractOf(sell_token, family, chain)
    const wanted: SwapWanted = {
      ...{ chainId: chain.chainId, wallet: family.address(signerOf(context.unit, wallet).publicKey, chain) },
      ...{ sellToken, buyToken: contractOf(buy_token, family, chain) },
      sellAmount: sellAmount(context, chain, sellToken, sell_amount),
      slippageBps: Math.round(Number(input.slippage_percentage ?? '1') * 100),
    }
    if (wanted.sellToken === wanted.buyToken) throw invalidField('buy_token', 'must differ from sell_token')
    checkPasskey(context, input, swapDigests(context, [named, sell_token, buy_token, sell_amount], input.wallet_id))
    const quote = quoteFor(context, wanted)
    const quoted = { walletId: wallet.id, accessId: access?.id, chain: chain.name, wanted, quote }
    const refused = refusalOf(context, quoted)
    if (refused) return new CommitThenThrow(refused)
    const signing = { org: signedIn(context).org, by: actorOf(context) }
    return new AfterCommit({ chain: chain.name }, async (engine) => {
      const { hash, status, buyAmount } = await swap(engine, signing, quoted)
      return {
        ...{ tx_hash: hash ?? '', sell_token, buy_token, sell_amount: wanted.sellAmount.toString() },
        ...{ buy_amount: buyAmount.toString(), chain: chain.name, status },
      }
    })
  },
})

/** What aggregators write for the native currency. */
const nativeMark = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'

function contractOf(token: string, family: Family, chain: RegisteredChain): string | null {
  const text = token.trim()
  if (text.toLowerCase() === 'native' || text.toLowerCase() === nativeMark) return null
  return orInvalid(() => family.canonical(text, chain))
}

function sellAmount(
  { unit }: Pick<Context, 'unit'>,
  chain: RegisteredChain,
  token: string | null,
  given: string,
): bigint {
  const known = tokensOf(unit, chain.name).find(({ contract }) => contract.toLowerCase() === token?.toLowerCase())
  const decimals = token === null ? chain.decimals : (known?.decimals ?? null)
  const kind = { decimals: decimals ?? 0, field: 'value_wei', isWholeBase: true } as const
  const { base } = orInvalid(() => parseAmount(given, kind), 'sell_amount')
  if (base === 0n) throw invalidField('sell_amount', 'must be more than 0')
  if (token === null) checkEther(chain, base, 'sell_amount')
  return base
}
