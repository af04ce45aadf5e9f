import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { fields, type UnitContext } from '../../operations/index.ts'
import type { Wanted } from './limits.ts'
import { chainAndNumber, networkFields } from './network.ts'
import type { Treasury } from './records.ts'
import { addressField, treasuryRef } from './schemas.ts'

// A proposal as three kinds of clients write it (web3.md 6.2). Amounts are in wei in all of them.

const wei = () =>
  fields
    .optional(
      z
        .custom<string | number>(
          (given) => (typeof given === 'number' ? Number.isSafeInteger(given) && given >= 0 : isWei(given)),
          'must be a whole number of wei, without a decimal point',
        )
        .transform((given) => BigInt(given).toString())
        .meta({ type: 'string', maxLength: 80 }),
    )
    .describe('Amount in wei. Default: 0.')

function isWei(given: unknown): boolean {
  if (typeof given !== 'string' || !/^(?:0|[1-9][0-9]{0,77}|0x[0-9a-fA-F]{1,64})$/.test(given)) return false
  return BigInt(given) < 1n << 256n
}

const dataBytesMax = 128 * 1024
const data = () =>
  fields
    .optional(
      fields
        .text(2 + 2 * dataBytesMax)
        .regex(/^0x(?:[0-9a-fA-F]{2})*$/, 'must be hexadecimal digits that begin with 0x')
        .transform((given) => given.slice(2).toLowerCase()),
    )
    .describe('Calldata. Default: none.')

const hash = () => fields.text(66).regex(/^0x[0-9a-fA-F]{64}$/, 'must be 0x and 64 hexadecimal digits')

export const proposalInput = z.object({
  ...treasuryRef,
  to_address: fields.optional(addressField()).describe('Recipient, or the contract that is called.'),
  to: fields.optional(addressField()).describe('The same as to_address.'),
  value_wei: wei(),
  value: wei(),
  data_hex: data(),
  data: data(),
  ...networkFields,
  operation: fields
    .optional(z.union([z.literal(0), z.literal(1)], 'must be 0 or 1'))
    .describe('0: a call. 1: a delegatecall, which only a human proposes. Default: 0.'),
  nonce: fields.optional(fields.count()).describe('Nonce of the Safe. Default: the next one.'),
  safe_tx_hash: fields
    .optional(hash())
    .describe('The hash that you computed. It must be the right one. It needs a nonce.'),
})

export type ProposalInput = z.output<typeof proposalInput>

export const hashField = hash

/** The proposed transaction, from either spelling of the fields. */
export function wantedFrom(context: UnitContext, treasury: Treasury, input: ProposalInput): Wanted {
  const { chain, chainId, safeAddress, safeVersion } = treasury
  const network = chainAndNumber(context, input, chain)
  if (network.chain !== chain) {
    throw invalidField(input.chain === undefined ? 'chain_id' : 'chain', `must be ${chain}, the chain of the treasury`)
  }
  const to = one('to_address', input.to_address, 'to', input.to)
  if (to === undefined) throw invalidField('to_address', 'is missing')
  return {
    safe: { safeAddress, safeVersion, chain, chainId },
    to,
    value: one('value_wei', input.value_wei, 'value', input.value) ?? '0',
    data: one('data_hex', input.data_hex, 'data', input.data) ?? '',
    operation: input.operation ?? 0,
  }
}

/** The value of two fields that mean the same. */
function one(name: string, value: string | undefined, alias: string, other: string | undefined): string | undefined {
  if (value !== undefined && other !== undefined && value !== other)
    throw invalidField(alias, `must be the same as ${name}`)
  return value ?? other
}
