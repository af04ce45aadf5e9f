import { httpFacilitator } from '@pawl/adapters/facilitator/http'
import type { PaymentRequirement } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { type FacilitatorFault, loopbackEgress, startFakeFacilitator } from '@pawl/testkit/fakes'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { type Sent, transports } from '../../test/transports.ts'

// Goal: clients of x402 pay for calls over HTTP as core.md section 16.3 says, and a facilitator that fails is never a 5xx.
// Method: what the published TypeScript client sends, and what other clients of the protocol send, to a server whose
// facilitator is on loopback.

const tiers = { default: 'free', tiers: { free: { limits: { requests: 1_000 }, request_usd: '0.001' } } }
const secret = tagged('hunter2')

describe.each(transports)('over $name', ({ open }) => {
  async function started() {
    const fake = await startFakeFacilitator()
    const egress = loopbackEgress()
    const patience = { ms: 60_000 }
    const world = await testPawl({
      tiers,
      facilitators: (url) => httpFacilitator({ url, egress, verifyMs: patience.ms, settleMs: patience.ms }),
    })
    const { owner, org } = world
    const { id } = await owner.vaults.create({ name: 'prod' })
    await owner.secrets.put({ vault_id: id, path: 'db/main', value: secret })
    await owner.x402.update({
      pay_to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
      facilitator_url: fake.url,
    })
    await owner.admin.updateOrgLimits({ org_id: org, free_tier_override: 0 })
    const bearer = (await owner.auth.refresh()).access_token.reveal()
    const client = await open(world.pawl)
    const call = (headers: Sent['headers'] = {}) =>
      client.send(`/v1/vaults/${id}/secrets/db%2Fmain`, {
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
      })
    return {
      fake,
      call,
      client,
      patience,
      path: `/v1/vaults/${id}/secrets/db/main`,
      [Symbol.asyncDispose]: async () => {
        await client.close()
        await world.close()
        await fake.close()
      },
    }
  }

  it('the published TypeScript client pays within its limit, and reads the secret at its second try', async () => {
    await using server = await started()
    const { fake, call, path } = server
    // What its signer gives is a text, and the client puts it into the payment as it is.
    const signPayment = async (accept: PaymentRequirement) => JSON.stringify(fake.facilitator.pay(accept).payload)
    const first = await call()
    expect([first.status, first.json.type, first.json.title]).toEqual([402, 'about:blank', 'Payment Required'])
    const { x402Version, accepts, detail } = first.json
    const [accept] = accepts
    expect(Number.parseFloat(accept.price)).toBe(0.001)
    expect(Number.parseFloat(accept.maxAmountRequired) / 1e6).toBe(0.001)
    expect(accept.resource).toBe(`http://127.0.0.1:8210${path}`)
    expect([accept.requiredDeadlineSeconds, accept.mimeType, typeof detail]).toEqual([60, 'application/json', 'string'])
    const payment = { x402Version, scheme: accept.scheme, network: accept.network, payload: await signPayment(accept) }
    const second = await call({ 'X-PAYMENT': JSON.stringify(payment) })
    expect([second.status, second.json.value]).toEqual([200, secret])
    const again = await call({ 'X-PAYMENT': JSON.stringify(payment) })
    expect([again.status, again.json.error]).toEqual([402, 'The payment was already used.'])
    expect(again.text).not.toContain(secret)
  })

  it('other clients send base64, and read from a header how the payment was settled', async () => {
    await using server = await started()
    const { fake, call } = server
    const [accept] = (await call()).json.accepts
    const payment = Buffer.from(JSON.stringify(fake.facilitator.pay(accept))).toString('base64')
    const paid = await call({ 'x-payment': payment })
    expect(paid.status).toBe(200)
    const receipt = JSON.parse(Buffer.from(String(paid.headers['x-payment-response']), 'base64').toString())
    expect(receipt).toEqual({
      success: true,
      network: 'eip155:8453',
      transaction: expect.any(String),
      payer: expect.any(String),
    })
    expect(fake.calls.map(({ what }) => what)).toEqual(['verify', 'settle'])
  })

  it.each<FacilitatorFault>(['down', 'silent', 'garbled', 'yes', 'vague', 'loses'])(
    'a facilitator that is %s is a 402 with a reason, and no secret',
    async (fault) => {
      await using server = await started()
      const { fake, call, patience } = server
      for (const what of ['verify', 'settle'] as const) {
        const [accept] = (await call()).json.accepts
        const headers = { 'x-payment': JSON.stringify(fake.facilitator.pay(accept)) }
        fake.fail(what, fault)
        if (fault === 'silent') patience.ms = 50
        const refused = await call(headers)
        patience.ms = 60_000
        expect([what, refused.status, refused.json.code]).toEqual([what, 402, 'payment_required'])
        expect(refused.json.detail).toContain('facilitator')
        expect(refused.text).not.toContain(secret)
        expect(refused.text).not.toContain(fake.url)
        fake.well()
        expect((await call(headers)).status).toBe(200)
      }
      expect(fake.facilitator.settled).toHaveLength(2)
    },
  )

  it('a caller without a credential is asked for one, and not for money', async () => {
    await using server = await started()
    expect((await server.client.send(server.path)).status).toBe(401)
    const unknown = await server.call({ authorization: 'Bearer ocv_unknown', 'x-payment': '{}' })
    expect(unknown.status).toBe(401)
  })
})
