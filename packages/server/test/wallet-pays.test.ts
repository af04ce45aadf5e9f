import { systemClock } from '@pawl/core/ports/reference'
import { expect, test } from 'vitest'
import { startAnvil } from '../../../tools/real-parts/anvil.ts'
import { eventually } from '../../../tools/test-run/eventually.ts'
import { isLong } from '../../../tools/test-run/index.ts'
import { chainsOf } from '../src/host/chains.ts'
import { password, served } from './pages.ts'

// Goal: a person signs in over HTTP and pays from a wallet, and the money arrives on a real node. Method: the calls of the Python
// client of seed 000, with anvil as the chain.

const shop = '0x000000000000000000000000000000000000dEaD'

interface Answer {
  readonly wallets: readonly { readonly address: string }[]
  readonly tx_hash: string
}

test.runIf(isLong('a payment from a wallet on a real node'))('a wallet pays on a real node', async () => {
  await using node = await startAnvil({ chainId: 11_155_111 })
  const work: Parameters<typeof served>[0] = async (world, url) => {
    const email = 'ada@example.com'
    await world.owner.orgs.addMember({ email, password })
    const { access_token } = await world.pawl.as({}).auth.token({ email, password })
    const ask = async (method: string, path: string, body?: object, proof?: string) => {
      const headers: Record<string, string> = {
        ...{ authorization: `Bearer ${access_token.reveal()}`, 'content-type': 'application/json' },
        ...(proof === undefined ? {} : { 'x-auth-confirm': proof }),
      }
      const response = await fetch(`${url}/v1/treasury/wallets${path}`, {
        ...{ method, headers },
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: response.status, json: (await response.json()) as Answer }
    }
    const made = await ask('POST', '/generate', {})
    expect([made.status, made.json.wallets.length]).toEqual([201, 6])
    const [{ address = '' } = {}] = made.json.wallets
    await node.ask('anvil_setBalance', address, `0x${(10n ** 18n).toString(16)}`)
    const balance = await ask('GET', '/sepolia/balance')
    expect(balance.json).toMatchObject({ address, native: { balance_display: '1' } })
    const pay = { to: shop, value: '1000000000000000' }
    expect((await ask('POST', '/sepolia/send', pay)).status).toBe(403)
    expect((await ask('POST', '/sepolia/send', pay, 'wrong')).status).toBe(403)
    const sent = await ask('POST', '/sepolia/send', pay, password)
    expect(sent).toMatchObject({ status: 200, json: { from: address, to: shop, status: 'broadcast' } })
    await eventually(async () => {
      const receipt = await node.ask('eth_getTransactionReceipt', sent.json.tx_hash)
      expect(receipt).toMatchObject({ status: '0x1', from: address.toLowerCase() })
    })
    expect(BigInt(String(await node.ask('eth_getBalance', shop, 'latest')))).toBe(10n ** 15n)
  }
  await served(work, { clock: systemClock, chains: chainsOf({ PAWL_RPC_SEPOLIA: [node.url] }, []) })
})
