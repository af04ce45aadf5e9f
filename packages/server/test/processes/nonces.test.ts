import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Anvil, startAnvil } from '../../../../tools/real-parts/anvil.ts'
import { hasPostgres, type Postgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { times } from '../../../../tools/test-run/index.ts'
import { canaries } from '../crash-loop/canary.ts'
import { Client, Unanswered } from '../crash-loop/client.ts'
import { prepare } from '../crash-loop/loop.ts'
import { openEngines } from './engines.ts'

// Goal: four servers that share one database sign for one address, and the chain gets each nonce once and every transaction. Method: real
// processes, a real database and anvil. The chain says what arrived.

const to = '0x00000000000000000000000000000000000B0b00'
const count = times('transactions that four servers sign for one address', { quick: 60, whole: 1_000 })
const timeoutMs = 480_000 + count * 500
/** What one list of transactions shows beside those of before. */
const listedMax = 140
const atOnce = 16

describe.skipIf(!hasPostgres)('four servers that sign for one address', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres({ fsync: true })
  }, timeoutMs)
  afterAll(() => server?.[Symbol.asyncDispose](), timeoutMs)

  test(
    'give consecutive nonces, and everything is mined: also when one of them is killed in between',
    async () => {
      await using node = await startAnvil({ chainId: 8_453 })
      const signing = await opened(server, node)
      await using _ = signing.engines
      const answers = await submitAll(signing, count, () => {})
      expect(answers.map(({ nonce }) => nonce).sort((one, other) => one - other)).toEqual([...Array(count).keys()])
      await mined(signing, node, count)
      expect(await balanceOf(node)).toBe(sumOf(answers))

      const known = new Set(answers.map(({ id }) => id))
      const some = Math.min(count, listedMax)
      let left = some / 3
      let killing: Promise<void> | null = null
      const late = await submitAll(signing, some, () => {
        if (--left > 0) return
        signing.client.isDoomed = true
        killing ??= signing.engines.kill('signer_3')
      })
      await killing
      const { nonces } = (await signing.client.call('GET', `/v1/agents/${signing.agentId}/nonces`)).json
      await mined(signing, node, nonces[0].next)
      // What was signed and not answered is sent by another server. What was not signed never is.
      const sent = (await newest(signing)).filter(({ id, status }) => status === 'broadcast' && !known.has(id))
      expect(count + sent.length).toBe(nonces[0].next)
      expect(late.filter(({ id }) => !sent.some((one) => one.id === id))).toEqual([])
      expect(await balanceOf(node)).toBe(sumOf(answers) + sumOf(sent))
    },
    timeoutMs,
  )
})

interface Answer {
  readonly id: string
  readonly nonce: number
  readonly status: string
  readonly value_wei: string
}

async function opened(server: Postgres, node: Anvil) {
  const tags = canaries()
  const engines = await openEngines(server, tags, { RPC: node.url })
  const client = new Client()
  let calls = 0
  client.nextPort = () => engines.ports[calls++ % engines.ports.length] ?? 0
  await engines.start('pawl')
  const { agentId } = await prepare(client, engines.password, tags)
  const enable = { body: { intents_api_enabled: true } }
  await client.call('PATCH', `/v1/agents/${agentId}`, enable)
  const made = await client.call('POST', `/v1/agents/${agentId}/signing-keys`, {
    ...{ body: { chain: 'ethereum' }, expect: [201] },
  })
  const { address } = made.json
  await node.ask('anvil_setBalance', address, '0x56bc75e2d63100000')
  await Promise.all(['signer_1', 'signer_2', 'signer_3'].map((name) => engines.start(name)))
  return { engines, client, agentId, address }
}

type Signing = Awaited<ReturnType<typeof opened>>

/** Some calls at once, through whichever process. Answers those that were answered. */
async function submitAll(
  { client, agentId }: Signing,
  wanted: number,
  onAnswer: () => void,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  let next = 0
  const work = async () => {
    while (next < wanted) {
      const body = { chain: 'base', to, value: `0x${(++next).toString(16)}` }
      try {
        answers.push((await client.call('POST', `/v1/agents/${agentId}/transactions`, { body, expect: [201] })).json)
        onAnswer()
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return answers
}

/** Waits until the chain has so many transactions of the address, and no server has one that waits. */
function mined(signing: Signing, node: Anvil, wanted: number): Promise<void> {
  return vi.waitFor(
    async () => {
      expect(Number(await node.ask('eth_getTransactionCount', signing.address, 'latest'))).toBe(wanted)
      expect((await newest(signing)).filter(({ status }) => status === 'signed')).toEqual([])
    },
    { timeout: 90_000, interval: 500 },
  )
}

async function newest({ client, agentId }: Signing): Promise<readonly Answer[]> {
  return (await client.call('GET', `/v1/agents/${agentId}/transactions`)).json.transactions
}

function sumOf(answers: readonly Answer[]): bigint {
  return answers.reduce((sum, { value_wei }) => sum + BigInt(value_wei), 0n)
}

async function balanceOf(node: Anvil): Promise<bigint> {
  return BigInt(String(await node.ask('eth_getBalance', to, 'latest')))
}
