import { inspect } from 'node:util'
import { type ChainFacts, ChainUnavailable, type Egress, entryPoint, utf8 } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testChain } from '@pawl/testkit/conformance'
import { encodeFunctionData, parseAbi, toEventSelector } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Anvil, richKey, startAnvil } from '../../../../tools/real-parts/anvil.ts'
import { deployToken } from '../../../../tools/real-parts/token.ts'
import { nodeEgress } from '../egress/node.ts'
import { evmChain } from './evm.ts'

const facts: ChainFacts = { name: 'base', family: 'evm', chainId: 8_453n, decimals: 18 }
const rich = privateKeyToAccount(richKey)
const nobody = '0x00000000000000000000000000000000000B0b00'

function chainAt(...urls: readonly string[]) {
  return evmChain({ egress: nodeEgress({ allow: urls.map((url) => new URL(url).origin) }), urls, facts })
}

interface Wanted {
  readonly to: string
  readonly value?: bigint
  readonly data?: `0x${string}`
  readonly nonce: number
}

async function signed({ to, value = 0n, data = '0x', nonce }: Wanted): Promise<Uint8Array> {
  const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n }
  const text = await rich.signTransaction({
    to: to as `0x${string}`,
    value,
    data,
    nonce,
    gas: 100_000n,
    chainId: 8_453,
    ...fees,
  })
  return Buffer.from(text.slice(2), 'hex')
}

testChain(
  'evmChain on anvil',
  async () => {
    const node = await startAnvil({ chainId: 8_453, minesAtOnce: false })
    const chain = chainAt(node.url)
    return {
      chain,
      rich: {
        address: rich.address,
        transfer: async (to, value, account) => {
          const known = account ?? (await chain.account(rich.address))
          return signed({ to, value, nonce: known.model === 'counter' ? Number(known.next) : 0 })
        },
      },
      nobody,
      unknownTransaction: `0x${'0'.repeat(63)}1`,
      mine: async () => void (await node.ask('evm_mine')),
      close: node.close,
    }
  },
  { describe, it },
)

/** Answers like the egress of a node that says what the function says. */
function told(answer: (method: string, url: string) => unknown): Egress {
  return {
    fetch: async ({ body = new Uint8Array(0), url }) => {
      const { id, method } = JSON.parse(new TextDecoder().decode(body))
      const found = answer(method, url)
      if (found instanceof Error) throw found
      const text = typeof found === 'string' ? found : JSON.stringify({ jsonrpc: '2.0', id, ...(found as object) })
      return { status: 200, headers: {}, body: utf8(text) }
    },
  }
}

const node = (answers: Readonly<Record<string, unknown>>) => (method: string) =>
  method === 'eth_chainId' ? { result: '0x2105' } : (answers[method] ?? { error: { code: -32_601, message: 'no' } })

