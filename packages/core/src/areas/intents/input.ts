import * as z from 'zod'
import { fields } from '../../operations/index.ts'
import { agentOrMe } from '../agents/index.ts'

// The fields of a transaction, as clients of the contract send them. Whole numbers come as numbers or as text.

/** Text or a number, read as text. A number of JSON is exact only if it is small. */
const textOrNumber = (charactersMax: number, problem: string) =>
  z
    .custom<string | number>(
      (given) => (typeof given === 'string' ? given.length <= charactersMax : Number.isFinite(given)),
      problem,
    )
    .transform(String)

const amount = (what: string) =>
  fields
    .optional(textOrNumber(128, 'must be an amount as text').meta({ type: 'string', maxLength: 128 }))
    .describe(what)
/** In wei, which is too large for numbers of JSON. */
const wei = (what: string) =>
  fields
    .optional(textOrNumber(80, 'must be a whole number as text').meta({ type: 'string', maxLength: 80 }))
    .describe(what)
const whole = (what: string) =>
  fields.optional(textOrNumber(80, 'must be a whole number').meta({ type: 'integer', minimum: 0 })).describe(what)
const text = (max: number, what: string) => fields.optional(fields.text(max)).describe(what)
const list = (what: string) => fields.optional(z.array(z.json(), 'must be a list').max(1_000)).describe(what)

const dataCharactersMax = 300_000
const prebuiltBytesMax = 64 * 1024

/** What every transaction has. */
export const callFields = {
  agent_id: agentOrMe(),
  chain: fields
    .optional(textOrNumber(64, 'must be the name or number of a chain').meta({ type: 'string', maxLength: 64 }))
    .describe('Name or number of the chain, such as base or 8453.'),
  chain_id: fields.optional(fields.count()).describe('Number of the chain. It must agree with chain.'),
  to: text(128, 'Recipient.'),
  value: amount('Amount in the major unit, such as "0.01" ether. Whole numbers from 10^12 are wei. Default: 0.'),
  data: text(dataCharactersMax, 'Calldata, as hexadecimal digits with 0x.'),
  signing_key_path: text(
    512,
    'Path of a secret that holds the key: keys/… or wallets/…. Default: the signing key of the agent, else keys/{chain}-signer.',
  ),
  gas_limit: whole('Maximum of gas. Default: 21000, or what a node estimates.'),
}

/** What a transaction that is signed has beside that. */
const transactionFields = {
  ...callFields,
  nonce: whole('Nonce. Default: the next one of the address.'),
  gas_price: wei('Price per gas in wei. Makes a transaction of type 0.'),
  max_fee_per_gas: wei('Most that a unit of gas can cost, in wei.'),
  max_priority_fee_per_gas: wei('Tip per gas, in wei.'),
  simulate_first: fields
    .optional(z.boolean('must be true or false'))
    .describe('Simulate, and sign only if that succeeds. Default: false.'),
  tx_type: whole('Type of the transaction: 0 legacy, 1 access list, 2 dynamic fee, 3 blob, 4 set code.'),
  access_list: list('Addresses and storage keys, for types 1 to 4.'),
  max_fee_per_blob_gas: wei('For type 3, in wei.'),
  blob_versioned_hashes: list('For type 3.'),
  authorization_list: list('For type 4: signed authorizations (EIP-7702).'),
  token_mint: text(256, 'Token to transfer: its contract, mint, or policy and name. Default: the native currency.'),
  token_decimals: fields
    .optional(fields.count(36))
    .describe('Decimal places of the token. Default: those of a known token, else 6.'),
  destination_tag: whole('For the XRP Ledger.'),
  memo: text(1_024, 'For the XRP Ledger, Solana and Tron.'),
  fee_rate_sat_per_vbyte: whole('For Bitcoin.'),
  fee_limit_sun: whole('For Tron.'),
  ttl: whole('For Cardano: the last slot.'),
  xrpl_tx_json: fields.optional(fields.freeObject(prebuiltBytesMax)).describe('A whole transaction of the XRP Ledger.'),
  tron_transaction: fields.optional(fields.freeObject(prebuiltBytesMax)).describe('A whole transaction of Tron.'),
  mode: fields
    .optional(z.enum(['eoa', 'smart_account', 'treasury'], 'must be eoa, smart_account or treasury'))
    .describe(
      'eoa: the key signs itself. smart_account: the Safe of the agent makes the call, through a bundler. treasury: makes a proposal of a treasury. Default: eoa.',
    ),
  treasury_id: fields
    .optional(fields.id())
    .describe('For mode treasury. Default: the only treasury on the chain with a delegation for the agent.'),
  gasless: fields
    .optional(z.boolean('must be true or false'))
    .describe('For mode smart_account, which it implies: whether a paymaster pays the fees. Default: false.'),
  approval_id: fields
    .optional(fields.id())
    .describe('Asks for the transaction of an approval instead of a new one. Everything else must be the same.'),
  raw_transaction: text(prebuiltBytesMax * 2, 'A whole transaction in base64, not for EVM chains.'),
}

export const CallInput = z.object(callFields)
export const TransactionInput = z.object(transactionFields)

export type TransactionInput = z.output<typeof TransactionInput>
export type CallInput = Partial<TransactionInput> & z.output<typeof CallInput>

/** The fields that a family reads by name, without those that Pawl reads. */
export function fieldsOf(input: CallInput): Readonly<Record<string, unknown>> {
  const {
    agent_id,
    chain,
    chain_id,
    to,
    value,
    signing_key_path,
    simulate_first,
    approval_id,
    mode,
    treasury_id,
    gasless,
    ...rest
  } = input
  return Object.fromEntries(Object.entries(rest).filter(([, one]) => one !== undefined))
}
