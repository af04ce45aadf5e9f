import { evmChain } from '@pawl/adapters/chain/evm'
import { nodeEgress } from '@pawl/adapters/egress/node'
import {
  type AnyChain,
  type ChainFacts,
  type ChainFamily,
  type Chains,
  type Egress,
  rpcSetting,
} from '@pawl/core/ports'

interface Nodes {
  readonly egress: Egress
  readonly urls: readonly string[]
  readonly facts: ChainFacts
}

/** How the nodes of each family are called. A chain of any other family is not configured, whatever is set. */
const adapters: Readonly<Partial<Record<ChainFamily, (nodes: Nodes) => AnyChain>>> = { evm: evmChain }

/**
 * The chains whose nodes are set, by `PAWL_RPC_<CHAIN>`. The addresses in these settings are allowed because an operator
 * wrote them, and only for the calls of their chain.
 */
export function chainsOf(nodes: Readonly<Record<string, readonly string[]>>, egressAllow: readonly string[]): Chains {
  const opened = new Map<string, AnyChain>()
  return (facts) => {
    const name = `${rpcSetting(facts.name)} ${facts.family} ${facts.chainId}`
    const known = opened.get(name)
    if (known) return known
    const urls = nodes[rpcSetting(facts.name)]
    const adapter = adapters[facts.family]
    if (!urls || !adapter) return null
    const allow = [...egressAllow, ...urls.flatMap(rulesOf)]
    const chain = adapter({ egress: nodeEgress({ allow }), urls, facts })
    opened.set(name, chain)
    return chain
  }
}

function rulesOf(url: string): string[] {
  const { protocol, hostname, port, origin } = new URL(url)
  if (hostname !== 'localhost') return [origin]
  // A name on loopback takes rules for the addresses that it resolves to.
  const suffix = port === '' ? '' : `:${port}`
  return [origin, `${protocol}//127.0.0.1${suffix}`, `${protocol}//[::1]${suffix}`]
}