describe('evmChain', () => {
  it('asks nothing of a node of another chain, and never sends it a transaction', async () => {
    const asked: string[] = []
    const egress = told((method) => {
      asked.push(method)
      return { result: '0x1' }
    })
    const chain = evmChain({ egress, urls: ['https://a.example'], facts })
    await expect(chain.broadcast(await signed({ to: nobody, nonce: 0 }))).rejects.toThrow(/another chain than 8453/)
    expect(asked).toEqual(['eth_chainId'])
  })

  it.each([
    ['no JSON', '<html>'],
    ['an empty answer', ''],
    ['an answer to another question', { id: 99, result: '0x1' }],
    ['a number that is none', { result: 'many' }],
    ['a number without end', { result: `0x${'f'.repeat(65)}` }],
    ['a list', { result: [] }],
    ['nothing', {}],
  ])('takes %s for no answer', async (_, answer) => {
    const chain = evmChain({ egress: told(() => answer), urls: ['https://a.example'], facts })
    await expect(chain.balance(nobody)).rejects.toBeInstanceOf(ChainUnavailable)
    const right = node({ eth_getBalance: answer, eth_getTransactionCount: answer })
    const behind = evmChain({ egress: told(right), urls: ['https://a.example'], facts })
    await expect(behind.balance(nobody)).rejects.toBeInstanceOf(ChainUnavailable)
    await expect(behind.account(nobody)).rejects.toBeInstanceOf(ChainUnavailable)
  })

  it('V53: shows no key of its URL, when a node repeats the URL in a refusal, a revert or a simulation', async () => {
    const key = tagged('k3y-9fKq27ZxNode')
    const url = `https://user:${key}@a.example/v2/${key}?token=${key}`
    const error = { code: 3, message: `insufficient funds, asked by POST ${url}`, data: url }
    const simulated = [{ calls: [{ status: '0x0', gasUsed: '0x1', returnData: '0x', logs: [], error }] }]
    const call = { from: nobody, to: nobody, value: 0n, data: new Uint8Array(0) }
    const shown: string[] = []
    for (const answers of [{ eth_simulateV1: { result: simulated } }, { eth_simulateV1: { error } }, {}]) {
      const all = { eth_sendRawTransaction: { error }, eth_getTransactionByHash: { result: null }, ...answers }
      const chain = evmChain({ egress: told(node({ ...all, eth_estimateGas: { error } })), urls: [url], facts })
      const refused = await chain.broadcast(await signed({ to: nobody, nonce: 0 })).catch((thrown) => thrown)
      expect(refused).toMatchObject({ rejection: 'insufficient_funds' })
      shown.push(inspect(refused), inspect(await chain.simulate([call])))
    }
    expect(shown.join('\n')).toContain('insufficient funds, asked by POST https://')
    expect(shown.join('\n')).not.toContain(key)
  })

  it('V54: knows the outcome of a user operation from no event but that of the entry point about it', async () => {
    const [id, hash] = [`0x${'1'.repeat(64)}`, `0x${'2'.repeat(64)}`]
    const topic = toEventSelector(
      'UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
    )
    const data = (success: boolean) =>
      `0x${['7', success ? '1' : '0', '5', '6'].map((word) => word.padStart(64, '0')).join('')}`
    const event = { address: entryPoint.toLowerCase(), topics: [topic, hash, hash, hash], data: data(true) }
    const outcome = (logs: readonly object[], transactionHash = id) => {
      const receipt = { transactionHash, status: '0x1', blockNumber: '0x1', logs }
      const answers = node({ eth_getTransactionReceipt: { result: receipt } })
      return evmChain({ egress: told(answers), urls: ['https://a.example'], facts }).operationSucceeded(id, hash)
    }
    expect(await outcome([event])).toBe(true)
    expect(await outcome([{ ...event, data: data(false) }])).toBe(false)
    const other = { ...event, topics: [topic, id, hash, hash], data: data(false) }
    expect(await outcome([other, event])).toBe(true)
    const others = [{ ...event, address: nobody }, { ...event, topics: [hash, hash, hash, hash] }, other]
    for (const logs of [[], ...others.map((one) => [one])]) expect(await outcome(logs)).toBeNull()
    for (const answer of [outcome([{ ...event, data: '0x01' }]), outcome([event], hash)]) {
      await expect(answer).rejects.toBeInstanceOf(ChainUnavailable)
    }
  })

  it('asks the next node if one does not answer, or belongs to another chain', async () => {
    const count = { result: '0x7' }
    const egress = told((method, url) => {
      if (url.includes('dead')) return new Error('No answer.')
      if (url.includes('other')) return { result: '0x1' }
      return node({ eth_getTransactionCount: count })(method)
    })
    const urls = ['https://dead.example', 'https://other.example', 'https://good.example']
    expect(await evmChain({ egress, urls, facts }).account(nobody)).toEqual({ model: 'counter', next: 7n })
  })

  it('believes a balance only if two of its nodes agree', async () => {
    const balances: Record<string, unknown> = { 'https://a.example': '0x5', 'https://b.example': '0x5' }
    const egress = told((method, url) => {
      if (balances[url] === undefined) return new Error('No answer.')
      return node({ eth_blockNumber: { result: '0x10' }, eth_getBalance: { result: balances[url] } })(method)
    })
    const urls = ['https://a.example', 'https://dead.example', 'https://b.example']
    const chain = evmChain({ egress, urls, facts })
    expect(await chain.balance(nobody)).toBe(5n)
    balances['https://b.example'] = '0x6'
    await expect(chain.balance(nobody)).rejects.toThrow(/disagree/)
    delete balances['https://b.example']
    await expect(chain.balance(nobody)).rejects.toThrow(/needs two/)
  })

  it('does not take an accepted transaction under another ID for sent', async () => {
    const egress = told(node({ eth_sendRawTransaction: { result: `0x${'1'.repeat(64)}` } }))
    const chain = evmChain({ egress, urls: ['https://a.example'], facts })
    await expect(chain.broadcast(await signed({ to: nobody, nonce: 0 }))).rejects.toBeInstanceOf(ChainUnavailable)
  })

  it('does not take the receipt of another transaction for its own', async () => {
    const result = { status: '0x1', blockNumber: '0x1', transactionHash: `0x${'2'.repeat(64)}` }
    const egress = told(node({ eth_getTransactionReceipt: { result }, eth_blockNumber: { result: '0x1' } }))
    const chain = evmChain({ egress, urls: ['https://a.example'], facts })
    await expect(chain.status(`0x${'1'.repeat(64)}`)).rejects.toThrow(/another transaction/)
  })

  it('ends a call of a node that hangs', async () => {
    const egress = nodeEgress({ allow: ['http://127.0.0.1:9'] })
    const chain = evmChain({ egress, urls: ['http://127.0.0.1:9'], facts, timeoutMs: 50 })
    await expect(chain.tip()).rejects.toBeInstanceOf(ChainUnavailable)
  })

  it('shows no caller the key in the URL of a node', async () => {
    const url = `http://127.0.0.1:9/v2/${tagged('key')}`
    const error: unknown = await chainAt(url)
      .tip()
      .catch((thrown) => thrown)
    expect(error).toBeInstanceOf(ChainUnavailable)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tagged(''))
  })

  it('keeps control characters of a node out of its errors', async () => {
    const egress = told(
      node({
        eth_sendRawTransaction: { error: { code: -32_000, message: 'nonce too low\n\u001b[31m' } },
        eth_getTransactionByHash: { result: null },
      }),
    )
    const chain = evmChain({ egress, urls: ['https://a.example'], facts })
    const error: unknown = await chain.broadcast(await signed({ to: nobody, nonce: 0 })).catch((thrown) => thrown)
    expect(error).toMatchObject({ rejection: 'nonce_used', message: expect.not.stringMatching(/\p{Cc}/u) })
  })
})

