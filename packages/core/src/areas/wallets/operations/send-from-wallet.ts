import * as z from 'zod'
import { type AmountUnit, parseAmount, showAmount } from '../../../families/index.ts'
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
  signedIn,
} from '../../../operations/index.ts'
import { type RegisteredChain, tokensOf } from '../../chains/index.ts'
import { requireRoom } from '../../guardrails/index.ts'
import { chainOf, notSupportedHere, type Transaction, TransactionInput } from '../../intents/index.ts'
import { chainNotConfigured, chainUnavailable, keyUnusable, orInvalid } from '../../signers/index.ts'
import { accessLayers, usableWallet, walletIdField } from '../access.ts'
import { checkPasskey, sendDigests } from '../digest.ts'
import { paymentRefused, walletNotFound } from '../errors.ts'
import { judge, refusePayment } from '../limits.ts'
import { checkEther, pay, paymentOf, stagePayment } from '../pay.ts'
import { passkeyFields, passkeyHeaders } from '../proofs.ts'
import { chainField } from '../schemas.ts'

const { to, value, data, gas_limit, gasless: gaslessField, token_mint, token_decimals } = TransactionInput.shape
const { memo, destination_tag, fee_rate_sat_per_vbyte, fee_limit_sun, xrpl_tx_json, ttl } = TransactionInput.shape

/** What the request of a transaction takes beside recipient and amount. */
const requestFields = {
  ...{ data, gas_limit, token_mint, token_decimals, memo, destination_tag },
  ...{ fee_rate_sat_per_vbyte, fee_limit_sun, xrpl_tx_json, ttl },
}

const SendInput = z.object({
  chain: chainField(),
  wallet_id: walletIdField(),
  to,
  value_wei: value.describe('Amount in the smallest unit. With a decimal point: in the major unit.'),
  amount: value.describe('Amount in the major unit, such as "0.5".'),
  value: value.describe('Amount in the major unit. On EVM chains, whole numbers from 10^12 are wei.'),
  ...requestFields,
  token_contract: token_mint.describe('The same as token_mint.'),
  token_address: token_mint.describe('The same as token_mint.'),
  gasless: gaslessField.describe('A wallet has no smart account, so true is refused. Default: false.'),
  auth_confirm: confirmField(),
  ...passkeyFields,
})

type SendInput = z.output<typeof SendInput>

/** An operation needs a Safe. */
const gasless = {
  what: 'gasless payments of wallets',
  instead: 'Pawl records no Safe for a wallet. Omit gasless, or pay with the smart account of an agent.',
}

const SentBody = z.object({
  id: fields.id(),
  tx_hash: z.string(),
  from: z.string(),
  to: z.string(),
  value_wei: z.string().describe('In the smallest unit of the chain, or of the token.'),
  amount: z
    .string()
    .describe('In the major unit. Of a token whose decimal places are not known: in the smallest unit.'),
  chain: z.string(),
  status: z.string().describe('broadcast: a node accepted it. signed: Pawl sends it again. failed: no node takes it.'),
  error_message: z.string().optional(),
})

