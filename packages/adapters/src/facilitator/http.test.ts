import { FacilitatorUnavailable, type PaymentRequirement } from '@pawl/core/ports'
import { testFacilitator } from '@pawl/testkit/conformance'
import { type FacilitatorFault, loopbackEgress, startFakeFacilitator } from '@pawl/testkit/fakes'
import { afterAll, describe, expect, it } from 'vitest'
import { type Anvil, startAnvil } from '../../../../tools/real-parts/anvil.ts'
import { deployUsdc, type Usdc } from '../../../../tools/real-parts/usdc.ts'
import { isLong } from '../../../../tools/test-run/index.ts'
import { httpFacilitator } from './http.ts'

// Goal: a payment counts as valid or settled when the facilitator said so in the form of the protocol. Method: the suite of
// the port over HTTP, and a facilitator that is down, slow or lies.

const requirement: PaymentRequirement = {
  scheme: 'exact',
  network: 'eip155:8453',
  maxAmountRequired: '1000',
  resource: 'https://vault.example.com/v1/vaults/1/secrets/db',
  description: 'secrets.get',
  mimeType: 'application/json',
  payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  maxTimeoutSeconds: 60,
  asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  price: '0.001',
  extra: { name: 'USD Coin', version: '2' },
}

testFacilitator(
  'httpFacilitator',
  async () => {
    const fake = await startFakeFacilitator()
    return {
      facilitator: httpFacilitator({ url: fake.url, egress: loopbackEgress() }),
      requirement,
      pay: fake.facilitator.pay,
      settled: () => fake.facilitator.settled.length,
      close: fake.close,
    }
  },
  { describe, it },
)

let node: { readonly anvil: Anvil; readonly usdc: Usdc } | null = null

afterAll(() => node?.anvil.close())

testFacilitator(
  'httpFacilitator, with a token like USDC on anvil,',
  async () => {
    if (!node) {
      const anvil = await startAnvil({ chainId: 8_453 })
      node = { anvil, usdc: await deployUsdc(anvil) }
    }
    const { usdc } = node
    const payer = await usdc.payer(5_000n)
    // Nobody has paid to this address yet.
    const wanted = { ...requirement, asset: usdc.address, payTo: (await usdc.payer(0n)).address }
    const fake = await startFakeFacilitator(usdc.facilitator)
    return {
      facilitator: httpFacilitator({ url: fake.url, egress: loopbackEgress() }),
      requirement: wanted,
      pay: payer.pay,
      settled: async () => Number((await usdc.balanceOf(wanted.payTo)) / 1_000n),
      close: fake.close,
    }
  },
  { describe: describe.runIf(isLong('payments with a token on anvil')), it },
)

describe('httpFacilitator', () => {
  it.each<FacilitatorFault>(['down', 'silent', 'garbled', 'yes', 'vague', 'loses'])(
    'takes no word of a facilitator that is %s',
    async (fault) => {
      await using fake = await startFakeFacilitator()
      const facilitator = httpFacilitator({ url: fake.url, egress: loopbackEgress(), verifyMs: 100, settleMs: 100 })
      const payment = fake.facilitator.pay(requirement)
      for (const what of ['verify', 'settle'] as const) {
        fake.fail(what, fault)
        await expect(facilitator[what](payment, requirement)).rejects.toBeInstanceOf(FacilitatorUnavailable)
      }
    },
  )

  it('passes on words of the facilitator, and no text that it could forge a log or a page with', async () => {
    const lies = { isValid: false as const, reason: '<script>' }
    await using fake = await startFakeFacilitator({
      verify: async () => lies,
      settle: async () => ({ success: false, reason: 'line\nline' }),
    })
    const facilitator = httpFacilitator({ url: `${fake.url}/`, egress: loopbackEgress() })
    const payment = { x402Version: 1, scheme: 'exact', network: 'eip155:8453', payload: 'signature' } as const
    expect(await facilitator.verify(payment, requirement)).toEqual({ isValid: false, reason: 'invalid' })
    expect(await facilitator.settle(payment, requirement)).toEqual({ success: false, reason: 'failed' })
  })
})