describe('what arrives, as evmChain reads it', () => {
  const [own, sender] = [nobody, `0x${'5'.repeat(40)}`]
  const token = `0x${'7'.repeat(40)}`
  const idOf = (number: number) => `0x${number.toString(16).padStart(64, '0')}`
  const topicOf = (address: string) => `0x${address.slice(2).toLowerCase().padStart(64, '0')}`
  const wanted = { addresses: [own], tokens: [token], from: 7n, to: 8n }
  const payment = { hash: idOf(70), from: sender, to: own, value: '0x5' }

  const block = (height: number, more: object = {}) => ({
    ...{ number: `0x${height.toString(16)}`, hash: idOf(height), parentHash: idOf(height - 1), timestamp: '0x10' },
    ...{ transactions: height === 7 ? [payment] : [], ...more },
  })
  const log = (logIndex: number, more: object = {}) => ({
    ...{ address: token, data: idOf(9), blockNumber: '0x8', blockHash: idOf(8), transactionHash: idOf(80) },
    topics: ['0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef', topicOf(sender), topicOf(own)],
    ...{ logIndex: `0x${logIndex.toString(16)}`, removed: false, ...more },
  })

  interface Said {
    readonly blocks?: Readonly<Record<number, object | null>>
    readonly logs?: readonly object[]
    readonly receipt?: object
  }
  /** A node that says this of its blocks 7 and 8. */
  const saying = ({ blocks = {}, logs = [log(3), log(1)], receipt = {} }: Said): Egress => ({
    fetch: async ({ body = new Uint8Array(0) }) => {
      const { id, method, params } = JSON.parse(new TextDecoder().decode(body))
      const height = Number(params[0])
      const answers: Record<string, unknown> = {
        eth_chainId: '0x2105',
        eth_getBlockByNumber: height in blocks ? blocks[height] : block(height),
        eth_getTransactionReceipt: { transactionHash: idOf(70), blockHash: idOf(7), status: '0x1', ...receipt },
        eth_getLogs: logs,
      }
      return { status: 200, headers: {}, body: utf8(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] })) }
    },
  })
  const at = (said: Said, ...urls: readonly string[]) =>
    evmChain({ egress: saying(said), urls: urls.length > 0 ? urls : ['https://a.example'], facts })

  it('has a place that stays when the transaction gets into another block', async () => {
    const { arrivals, parentId, upTo } = await at({}).arrivals(wanted)
    expect({ parentId, upTo: upTo.id }).toEqual({ parentId: idOf(6), upTo: idOf(8) })
    expect(arrivals.map(({ place, amount, token: of }) => [place, amount, of])).toEqual([
      ['native', 5n, null],
      [`${token} 0`, 9n, token],
      [`${token} 1`, 9n, token],
    ])
    const moved = await at({ logs: [log(31), log(34)] }).arrivals(wanted)
    expect(moved.arrivals.map(({ place }) => place)).toEqual(arrivals.map(({ place }) => place))
  })

  it('is nothing of a transaction that failed', async () => {
    const { arrivals } = await at({ receipt: { status: '0x0' } }).arrivals({ ...wanted, tokens: [] })
    expect(arrivals).toEqual([])
  })

  it.each<[string, Said]>([
    ['a block that does not follow the one before', { blocks: { 8: block(8, { parentHash: idOf(99) }) } }],
    ['another block than was asked for', { blocks: { 8: block(9) } }],
    ['no block', { blocks: { 8: null } }],
    ['a receipt in another block', { receipt: { blockHash: idOf(99) } }],
    ['a receipt of another transaction', { receipt: { transactionHash: idOf(99) } }],
    ['a log in another block', { logs: [log(1, { blockHash: idOf(99) })] }],
    ['a log of another token', { logs: [log(1, { address: sender })] }],
    ['a log that was removed', { logs: [log(1, { removed: true })] }],
    ['a log without an amount', { logs: [log(1, { data: '0x' })] }],
    ['a log of another event', { logs: [log(1, { topics: [idOf(1), topicOf(sender), topicOf(own)] })] }],
  ])('is unknown from a node that tells of %s', async (_, said) => {
    await expect(at(said).arrivals(wanted)).rejects.toBeInstanceOf(ChainUnavailable)
  })

  it('needs two nodes that agree, if there are two', async () => {
    const urls = ['https://a.example', 'https://b.example'] as const
    expect((await at({}, ...urls).arrivals(wanted)).arrivals).toHaveLength(3)
    const lying: Egress = {
      fetch: (request) => saying(request.url === urls[1] ? { logs: [] } : {}).fetch(request),
    }
    const chain = evmChain({ egress: lying, urls, facts })
    await expect(chain.arrivals(wanted)).rejects.toThrow(/disagree about a deposit/)
  })
})

