import * as z from 'zod'
import {
  AfterCommit,
  agentFields,
  fields,
  operation,
  serviceFailed,
  serviceNotConfigured,
} from '../../../operations/index.ts'
import { walletNotFound } from '../errors.ts'
import { askRamp, rampPlace } from '../ramps.ts'
import { chainField } from '../schemas.ts'
import { requireService } from '../services.ts'

export const startOnramp = operation({
  name: 'wallets.startOnramp',
  summary: 'Get the page of a configured service on which you buy coins for your wallet.',
  http: { method: 'POST', path: '/v1/fiat/onramp/session', status: 201, id: 'createFiatOnrampSession', tag: 'Billing' },
  command: { name: 'wallet buy', positionals: ['chain'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'fiat.onramp',
    resource: 'treasury_wallet',
    about: ({ chain, asset, amount_usd }) => ({ chain, asset, amount_usd }),
  },
  input: z.object({
    chain: chainField(),
    asset: fields
      .optional(fields.plainText(32, 1))
      .describe('Symbol of what you buy. Default: the currency of the chain.'),
    amount_usd: fields
      .optional(agentFields.decimal())
      .describe('Amount in US dollars. Default: you choose it on the page.'),
    destination_address: fields.optional(fields.plainText(128, 1)).describe('Default: the address of your wallet.'),
  }),
  output: z.object({
    session_url: z.string(),
    provider: z.string(),
    destination_address: z.string(),
    chain: z.string(),
    asset: z.string(),
  }),
  errors: [walletNotFound, serviceNotConfigured, serviceFailed],
  run: (context, { chain: named, asset, amount_usd, destination_address }) => {
    requireService(context, 'fiatRamp')
    const { chain, address } = rampPlace(context, named, destination_address, 'destination_address')
    const wanted = {
      chain: chain.name,
      asset: asset ?? chain.currency,
      amountUsd: amount_usd ?? null,
      destination: address,
    }
    return new AfterCommit({}, async (engine) => {
      const { url, provider } = await askRamp(engine, (ramp) => ramp.onramp(wanted))
      return { session_url: url, provider, destination_address: address, chain: chain.name, asset: wanted.asset }
    })
  },
})
