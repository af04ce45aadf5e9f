import { invalidField } from '../../kernel/errors.ts'
import type { UnitContext } from '../../operations/index.ts'
import { findChain } from './records.ts'
import type { RegisteredChain } from './registered.ts'

/** How a request names its chain. One of the two is enough. */
export interface NamedChain {
  readonly chain?: string | number | undefined
  readonly chain_id?: number | undefined
}

/**
 * The chain that the caller means. An unknown or disabled chain is an invalid field, not `not_found` (web3.md 5.3). `usual`: the
 * chain of a request that names none. Default: the request must name one.
 */
export function enabledChain(
  { unit }: Pick<UnitContext, 'unit'>,
  { chain: named, chain_id }: NamedChain,
  usual?: string,
): RegisteredChain {
  const wanted = named ?? chain_id ?? usual
  if (wanted === undefined || wanted === '') throw invalidField('chain', 'is missing')
  const field = named === undefined && chain_id !== undefined ? 'chain_id' : 'chain'
  const chain = findChain(unit, String(wanted))
  if (!chain?.isEnabled) throw invalidField(field, 'is not an enabled chain. GET /v1/chains lists them')
  if (chain_id !== undefined && chain_id !== (chain.chainId ?? 0)) {
    throw invalidField('chain_id', 'does not agree with chain')
  }
  return chain
}