describe('evmChain, simulating on anvil', () => {
  let anvil: Anvil
  let token: `0x${string}`
  const abi = parseAbi([
    'function transfer(address to, uint256 amount) returns (bool)',
    'function balanceOf(address) view returns (uint256)',
  ])

  beforeAll(async () => {
    anvil = await startAnvil({ chainId: 8_453 })
    token = (await deployToken(anvil)) as `0x${string}`
  })
  afterAll(() => anvil.close())

  const call = (data: `0x${string}`, to = token as string, value = 0n) => ({
    ...{ from: rich.address, to, value, data: Buffer.from(data.slice(2), 'hex') },
  })

  it('tells which balances of ether and tokens change', async () => {
    const chain = chainAt(anvil.url)
    const pay = encodeFunctionData({ abi, functionName: 'transfer', args: [nobody, 5n] })
    const [ether, tokens] = await chain.simulate([call('0x', nobody, 3n), call(pay)])
    expect(ether).toMatchObject({ succeeded: true, fuel: 21_000n })
    const to = nobody.toLowerCase()
    const changes = [ether, tokens].map((one) =>
      one?.succeeded ? one.changes?.find(({ address }) => address.toLowerCase() === to) : null,
    )
    expect(changes).toMatchObject([
      { token: null, before: 0n, after: 3n },
      { token: token.toLowerCase(), before: 0n, after: 5n },
    ])
    expect(await chain.balance(nobody)).toBe(0n)
  })

  it('tells why a contract refuses', async () => {
    const tooMuch = encodeFunctionData({ abi, functionName: 'transfer', args: [nobody, 10n ** 30n] })
    const [refused] = await chainAt(anvil.url).simulate([call(tooMuch)])
    expect(refused).toMatchObject({ succeeded: false, reason: 'too little' })
  })
})