export const sendFromWallet = operation({
  name: 'wallets.send',
  summary: 'Pay from your wallet. Spend policies of connected apps apply.',
  http: {
    method: 'POST',
    path: '/v1/treasury/wallets/{chain}/send',
    status: 200,
    id: 'sendFromTreasuryWallet',
    tag: 'Treasury Wallets',
    headers: passkeyHeaders,
  },
  command: { name: 'wallet send', positionals: ['chain', 'to', 'value'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  // A passkey proves it too, for exactly this transaction: `checkPasskey`.
  confirms: { purpose: 'treasury_wallet.send', when: ({ input }) => input.passkey_token === undefined },
  audit: {
    action: 'treasury_wallet.send',
    resource: 'transaction',
    about: ({ chain, to: recipient }) => ({ chain, to: recipient ?? '' }),
    settled: 'treasury_wallet.sign',
  },
  input: SendInput,
  output: SentBody,
  idempotent: true,
  errors: [
    ...[walletNotFound, paymentRefused, notSupportedHere, keyUnusable],
    ...[chainNotConfigured, chainUnavailable, ...confirmationErrors],
  ],
  run: (context, input) => {
    if (input.gasless) throw notSupportedHere(gasless)
    const network = chainOf(context, { chain: input.chain, chain_id: undefined })
    const { chain, family } = network
    const asked = { walletId: input.wallet_id, network: chain.name, permission: 'send' as const }
    const { wallet, access } = usableWallet(context, family.keyChain, asked)
    const { base, unit, decimals, token } = amountOf(context, chain, input)
    const request = { to: input.to || null, value: base, fields: fieldsOf(input, token, decimals) }
    const payment = paymentOf(context, wallet, network, request)
    const digested = {
      chain: input.chain,
      to: input.to ?? '',
      value: base.toString(),
      fields: askedFields(input, token),
      walletId: input.wallet_id,
    }
    checkPasskey(context, input, sendDigests(context, digested))
    const decision = judge(
      context,
      wallet.userId,
      chain,
      family.effects(payment.draft),
      accessLayers(context, access?.id, chain),
    )
    if (decision.outcome !== 'allowed') return new CommitThenThrow(refusePayment(context, decision))
    requireRoom(context, decision)
    const { org } = signedIn(context)
    const { id } = stagePayment(context, org, payment, { unit, accessId: access?.id })
    const signing = { org, by: actorOf(context) }
    return new AfterCommit({ id, chain: chain.name, value_wei: base.toString() }, async (engine) =>
      sentBody(await pay(engine, signing, id), decimals),
    )
  },
})

/** What the caller asked for beside recipient and amount, under the names of the contract. */
function askedFields(input: SendInput, token: string): Readonly<Record<string, unknown>> {
  const given = Object.keys(requestFields).map((name) => [name, input[name as keyof typeof requestFields]] as const)
  const asked = Object.fromEntries(given.filter(([, one]) => one !== undefined && one !== ''))
  return token === '' ? asked : { ...asked, token_mint: token }
}

/** The same for the family, with the decimal places of the token, which some families sign too. */
function fieldsOf(input: SendInput, token: string, decimals: number | null): Readonly<Record<string, unknown>> {
  const asked = askedFields(input, token)
  return token === '' || decimals === null ? asked : { ...asked, token_decimals: decimals }
}

interface Asked {
  readonly base: bigint
  readonly unit: AmountUnit
  /** Null: nothing says how many the token has. */
  readonly decimals: number | null
  /** Empty: the native currency. */
  readonly token: string
}

function amountOf({ unit: reads }: Pick<Context, 'unit'>, chain: RegisteredChain, input: SendInput): Asked {
  const token = sameOf(input, ['token_mint', 'token_contract', 'token_address']) ?? ''
  const isNative = token === ''
  const known = tokensOf(reads, chain.name).find(({ contract }) => contract.toLowerCase() === token.toLowerCase())
  if (known && input.token_decimals !== undefined && input.token_decimals !== known.decimals) {
    throw invalidField('token_decimals', `must be ${known.decimals} for this token`)
  }
  const decimals = isNative ? chain.decimals : (known?.decimals ?? input.token_decimals ?? null)
  const amounts = (['value_wei', 'amount', 'value'] as const).flatMap((field) => {
    const given = input[field]
    if (given === undefined || given === '') return []
    const kind = { decimals: decimals ?? 0, field, isWholeBase: isNative && chain.family === 'evm' }
    const read = orInvalid(() => parseAmount(given, kind))
    if (decimals === null && read.unit === 'major') throw invalidField('token_decimals', 'is missing for this token')
    return [read]
  })
  const [first = { base: 0n, unit: 'base' as const }] = amounts
  if (amounts.some(({ base }) => base !== first.base)) throw invalidField('value', 'contradicts value_wei or amount')
  if (isNative) checkEther(chain, first.base, 'value')
  return { ...first, decimals, token }
}

/** The one value of fields that mean the same. */
function sameOf<K extends keyof SendInput>(input: SendInput, names: readonly K[]): SendInput[K] | undefined {
  const given = names.filter((name) => input[name] !== undefined && input[name] !== '')
  const [first] = given
  for (const name of given) if (first && input[name] !== input[first]) throw invalidField(name, `contradicts ${first}`)
  return first && input[first]
}

function sentBody(one: Transaction, decimals: number | null): z.infer<typeof SentBody> {
  const { id, hash, from, chain, status, error } = one
  const value_wei = one.request.value
  return {
    ...{
      id,
      tx_hash: hash ?? '',
      from,
      to: one.to,
      value_wei,
      amount: showAmount(BigInt(value_wei), decimals ?? 0),
      chain,
      status,
    },
    ...(error !== null && { error_message: error }),
  }
}
