import { BillingEventRefused, BillingFailed } from '@pawl/core/ports'
import { type FakeStripe, loopbackEgress, startFakeStripe } from '@pawl/testkit/fakes'
import { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stripeBilling } from './stripe.ts'

// Goal: Pawl sells through Stripe as the library and the API have it. Method: the official library against a fake of the API
// on loopback, and events that the library has signed.

const apiKey = 'sk_test_canary'
const webhookSecret = 'whsec_test'
const at = Date.UTC(2026, 0, 1)
const org = '4b7e5c1e-5c39-4c55-9f5e-0f3a6c1d2e3f'
const urls = { successUrl: 'https://vault.test/paid', cancelUrl: 'https://vault.test/back' }

let fake: FakeStripe
beforeAll(async () => {
  fake = await startFakeStripe(apiKey)
})
afterAll(() => fake.close())

const open = (key = apiKey) => stripeBilling({ apiKey: key, webhookSecret, egress: loopbackEgress(), apiUrl: fake.url })

describe('checkout', () => {
  it('sells credits for an amount, in the name of the organisation, once for a key', async () => {
    const billing = await open()
    const wanted = { org, customer: null, idempotencyKey: 'one', ...urls, buys: 'credits', cents: 2_500 } as const
    const url = await billing.checkout(wanted)
    expect(url).toMatch(/^https:\/\/checkout\.stripe\.com\//)
    expect(await billing.checkout(wanted)).toBe(url)
    expect(fake.requests.at(-1)).toMatchObject({
      idempotencyKey: 'one',
      form: {
        mode: 'payment',
        client_reference_id: org,
        'metadata[pawl_org]': org,
        'metadata[pawl_buys]': 'credits',
        'line_items[0][price_data][unit_amount]': '2500',
        'line_items[0][price_data][currency]': 'usd',
        customer_creation: 'always',
        success_url: urls.successUrl,
      },
    })
  })

  it('sells a tier at its price, with a trial, to a known customer', async () => {
    const billing = await open()
    const wanted = { org, customer: 'cus_1', idempotencyKey: 'two', ...urls } as const
    await billing.checkout({ ...wanted, buys: 'tier', price: 'price_pro', trialDays: 14 })
    expect(fake.requests.at(-1)?.form).toMatchObject({
      mode: 'subscription',
      customer: 'cus_1',
      'line_items[0][price]': 'price_pro',
      'line_items[0][quantity]': '1',
      'subscription_data[trial_period_days]': '14',
      'subscription_data[metadata][pawl_org]': org,
    })
    await billing.checkout({ ...wanted, idempotencyKey: 'three', buys: 'model_tokens', price: 'price_x', trialDays: 0 })
    expect(fake.requests.at(-1)?.form).not.toHaveProperty('line_items[0][quantity]')
  })
})

it('opens the portal, and ends a subscription also if it has ended', async () => {
  const billing = await open()
  expect(await billing.portal({ customer: 'cus_1', returnUrl: urls.successUrl })).toContain('cus_1')
  await billing.cancel('sub_1')
  await billing.cancel('sub_gone')
})

describe('a failure of Stripe', () => {
  it('is told by its status and code, and never with the key', async () => {
    const failure = await (await open('sk_test_wrong')).cancel('sub_1').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(BillingFailed)
    expect(String(failure)).toBe('BillingFailed: Stripe answered 401 (api_key_invalid).')
    fake.refuseNext(402, 'card_declined')
    await expect((await open()).portal({ customer: 'cus_1', returnUrl: 'https://x.test' })).rejects.toThrow('402')
  })

  it('is told when the operator allows no call', async () => {
    const billing = await stripeBilling({
      apiKey,
      webhookSecret,
      egress: { fetch: () => Promise.reject(new Error('x')) },
    })
    await expect(billing.cancel('sub_1')).rejects.toBeInstanceOf(BillingFailed)
  })
})

describe('an event', () => {
  const signed = (event: object, secret = webhookSecret, atMs = at) => {
    const payload = JSON.stringify({ id: 'evt_1', object: 'event', created: at / 1_000, ...event })
    const timestamp = Math.floor(atMs / 1_000)
    return [payload, new Stripe(apiKey).webhooks.generateTestHeaderString({ payload, secret, timestamp })] as const
  }
  const session = {
    ...{ id: 'cs_1', mode: 'payment', payment_status: 'paid', currency: 'usd', amount_subtotal: 2_500 },
    ...{ customer: 'cus_1', payment_intent: 'pi_1', metadata: { pawl_org: org, pawl_buys: 'credits' } },
  }
  const completed = (more: object = {}) => ({
    type: 'checkout.session.completed',
    data: { object: { ...session, ...more } },
  })

  it('of a payment is read, and two types of event about it have one id', async () => {
    const { readEvent } = await open()
    const read = readEvent(...signed(completed()), at)
    expect(read).toEqual({
      ...{ id: 'cs_1.paid', type: 'credits_paid', org, customer: 'cus_1', cents: 2_500, reference: 'pi_1' },
    })
    const later = { ...completed(), id: 'evt_2', type: 'checkout.session.async_payment_succeeded' }
    expect(readEvent(...signed(later), at).id).toBe(read.id)
  })

  it('that gives nothing is none of our business', async () => {
    const { readEvent } = await open()
    for (const event of [
      completed({ payment_status: 'unpaid' }),
      completed({ currency: 'jpy' }),
      completed({ metadata: {} }),
      completed({ mode: 'subscription' }),
      { type: 'invoice.paid', data: { object: {} } },
    ])
      expect(readEvent(...signed(event), at)).toEqual({ id: 'evt_1', type: 'other' })
  })

  it('of a subscription is read in the words of the engine', async () => {
    const { readEvent } = await open()
    const read = (status: string) =>
      readEvent(
        ...signed({
          type: 'customer.subscription.updated',
          data: {
            object: {
              ...{ id: 'sub_1', status, customer: 'cus_1', metadata: { pawl_org: org, pawl_buys: 'tier' } },
              items: { data: [{ price: { id: 'price_pro' }, current_period_end: at / 1_000 + 60 }] },
            },
          },
        }),
        at,
      )
    expect(read('trialing')).toEqual({
      ...{ id: 'evt_1', type: 'subscription', at, org, customer: 'cus_1', buys: 'tier', subscription: 'sub_1' },
      ...{ price: 'price_pro', status: 'active', statusText: 'trialing', periodEndsAt: at + 60_000 },
    })
    expect(read('canceled')).toMatchObject({ status: 'ended' })
    expect(read('incomplete')).toEqual({ id: 'evt_1', type: 'other' })
  })

  it('with another signature, another body or an old time is refused', async () => {
    const { readEvent } = await open()
    const [payload, header] = signed(completed())
    const refused = (...event: Parameters<typeof readEvent>) =>
      expect(() => readEvent(...event)).toThrow(BillingEventRefused)
    refused(...signed(completed(), 'whsec_other'), at)
    refused(payload.replace('2500', '9900'), header, at)
    refused(payload, header, at + 301_000)
    refused(payload, '', at)
    refused('no JSON', header, at)
  })
})
