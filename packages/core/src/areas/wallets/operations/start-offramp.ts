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

export const startOfframp = operation({
  name: 'wallets.startOfframp',
  summary: 'Get the page of a configured service on which you sell coins. Pawl sends no coins there.',
  http: { method: 'POST', path: '/v1/fiat/offramp/initiate', status: 201, id: 'initiateFiatOfframp', tag: 'Billing' },
  command: { name: 'wallet sell', positionals: ['chain', 'asset', 'amount'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'fiat.offramp',
    resource: 'treasury_wallet',
    about: ({ chain, asset, amount }) => ({ chain, asset, amount }),
  },
  input: z.object({
    chain: chainField(),
    asset: fields.plainText(32, 1).describe('Symbol of what you sell.'),
    amount: agentFields.decimal().describe('Amount in the major unit.'),
    source_address: fields.optional(fields.plainText(128, 1)).describe('Default: the address of your wallet.'),
  }),
  output: z.object({
    id: z.string().describe('ID of the service.'),
    provider: z.string(),
    widget_url: z.string(),
    status: z.string(),
    chain: z.string(),
    asset: z.string(),
    amount: z.string(),
  }),
  errors: [walletNotFound, serviceNotConfigured, serviceFailed],
  run: (context, { chain: named, asset, amount, source_address }) => {
    requireService(context, 'fiatRamp')
    const { chain, address } = rampPlace(context, named, source_address, 'source_address')
    return new AfterCommit({}, async (engine) => {
      const { id, url, status, provider } = await askRamp(engine, (ramp) =>
        ramp.offramp({ chain: chain.name, asset, amount, source: address }),
      )
      return { id, provider, widget_url: url, status, chain: chain.name, asset, amount }
    })
  },
})
