import * as z from 'zod'
import { fields, urlCharactersMax } from '../../operations/index.ts'
import type { X402Config } from './records.ts'

const pricesMax = 500

/** US dollars, never in a form that a float has. */
function usdField() {
  return z
    .string('must be a string')
    .regex(/^(?:0|[1-9]\d{0,5})(?:\.\d{1,6})?$/, 'must be US dollars such as 0.001, with at most 6 decimal places')
}

export const x402Fields = {
  pay_to: fields
    .clearable(z.string('must be a string').regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address such as 0x2096…287C'))
    .describe('Address that gets the payments. null: no call can be paid.'),
  network: fields
    .optional(fields.plainText(64, 1))
    .describe('Chain of the payments, as your facilitator names it: eip155:8453 or base. Default: eip155:8453.'),
  scheme: fields.optional(z.enum(['exact'], 'must be exact')).describe('Scheme of the payments. Default: exact.'),
  free_tier_limit: fields
    .clearable(fields.count())
    .describe('Free requests per month in the default tier. null: as PAWL_TIERS says.'),
  facilitator_url: fields
    .clearable(fields.text(urlCharactersMax, 1))
    .describe('URL of the facilitator, without /verify. null: no call can be paid.'),
  prices: fields
    .optional(
      z
        .record(z.string(), usdField(), 'must be an object')
        .refine((given) => Object.keys(given).length <= pricesMax, `must have at most ${pricesMax} entries`),
    )
    .describe('US dollars by operation, such as {"secrets.get": "0.001"}. Others cost what their tier says.'),
}

export const X402Body = z
  .object({
    pay_to: z.string().optional(),
    network: z.string(),
    scheme: z.string(),
    free_tier_limit: z.int().optional(),
    facilitator_url: z.string().optional(),
    prices: z.record(z.string(), z.string()),
    asset: z.string().optional().describe('Contract of USDC on the network.'),
  })
  .meta({ id: 'X402Config' })

export function x402Body(config: X402Config, asset: string | null): z.infer<typeof X402Body> {
  return {
    network: config.network,
    scheme: config.scheme,
    prices: { ...config.prices },
    ...(config.payTo !== null && { pay_to: config.payTo }),
    ...(config.freeTierLimit !== null && { free_tier_limit: config.freeTierLimit }),
    ...(config.facilitatorUrl !== null && { facilitator_url: config.facilitatorUrl }),
    ...(asset !== null && { asset }),
  }
}
