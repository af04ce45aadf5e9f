import type { ChainFamily } from '../../ports/chain.ts'
import type { RegisteredChain, Token } from './registered.ts'

// The chains and tokens that every installation knows. The operator changes or removes them, and adds others.

/** When this list was made. Nothing else says how old an entry is. */
const madeAt = Date.UTC(2026, 0, 1)

type Row = readonly [name: string, displayName: string, chainId: number, currency: string, explorer: string]

const evm: readonly Row[] = [
  ['ethereum', 'Ethereum', 1, 'ETH', 'https://etherscan.io'],
  ['base', 'Base', 8_453, 'ETH', 'https://basescan.org'],
  ['optimism', 'Optimism', 10, 'ETH', 'https://optimistic.etherscan.io'],
  ['arbitrum-one', 'Arbitrum One', 42_161, 'ETH', 'https://arbiscan.io'],
  ['polygon', 'Polygon', 137, 'POL', 'https://polygonscan.com'],
  ['sepolia', 'Sepolia (testnet)', 11_155_111, 'ETH', 'https://sepolia.etherscan.io'],
  ['base-sepolia', 'Base Sepolia (testnet)', 84_532, 'ETH', 'https://sepolia.basescan.org'],
]

const others: readonly (readonly [
  family: ChainFamily,
  currency: string,
  decimals: number,
  names: readonly string[],
])[] = [
  ['bitcoin', 'BTC', 8, ['bitcoin', 'bitcoin-testnet', 'bitcoin-signet']],
  ['solana', 'SOL', 9, ['solana', 'solana-devnet', 'solana-testnet']],
  ['xrp', 'XRP', 6, ['xrp', 'xrp-testnet']],
  ['cardano', 'ADA', 6, ['cardano', 'cardano-preprod', 'cardano-preview']],
  ['tron', 'TRX', 6, ['tron', 'tron-shasta', 'tron-nile']],
]

/** Decimal places of the native currency, by family. */
export const builtInDecimals: Readonly<Record<ChainFamily, number>> = {
  evm: 18,
  ...(Object.fromEntries(others.map(([family, , decimals]) => [family, decimals])) as Record<
    Exclude<ChainFamily, 'evm'>,
    number
  >),
}

/** An id that is the same in every installation. */
const idOf = (group: number, number: number) =>
  `00000000-0000-4000-8${String(group).padStart(3, '0')}-${number.toString(16).padStart(12, '0')}`

function entry(
  more: Pick<RegisteredChain, 'id' | 'name' | 'displayName' | 'family' | 'decimals' | 'currency'> &
    Partial<RegisteredChain>,
): RegisteredChain {
  const none = { rpcUrl: null, wsUrl: null, explorerUrl: null, chainId: null }
  return { ...none, isTestnet: false, isEnabled: true, isRemoved: false, createdAt: madeAt, updatedAt: madeAt, ...more }
}

export const builtInChains: readonly RegisteredChain[] = [
  ...evm.map(([name, displayName, chainId, currency, explorerUrl]) => {
    const isTestnet = displayName.endsWith('(testnet)')
    return entry({
      id: idOf(0, chainId),
      name,
      displayName,
      family: 'evm',
      chainId,
      decimals: 18,
      currency,
      explorerUrl,
      isTestnet,
    })
  }),
  ...others.flatMap(([family, currency, decimals, names], group) =>
    names.map((name, at) => {
      const displayName = name.replace(/^./, (first) => first.toUpperCase()).replace(/-(\w+)$/, ' ($1)')
      return entry({ id: idOf(group + 1, at), name, displayName, family, decimals, currency, isTestnet: at > 0 })
    }),
  ),
]

/** Other names that callers use. Answers always have the name of the registry. */
export const chainAliases: Readonly<Record<string, string>> = {
  mainnet: 'ethereum',
  eth: 'ethereum',
  arbitrum: 'arbitrum-one',
  matic: 'polygon',
}

/** Circle's USDC, of which each address is on Circle's own list. */
const usdc: Readonly<Record<string, string>> = {
  ethereum: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
  base: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  optimism: '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85',
  'arbitrum-one': '0xaf88d065e77c8cC2239327C5EDb3A432268e5831',
  polygon: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359',
  sepolia: '0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238',
  'base-sepolia': '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
}

export const builtInTokens: readonly Token[] = Object.entries(usdc).map(([chain, contract], at) => ({
  id: idOf(100, at),
  chain,
  contract,
  symbol: 'USDC',
  name: 'USD Coin',
  decimals: 6,
  isTestnet: chain.endsWith('sepolia'),
  isVerified: true,
  isRemoved: false,
  createdAt: madeAt,
  updatedAt: madeAt,
}))
