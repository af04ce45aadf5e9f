import * as z from 'zod'
import { didYouMean } from '../../../kernel/did-you-mean.ts'
import { invalidField } from '../../../kernel/errors.ts'
import { type Context, checkOutgoingUrl, forTheTrail, operation } from '../../../operations/index.ts'
import { noTiers } from '../errors.ts'
import { type X402Config, x402ConfigKind, x402ConfigOf } from '../records.ts'
import { tokenOf } from '../requirement.ts'
import { X402Body, x402Body, x402Fields } from '../schemas.ts'

export const updateX402 = operation({
  name: 'x402.update',
  summary: 'Change how calls over the limit of a tier are paid. For the operator.',
  http: { method: 'PUT', path: '/v1/admin/x402', status: 200, id: 'adminUpdateX402Config', tag: 'Admin' },
  command: { name: 'admin set-payments' },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'payment_config.update', resource: 'x402' },
  input: z.object(x402Fields),
  output: X402Body,
  errors: [noTiers],
  run: (context, input) => {
    const { unit, settings } = context
    const old = x402ConfigOf(unit)
    if (settings.tiers === null && input.free_tier_limit) throw noTiers()
    const config: X402Config = {
      ...old,
      payTo: given(input.pay_to, old.payTo),
      network: input.network ?? old.network,
      freeTierLimit: given(input.free_tier_limit, old.freeTierLimit),
      facilitatorUrl: given(input.facilitator_url && reachable(context, input.facilitator_url), old.facilitatorUrl),
      prices: input.prices === undefined ? old.prices : knownPrices(context, input.prices),
    }
    const token = tokenOf(unit, config.network)
    if (!token) throw invalidField('network', 'must be an EVM chain of the registry that has USDC, such as eip155:8453')
    unit.put(x402ConfigKind, config)
    forTheTrail(context, { before: x402Body(old, null), after: x402Body(config, null) })
    return x402Body(config, token.contract)
  },
})

/** The server calls only what the operator of its machine allows. */
function reachable(context: Context, text: string): string {
  const url = checkOutgoingUrl(context, 'facilitator_url', text).replace(/\/+$/, '')
  if (context.egressPermits(url)) return url
  throw invalidField('facilitator_url', 'must have a host that PAWL_EGRESS_ALLOW allows')
}

/** Null clears a field, and an absent field stays as it is. */
function given<T>(value: T | null | undefined, old: T | null): T | null {
  return value === undefined ? old : value
}

/** A price for a name that no call has would never be charged. */
function knownPrices({ areas }: Context, prices: X402Config['prices']): X402Config['prices'] {
  const unknown = Object.keys(prices).find((name) => !areas.metered.includes(name))
  if (unknown === undefined) return prices
  throw invalidField(
    `prices.${unknown.slice(0, 64)}`,
    `must be a metered operation${didYouMean(unknown, areas.metered)}`.replace(/\.$/, ''),
  )
}
