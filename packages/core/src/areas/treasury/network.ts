import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { fields, type UnitContext } from '../../operations/index.ts'
import { findChain } from '../chains/index.ts'

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

/** The chain that the caller means. One of the two fields is enough. */
export function chainAndNumber(
  { unit }: Pick<UnitContext, 'unit'>,
  { chain: named, chain_id }: { readonly chain?: string | undefined; readonly chain_id?: number | undefined },
  usual: string,
): { readonly chain: string; readonly chainId: number } {
  const field = named === undefined && chain_id !== undefined ? 'chain_id' : 'chain'
  const chain = findChain(unit, named ?? (chain_id === undefined ? usual : String(chain_id)))
  if (!chain?.isEnabled) throw invalidField(field, 'is not an enabled chain. GET /v1/chains lists them')
  if (chain.family !== 'evm' || chain.chainId === null) throw invalidField(field, 'must be an EVM chain')
  if (chain_id !== undefined && chain_id !== chain.chainId) throw invalidField('chain_id', 'does not agree with chain')
  return { chain: chain.name, chainId: chain.chainId }
}
