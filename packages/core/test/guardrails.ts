import { emptyLedger } from '../src/areas/guardrails/ledger.ts'
import { guardrailsOf, layersFor, looksInside } from '../src/areas/guardrails/limits.ts'
import type { Facts, Signs } from '../src/areas/guardrails/rule.ts'
import { type Effects, effectsOf } from '../src/families/index.ts'
import type { StoredSettings } from '../src/operations/index.ts'

export const ether = 10n ** 18n
export const alice = '0xa11ce00000000000000000000000000000000001'
export const bob = '0xb0b0000000000000000000000000000000000002'
export const usdc = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
export const chainNamed = {
  base: { name: 'base', family: 'evm', decimals: 18, currency: 'ETH' },
  ethereum: { name: 'ethereum', family: 'evm', decimals: 18, currency: 'ETH' },
  solana: { name: 'solana', family: 'solana', decimals: 9, currency: 'SOL' },
  xrp: { name: 'xrp', family: 'xrp', decimals: 6, currency: 'XRP' },
} as const satisfies Record<string, Facts['chain']>

export type FactsWanted = Partial<Omit<Facts, 'settings' | 'looksInside'>> & {
  readonly environment?: string
  readonly effects?: Partial<Effects>
}

/** A payment of one ether to Alice on Base, changed as wanted, under these settings. */
export function factsWith(settings: StoredSettings, wanted: FactsWanted = {}): Facts {
  const { environment = null, effects, layers: more = [], ...given } = wanted
  const chain = wanted.chain ?? chainNamed.base
  const held = guardrailsOf(settings)
  const layers = [...layersFor(held, chain, environment), ...more]
  return {
    ...{ chain, settings: held, layers, looksInside: looksInside(held, layers), now: Date.UTC(2026, 0, 1, 12) },
    ...{ ledger: emptyLedger('agent'), orgFrozen: null, recipients: new Map(), tokens: new Map(), usdPrices: {} },
    ...{ isApproved: false, signs: payment(effects) },
    ...given,
  }
}

export function payment(effects: Partial<Effects> = {}): Signs {
  const { native = ether, overhead = 0n } = effects
  const transfers = native > 0n ? [{ to: alice, token: null, amount: native }] : []
  return { type: 'transaction', effects: effectsOf({ native, overhead, transfers, ...effects }) }
}
