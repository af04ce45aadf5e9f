import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { fields, type UnitContext } from '../../operations/index.ts'
import { enabledChain, type NamedChain } from '../chains/index.ts'

/** The chain of a Safe, by name or number. */
export const networkFields = {
  chain: fields
    .optional(
      z
        .custom<string | number>(
          (given) => (typeof given === 'string' ? given.length <= 64 : Number.isSafeInteger(given)),
          'must be the name or number of a chain',
        )
        .transform(String)
        .meta({ type: 'string', maxLength: 64 }),
    )
    .describe('Name of the chain, such as ethereum. Default: base.'),
  chain_id: fields.optional(fields.count()).describe('Number of the chain. It must agree with chain.'),
}

/** The chain of a Safe, as the caller names it. */
export function chainAndNumber(
  context: Pick<UnitContext, 'unit'>,
  named: NamedChain,
  usual: string,
): { readonly chain: string; readonly chainId: number } {
  const chain = enabledChain(context, named, usual)
  if (chain.family !== 'evm' || chain.chainId === null) throw invalidField('chain', 'must be an EVM chain')
  return { chain: chain.name, chainId: chain.chainId }
}
