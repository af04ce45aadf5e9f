import type { Context, PaidOperation, UnitContext } from '../../operations/index.ts'
import type { PaymentRequirement } from '../../ports/facilitator.ts'
import { findChain, tokensOf } from '../chains/index.ts'
import type { X402Config } from './records.ts'

const timeoutSeconds = 60
const usdcDecimals = 6

/** How a call can be paid. Null: the operator has not set up payments, or the chain has no USDC. */
export function requirementFor(
  { unit, settings }: Pick<Context, 'unit' | 'settings'>,
  { payTo, network, scheme, facilitatorUrl }: X402Config,
  { name, http }: PaidOperation,
  input: unknown,
  usd: string,
): PaymentRequirement | null {
  const token = tokenOf(unit, network)
  if (payTo === null || facilitatorUrl === null || !token) return null
  return {
    scheme,
    network,
    maxAmountRequired: String(atomic(usd)),
    resource: `${settings.publicUrl}${http ? pathOf(http.path, input) : `/#${name}`}`,
    description: name,
    mimeType: 'application/json',
    payTo,
    maxTimeoutSeconds: timeoutSeconds,
    asset: token.contract,
    price: usd,
    extra: { name: token.name, version: '2' },
  }
}

/** The USDC of a network. Published clients read its amounts as millionths. */
export function tokenOf(unit: UnitContext['unit'], network: string) {
  const chain = findChain(unit, network.replace(/^eip155:/, ''))
  if (chain?.family !== 'evm') return null
  return (
    tokensOf(unit, chain.name).find(({ symbol, decimals }) => symbol === 'USDC' && decimals === usdcDecimals) ?? null
  )
}

/** Millionths of a dollar, rounded up, so that no call costs less than its price. */
export function atomic(usd: string): bigint {
  const [whole = '0', fraction = ''] = usd.split('.')
  const rest = /[1-9]/.test(fraction.slice(usdcDecimals)) ? 1n : 0n
  return BigInt(`${whole}${fraction.slice(0, usdcDecimals).padEnd(usdcDecimals, '0')}`) + rest
}

/** Two prices as one, in US dollars. */
export function sumOf(usd: string, other: string): string {
  const digits = String(atomic(usd) + atomic(other)).padStart(usdcDecimals + 1, '0')
  return `${digits.slice(0, -usdcDecimals)}.${digits.slice(-usdcDecimals)}`.replace(/\.?0+$/, '')
}

/** The path of the call, from its input. The request itself could say anything. */
function pathOf(path: string, input: unknown): string {
  const values = (input ?? {}) as Readonly<Record<string, unknown>>
  return path.replace(/\{([^}+]+)\+?\}/g, (_, name: string) => {
    const text = values[name] === undefined ? '' : String(values[name])
    return text.split('/').map(encodeURIComponent).join('/')
  })
}
