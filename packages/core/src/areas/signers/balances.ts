import type { Family } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Engine } from '../../operations/index.ts'
import type { RegisteredChain, Token } from '../chains/index.ts'
import { asked, requireNodes } from './chain-calls.ts'
import { orInvalid } from './refusals.ts'

const tokensMax = 50

/** The contracts of a comma-separated list, in their canonical form. */
export function contractsIn(tokens: string, family: Family, chain: RegisteredChain): readonly string[] {
  const wanted = tokens.split(',').flatMap((one) => one.trim() || [])
  if (wanted.length > tokensMax) throw invalidField('tokens', `must have at most ${tokensMax} addresses`)
  return orInvalid(() => wanted.map((one) => family.canonical(one, chain)))
}

export interface TokenBalance {
  readonly contract: string
  readonly balance: bigint
  /** Null: the token is not in the registry. */
  readonly known: Token | null
}

/** Asks the nodes of a chain what an address has. Throws `chain_not_configured` without a node. */
export async function askBalances(
  engine: Engine,
  chain: RegisteredChain,
  address: string,
  contracts: readonly string[],
  registered: readonly Token[],
): Promise<{ readonly native: bigint; readonly tokens: readonly TokenBalance[] }> {
  const nodes = requireNodes(engine, chain)
  const native = await asked(engine, chain, () => nodes.balance(address))
  const tokens: TokenBalance[] = []
  for (const contract of contracts) {
    const balance = await asked(engine, chain, () => nodes.balance(address, contract))
    const known = registered.find((one) => one.contract.toLowerCase() === contract.toLowerCase()) ?? null
    tokens.push({ contract, balance, known })
  }
  return { native, tokens }
}
