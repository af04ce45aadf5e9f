import { bitcoinChain } from '@pawl/adapters/chain/bitcoin'
import { jsonRpcBundler } from '@pawl/adapters/chain/bundler'
import { cardanoChain } from '@pawl/adapters/chain/cardano'
import { evmChain } from '@pawl/adapters/chain/evm'
import { solanaChain } from '@pawl/adapters/chain/solana'
import { tronChain } from '@pawl/adapters/chain/tron'
import { xrpChain } from '@pawl/adapters/chain/xrp'
import { nodeEgress } from '@pawl/adapters/egress/node'
import {
  type AnyChain,
  type Bundler,
  type Bundlers,
  bundlerSetting,
  type ChainFacts,
  type ChainFamily,
  type Chains,
  type Egress,
  paymasterSetting,
  rpcSetting,
} from '@pawl/core/ports'

interface Nodes {
  readonly egress: Egress
  readonly urls: readonly string[]
  readonly facts: ChainFacts
}

/** The adapter for the nodes of each family. */
const adapters: Readonly<Record<ChainFamily, (nodes: Nodes) => AnyChain>> = {
  evm: evmChain,
  bitcoin: bitcoinChain,
  solana: solanaChain,
  xrp: xrpChain,
  cardano: cardanoChain,
  tron: tronChain,
}

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
    if (!urls) return null
    const allow = [...egressAllow, ...urls.flatMap(rulesOf)]
    const chain = adapters[facts.family]({ egress: nodeEgress({ allow }), urls, facts })
    opened.set(name, chain)
    return chain
  }
}

/** The bundlers that are set, by `PAWL_BUNDLER_<CHAIN>`, each with the paymaster of `PAWL_PAYMASTER_<CHAIN>`. */
export function bundlersOf(
  nodes: Readonly<Record<string, readonly string[]>>,
  egressAllow: readonly string[],
): Bundlers {
  const opened = new Map<string, Bundler>()
  return (facts) => {
    const name = `${bundlerSetting(facts.name)} ${facts.chainId}`
    const known = opened.get(name)
    if (known) return known
    const [url] = nodes[bundlerSetting(facts.name)] ?? []
    if (url === undefined || facts.family !== 'evm') return null
    const [paymasterUrl] = nodes[paymasterSetting(facts.name)] ?? []
    const urls = paymasterUrl === undefined ? [url] : [url, paymasterUrl]
    const egress = nodeEgress({ allow: [...egressAllow, ...urls.flatMap(rulesOf)] })
    const bundler = jsonRpcBundler({ egress, url, facts, ...(paymasterUrl !== undefined && { paymasterUrl }) })
    opened.set(name, bundler)
    return bundler
  }
}

function rulesOf(url: string): string[] {
  const { protocol, hostname, port, origin } = new URL(url)
  if (hostname !== 'localhost') return [origin]
  // A name on loopback takes rules for the addresses that it resolves to.
  const suffix = port === '' ? '' : `:${port}`
  return [origin, `${protocol}//127.0.0.1${suffix}`, `${protocol}//[::1]${suffix}`]
}
