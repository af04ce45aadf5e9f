import type { BillingEvent } from '@pawl/core/ports'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const asOwner = ({ ownerId }: World) => ({ user: ownerId })

const read = async (world: World) => ({ who: asOwner(world), input: {} })

/** The provider has told of a payment, so it knows the organisation. */
async function paid(world: World, more: Partial<BillingEvent & { type: 'credits_paid' }> = {}): Promise<void> {
  await world.pawl.as({}).billing.receiveEvent(payment(world, more))
}

function payment({ org, billing, clock }: World, more: Partial<BillingEvent & { type: 'credits_paid' }>) {
  const event = { id: 'evt_1', type: 'credits_paid', org, customer: 'cus_1', cents: 500, reference: 'pi_1', ...more }
  const { body, signature } = billing.deliver(event as BillingEvent, clock.now())
  return { payload: body, signature }
}

const priced = { tier: 'pro', interval: 'monthly' }

export const billingExamples: ExamplesOf<'billing'> = {
  usage: read,
  history: read,
  subscription: read,
  balance: read,
  transactions: read,
  setOverageMethod: async (world) => ({ who: asOwner(world), input: { method: 'x402' } }),
  subscribe: async (world) => ({ who: asOwner(world), input: priced }),
  portal: async (world) => {
    await paid(world)
    return { who: asOwner(world), input: {} }
  },
  topUp: async (world) => ({ who: asOwner(world), input: { amount_usd: 25 } }),
  receiveEvent: async (world) => ({ who: {}, input: payment(world, {}), isShortLived: true as const }),
  modelTokens: read,
  subscribeModelTokens: read,
  disableModelTokens: read,
}
