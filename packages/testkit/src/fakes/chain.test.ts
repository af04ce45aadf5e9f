import { describe, expect, it } from 'vitest'
import { startFakeChain } from './chain.ts'

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`

async function ask(url: string, method: string, ...params: unknown[]) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', body })
  const { result, error } = (await response.json()) as { result?: unknown; error?: unknown }
  return error ?? result
}

const ether = 10n ** 18n

describe('a fake chain', () => {
  it('takes a signed transaction, and shows it to whoever asks and to the test', async () => {
    await using node = await startFakeChain({ chainId: 8453n })
    const ann = node.chain.wallet('ann', ether)
    const bob = node.chain.wallet('bob')
    const id = await ask(node.url, 'eth_sendRawTransaction', hex(await ann.transfer({ to: bob.address, value: 5n })))
    expect(await ask(node.url, 'eth_getTransactionReceipt', id)).toMatchObject({
      transactionHash: id,
      from: ann.address,
      to: bob.address,
      status: '0x1',
      blockNumber: '0x1',
    })
    expect(await ask(node.url, 'eth_getBalance', bob.address, 'latest')).toBe('0x5')
    expect(await ask(node.url, 'eth_getTransactionCount', ann.address, 'latest')).toBe('0x1')
    expect(node.chain.sent).toMatchObject([{ id, from: ann.address, to: bob.address, value: 5n }])
    expect(node.calls.map(({ method }) => method).slice(0, 2)).toEqual([
      'eth_sendRawTransaction',
      'eth_getTransactionReceipt',
    ])
  })

  it('answers what a wallet asks before it signs', async () => {
    await using node = await startFakeChain({ chainId: 8453n })
    const asked = ['eth_chainId', 'net_version', 'eth_blockNumber', 'eth_gasPrice', 'eth_maxPriorityFeePerGas']
    const body = JSON.stringify(asked.map((method, id) => ({ jsonrpc: '2.0', id, method })))
    const response = await fetch(node.url, { method: 'POST', body })
    const answers = (await response.json()) as { result: string }[]
    expect(answers.map(({ result }) => result)).toEqual(['0x2105', '8453', '0x0', '0x77359400', '0x3b9aca00'])
    expect(await ask(node.url, 'eth_getBlockByNumber', 'latest', false)).toMatchObject({ baseFeePerGas: '0x3b9aca00' })
    const history = await ask(node.url, 'eth_feeHistory', '0x2', 'latest', [50])
    expect(history).toMatchObject({ baseFeePerGas: Array(3).fill('0x3b9aca00'), reward: Array(2).fill(['0x3b9aca00']) })
  })

  it('keeps transactions waiting until the test makes a block, when it is told to', async () => {
    await using node = await startFakeChain({ minesAtOnce: false })
    const ann = node.chain.wallet('ann', ether)
    const id = await ask(node.url, 'eth_sendRawTransaction', hex(await ann.transfer({ to: ann.address, value: 0n })))
    expect(await ask(node.url, 'eth_getTransactionReceipt', id)).toBeNull()
    expect(await ask(node.url, 'eth_getTransactionByHash', id)).toMatchObject({ nonce: '0x0', blockNumber: null })
    expect(await ask(node.url, 'eth_getTransactionCount', ann.address, 'latest')).toBe('0x0')
    expect(await ask(node.url, 'eth_getTransactionCount', ann.address, 'pending')).toBe('0x1')
    node.chain.mine()
    expect(await ask(node.url, 'eth_getTransactionReceipt', id)).toMatchObject({ blockNumber: '0x1' })
  })

  it('does in calls what the test says that contracts do', async () => {
    const call = ({ data }: { data: Uint8Array }) =>
      data[0] === 1
        ? ({ succeeded: true, fuel: 30_000n, returned: Uint8Array.of(42) } as const)
        : ({ succeeded: false, reason: 'not today' } as const)
    await using node = await startFakeChain({ call })
    const to = node.chain.wallet('contract').address
    expect(await ask(node.url, 'eth_call', { to, data: '0x01' }, 'latest')).toBe('0x2a')
    expect(await ask(node.url, 'eth_estimateGas', { to, data: '0x01' })).toBe('0x7530')
    expect(await ask(node.url, 'eth_call', { to, data: '0x02' })).toMatchObject({
      message: 'execution reverted: not today',
    })
  })

  it('refuses in the words of the usual nodes', async () => {
    await using node = await startFakeChain()
    const [ann, poor] = [node.chain.wallet('ann', ether), node.chain.wallet('poor')]
    const send = async (signed: Uint8Array) => ask(node.url, 'eth_sendRawTransaction', hex(signed))
    await send(await ann.transfer({ to: poor.address, value: 1n }))
    expect(await send(await ann.transfer({ to: poor.address, value: 2n, nonce: 0n }))).toMatchObject({
      message: 'nonce too low',
    })
    expect(await send(await poor.transfer({ to: ann.address, value: 1n }))).toMatchObject({
      message: expect.stringMatching(/^insufficient funds/),
    })
    expect(await send(Uint8Array.of(1, 2, 3))).toMatchObject({ message: 'rlp: invalid transaction' })
    expect(await ask(node.url, 'eth_unheardOf')).toMatchObject({ code: -32_601 })
    expect(await ask(node.url, 'eth_getBalance', 'nonsense')).toMatchObject({ code: -32_602 })
    expect((await fetch(node.url, { method: 'POST', body: '{' })).status).toBe(400)
  })
})
