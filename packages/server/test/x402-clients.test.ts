import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Facilitator, Payment, PaymentRequirement } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { ExactEvmSchemeV1 } from '@x402/evm/v1'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import { type Hex, verifyTypedData } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { authorizationTypes } from '../../../tools/real-parts/eip-3009.ts'
import { nodeListener } from '../src/http/index.ts'

// Goal: an unmodified client of x402 from npm pays for a call. Method: @x402/fetch, version 1 of the protocol. The facilitator
// checks the signature that the client made for USDC on Base.

const tiers = { default: 'free', tiers: { free: { limits: { requests: 1_000 }, request_usd: '0.001' } } }
const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'

/** Accepts what the contract of USDC on Base would accept. */
function checkingFacilitator(): Facilitator & { readonly settled: Payment[] } {
  const settled: Payment[] = []
  const isSigned = async ({ payload }: Payment, { asset, extra }: PaymentRequirement) => {
    const { authorization, signature } = payload as { authorization: Record<string, Hex>; signature: Hex }
    const message = authorization as never
    const domain = { name: extra.name, version: extra.version, chainId: 8_453, verifyingContract: asset as Hex }
    const address = authorization.from as Hex
    return verifyTypedData({
      address,
      domain,
      types: authorizationTypes,
      primaryType: 'TransferWithAuthorization',
      message,
      signature,
    })
  }
  return {
    settled,
    verify: async (payment, wanted) =>
      (await isSigned(payment, wanted))
        ? { isValid: true, payer: '0x0' }
        : { isValid: false, reason: 'invalid_signature' },
    settle: async (payment) => {
      settled.push(payment)
      return { success: true, transaction: `0x${'ab'.repeat(32)}`, payer: '0x0' }
    },
  }
}

test('@x402/fetch pays for a secret over the limit of a tier', async () => {
  // The client knows chains by this name.
  const network = 'base'
  const facilitator = checkingFacilitator()
  await using world = await testPawl({ tiers, facilitators: () => facilitator })
  const { owner, org } = world
  const { id } = await owner.vaults.create({ name: 'prod' })
  await owner.secrets.put({ vault_id: id, path: 'db', value: tagged('hunter2') })
  await owner.x402.update({ pay_to: payTo, network, facilitator_url: 'http://127.0.0.1:4020' })
  await owner.admin.updateOrgLimits({ org_id: org, free_tier_override: 0 })
  const bearer = (await owner.auth.refresh()).access_token.reveal()
  const server = createServer(nodeListener(world.pawl))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const account = privateKeyToAccount(generatePrivateKey())
  const paying = wrapFetchWithPaymentFromConfig(fetch, {
    // Its types name the networks of version 2 only.
    schemes: [{ network: network as never, client: new ExactEvmSchemeV1(account), x402Version: 1 }],
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/vaults/${id}/secrets/db`
  const answer = await paying(url, { headers: { authorization: `Bearer ${bearer}` } })
  expect([answer.status, await answer.json()]).toMatchObject([200, { value: tagged('hunter2') }])
  expect(facilitator.settled).toMatchObject([{ x402Version: 1, network, scheme: 'exact' }])
  server.closeAllConnections()
  server.close()
})
