import { inspect } from 'node:util'
import {
  type AnyChain,
  type ChainFacts,
  type ChainFamily,
  ChainUnavailable,
  type Egress,
  EgressFailed,
  utf8,
} from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testChain } from '@pawl/testkit/conformance'
import { startFakeBitcoin, startFakeCardano, startFakeSolana, startFakeTron, startFakeXrp } from '@pawl/testkit/fakes'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { BadTransaction, type Family, families, type Network, nothingAsked } from '../../../core/src/families/index.ts'
import { keyNumber, publicKeyOf, signedBy } from '../../../core/test/families/harness.ts'
import { nodeEgress } from '../egress/node.ts'
import { bitcoinChain } from './bitcoin.ts'
import { cardanoChain } from './cardano.ts'
import { solanaChain } from './solana.ts'
import { tronChain } from './tron.ts'
import { xrpChain } from './xrp.ts'

// Each chain with a server that keeps what it is sent, and with transactions as Pawl writes them. So the families, the
// adapters and the servers, which have code of their own for the same bytes, must agree.

const tooLong = () => new EgressFailed('The answer is too long.', { isTooLong: true })

interface Node {
  readonly url: string
  fund(address: string, amount: bigint): void
  mine(): void
  close(): Promise<void>
}

interface Kind {
  readonly family: Exclude<ChainFamily, 'evm'>
  readonly decimals: number
  readonly start: () => Promise<Node>
  readonly startOther: () => Promise<Node>
  readonly chain: (options: { egress: Egress; urls: readonly string[]; facts: ChainFacts }) => AnyChain
  readonly unknown: string
}

const hex64 = '00'.repeat(31).concat('01')
const kinds: readonly Kind[] = [
  {
    ...{ family: 'bitcoin', decimals: 8, unknown: hex64, chain: bitcoinChain },
    start: () => startFakeBitcoin(),
    startOther: () => startFakeBitcoin({ isTestnet: true }),
  },
  {
    ...{ family: 'solana', decimals: 9, unknown: '1'.repeat(64), chain: solanaChain },
    start: () => startFakeSolana(),
    startOther: () => startFakeSolana({ genesis: 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG' }),
  },
  {
    ...{ family: 'xrp', decimals: 6, unknown: hex64.toUpperCase(), chain: xrpChain },
    start: () => startFakeXrp(),
    startOther: () => startFakeXrp({ networkId: 1 }),
  },
  {
    ...{ family: 'tron', decimals: 6, unknown: hex64, chain: tronChain },
    start: () => startFakeTron(),
    startOther: () => startFakeTron({ genesisEnd: '94a9059e' }),
  },
  {
    ...{ family: 'cardano', decimals: 6, unknown: hex64, chain: cardanoChain },
    start: () => startFakeCardano(),
    startOther: () => startFakeCardano({ networkMagic: 1 }),
  },
]

const key = keyNumber('adapters', 1)

function factsOf({ family, decimals }: Kind): ChainFacts {
  return { name: family, family, chainId: null, decimals }
}

function chainAt(kind: Kind, ...urls: readonly string[]): AnyChain {
  const egress = nodeEgress({ allow: urls.map((url) => new URL(url).origin) })
  return kind.chain({ egress, urls, facts: factsOf(kind) })
}

function walletOf({ family: name, decimals }: Kind, number = 1) {
  const family = families[name] as Family
  const network: Network = { name, isTestnet: false, chainId: null, decimals }
  const secret = keyNumber('adapters', number)
  return { family, network, address: family.address(publicKeyOf(family, secret), network) }
}

type Account = Awaited<ReturnType<AnyChain['account']>>

/** A payment as Pawl writes it. Where it cannot be written, it spends outputs as if they held more. */
async function payment(kind: Kind, chain: AnyChain, to: string, value: bigint, given?: Account): Promise<Uint8Array> {
  const { family, network, address } = walletOf(kind)
  const [account, fees, tip] = [given ?? (await chain.account(address)), await chain.fees(), await chain.tip()]
  const existing = chain.exists && (await chain.exists([to]))[0] ? [to] : []
  const facts = { ...nothingAsked, account, fees, tip, existing }
  const one = { network, key, request: { to, value, fields: {} }, facts }
  try {
    return signedBy(family, one).signed.bytes
  } catch (error) {
    if (!(error instanceof BadTransaction) || account.model !== 'outputs') throw error
    const outputs = account.outputs.map((output) => ({ ...output, value: 100n * output.value }))
    return signedBy(family, { ...one, facts: { ...facts, account: { model: 'outputs', outputs } } }).signed.bytes
  }
}

const least = 1_000_000n
const riches = 1_000n * least

for (const kind of kinds) {
  testChain(
    `${kind.family}Chain`,
    async () => {
      const node = await kind.start()
      const chain = chainAt(kind, node.url)
      const { address } = walletOf(kind)
      node.fund(address, riches)
      return {
        ...{ chain, least, nobody: walletOf(kind, 2).address, unknownTransaction: kind.unknown, close: node.close },
        rich: { address, transfer: (to, value, account) => payment(kind, chain, to, value, account) },
        mine: async () => node.mine(),
      }
    },
    { describe, it },
  )
}

/** Answers like an egress whose node says this. */
function saying(text: string, status = 200): Egress {
  return { fetch: async () => ({ status, headers: {}, body: utf8(text) }) }
}

describe.each(kinds)('a node of $family', (kind) => {
  const { address } = walletOf(kind)
  const asksOf = (chain: AnyChain) =>
    [
      () => chain.balance(address),
      () => chain.tip(),
      () => chain.status(kind.unknown),
      () => chain.broadcast(Uint8Array.of(1, 2, 3)),
    ] as const

  it('of another network is asked nothing, and is sent nothing', async () => {
    const node = await kind.startOther()
    node.fund(kind.family === 'bitcoin' ? 'tb1qtp7fhly84qm6q4hhzmp0nh5frtdugmysqkxd0h' : address, riches)
    for (const ask of asksOf(chainAt(kind, node.url))) await expect(ask()).rejects.toThrow('another chain')
    await node.close()
  })

  it.each([
    ['nothing', ''],
    ['a page', '<html>'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an object', '{}'],
    ['a number', '7'],
    ['an error', '{"error":{"code":-1,"message":"no"}}'],
  ])('that says %s has not answered', async (_, text) => {
    const chain = kind.chain({ egress: saying(text), urls: ['https://a.example'], facts: factsOf(kind) })
    for (const ask of asksOf(chain)) await expect(ask()).rejects.toBeInstanceOf(ChainUnavailable)
  })

  it('that is busy or broken is skipped, and a balance needs two that agree', async () => {
    const [one, two, three] = await Promise.all([kind.start(), kind.start(), kind.start()])
    for (const node of [one, two]) node.fund(address, riches)
    three.fund(address, 2n * riches)
    const gone = await kind.start()
    await gone.close()
    expect((await chainAt(kind, gone.url, one.url).tip()).height).toBeGreaterThan(0n)
    expect(await chainAt(kind, gone.url, one.url, two.url).balance(address)).toBe(riches)
    await expect(chainAt(kind, gone.url, one.url).balance(address)).rejects.toThrow('a balance needs two')
    await expect(chainAt(kind, one.url, three.url).balance(address)).rejects.toThrow('disagree about a balance')
    for (const node of [one, two, three]) await node.close()
  })

  it('is never named with the key in its URL', async () => {
    const node = await kind.start()
    await node.close()
    const chain = chainAt(kind, `${node.url}/v2/${tagged('key')}?key=${tagged('key')}`)
    for (const ask of asksOf(chain)) {
      const error: unknown = await ask().catch((thrown) => thrown)
      expect(error).toBeInstanceOf(ChainUnavailable)
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tagged(''))
    }
  })
})

describe('a node that refuses a transaction', () => {
  it('V53: cannot show the key of its URL, which it repeats', async () => {
    const kind = kinds.find(({ family }) => family === 'bitcoin') as Kind
    const node = await kind.start()
    const url = `${node.url}/${tagged('k3y-9fKq27ZxRest')}`
    const egress: Egress = {
      fetch: async (request) =>
        request.method === 'POST'
          ? { status: 400, headers: {}, body: utf8(`TX decode failed, POST ${url}/tx`) }
          : nodeEgress({ allow: [node.url] }).fetch({ ...request, url: request.url.replace(url, node.url) }),
    }
    const chain = kind.chain({ egress, urls: [url], facts: factsOf(kind) })
    const error = await chain.broadcast(Uint8Array.of(1, 2, 3)).catch((thrown) => thrown)
    expect(error).toMatchObject({ rejection: 'malformed', message: expect.stringContaining('TX decode failed') })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tagged(''))
    await node.close()
  })
})

describe('balances of tokens', () => {
  it('are those of all token accounts on Solana, and of the contract on Tron', async () => {
    const [solana, tron] = [await startFakeSolana(), await startFakeTron()]
    const [onSolana, onTron] = ['solana', 'tron'].map((name) => kinds.find(({ family }) => family === name)) as [
      Kind,
      Kind,
    ]
    const [mint, token] = [walletOf(onSolana, 3).address, walletOf(onTron, 3).address]
    solana.fundToken(walletOf(onSolana).address, walletOf(onSolana, 4).address, mint, 5n)
    solana.fundToken(walletOf(onSolana).address, walletOf(onSolana, 5).address, mint, 7n)
    tron.fundToken(walletOf(onTron).address, token, 9n)
    expect(await chainAt(onSolana, solana.url).balance(walletOf(onSolana).address, mint)).toBe(12n)
    expect(await chainAt(onTron, tron.url).balance(walletOf(onTron).address, token)).toBe(9n)
    await solana.close()
    await tron.close()
  })

  it('come from more than one page of outputs on Cardano, and go on with the transaction that spends them', async () => {
    await using node = await startFakeCardano()
    const kind = kinds.find(({ family }) => family === 'cardano') as Kind
    const { family, network, address } = walletOf(kind)
    const token = `${'ab'.repeat(28)}.616263`
    for (let at = 0; at < 130; at++) node.fund(address, 2_000_000n, at % 2 === 0 ? { [token]: 3n } : {})
    const chain = chainAt(kind, node.url)
    expect(await chain.balance(address, token)).toBe(195n)
    expect(await chain.balance(address)).toBe(260_000_000n)
    const facts = {
      ...nothingAsked,
      account: await chain.account(address),
      fees: await chain.fees(),
      tip: await chain.tip(),
    }
    const to = walletOf(kind, 2).address
    const request = { to, value: 20n, fields: { token_mint: token } }
    await chain.broadcast(signedBy(family, { network, key, request, facts }).signed.bytes)
    expect([await chain.balance(to, token), await chain.balance(address, token)]).toEqual([20n, 175n])
  })
})

describe('deposits on Bitcoin', () => {
  const kind = kinds[0] as Kind

  async function withNode() {
    const node = await startFakeBitcoin()
    const egress = nodeEgress({ allow: [new URL(node.url).origin] })
    const [urls, facts] = [[node.url], factsOf(kind)]
    const chain = bitcoinChain({ egress, urls, facts })
    const { address } = walletOf(kind)
    node.fund(address, riches)
    const pay = async (to: string, value: bigint) => chain.broadcast(await payment(kind, chain, to, value))
    /** The chain through nodes that are asked for histories in this way. */
    const through = (histories: Egress['fetch'], nodes = 1) => {
      const fetch: Egress['fetch'] = (asked) => (asked.url.includes('/txs/chain') ? histories : egress.fetch)(asked)
      return bitcoinChain({ egress: { fetch }, urls: Array<string>(nodes).fill(node.url), facts })
    }
    return { node, chain, address, pay, egress, through }
  }

  it('are read from every page of a history, and name the block that each is in after a reorganisation', async () => {
    const { node, chain, address, pay } = await withNode()
    const to = walletOf(kind, 2).address
    const ids: string[] = []
    for (let paid = 0; paid < 5; paid++) {
      ids.push(await pay(to, least + BigInt(paid)))
      node.mine()
    }
    const arrived = async () => {
      const { arrivals } = await chain.arrivals({
        addresses: [to],
        tokens: [],
        from: 102n,
        to: (await chain.tip()).height,
      })
      return arrivals
    }
    const before = await arrived()
    expect(before.map(({ transactionId, from }) => [transactionId, from])).toEqual(
      ids.slice(1).map((id) => [id, address]),
    )
    node.reorganise(2)
    expect((await arrived()).map(({ transactionId }) => transactionId)).toEqual(ids.slice(1, 3))
    node.mine()
    const after = await arrived()
    expect(after.map(({ transactionId }) => transactionId).sort()).toEqual(ids.slice(1).sort())
    const ofLast = (all: typeof before) => all.find(({ transactionId }) => transactionId === ids[4])
    expect(ofLast(after)).toMatchObject({ height: 104n, place: ofLast(before)?.place })
    expect(ofLast(after)?.blockId).not.toBe(ofLast(before)?.blockId)
    await node.close()
  })

  it('are agreed on by nodes that have the transactions of a block in another order', async () => {
    const { node, pay, egress, through } = await withNode()
    const to = walletOf(kind, 2).address
    const ids = [await pay(to, least), await pay(to, 2n * least)]
    node.mine()
    let asked = 0
    const chain = through(async (request) => {
      const answer = await egress.fetch(request)
      if (!request.url.endsWith('/txs/chain')) return { ...answer, body: utf8('[]') }
      const page = JSON.parse(new TextDecoder().decode(answer.body)) as unknown[]
      return { ...answer, body: utf8(JSON.stringify(++asked === 1 ? page : page.reverse())) }
    }, 2)
    const { arrivals } = await chain.arrivals({ addresses: [to], tokens: [], from: 101n, to: 101n })
    expect([asked, arrivals.map(({ transactionId }) => transactionId)]).toEqual([2, ids.sort()])
    await node.close()
  })

  it('are read from a page of up to 64 MiB, after those of the other addresses', async () => {
    const { node, pay, egress, through } = await withNode()
    const [long, other] = [walletOf(kind, 2).address, walletOf(kind, 3).address]
    for (const to of [long, other]) await pay(to, least)
    node.mine()
    const read = new Set<string>()
    const chain = through(async (request) => {
      const isLong = request.url.includes(long)
      if (isLong && request.responseBytesMax < 64 * 1024 * 1024) throw tooLong()
      read.add(isLong ? long : other)
      return egress.fetch(request)
    })
    const { arrivals } = await chain.arrivals({ addresses: [long, other], tokens: [], from: 101n, to: 101n })
    expect(arrivals.map(({ to }) => to).sort()).toEqual([long, other].sort())
    expect([...read]).toEqual([other, long])
    await node.close()
  })

  it.each([
    ['leaves out the last transaction of a page', (page: unknown[]) => page.slice(0, -1)],
    ['has an empty page', () => []],
    ['repeats a transaction', (page: unknown[]) => [...page, page[0]]],
  ])('are not read from a block of which the node %s', async (_, changed) => {
    const { node, pay, egress } = await withNode()
    const long = walletOf(kind, 2).address
    for (let paid = 0; paid < 2; paid++) await pay(long, least)
    node.mine()
    const fetch: Egress['fetch'] = async (request) => {
      if (request.url.includes(long)) throw tooLong()
      const answer = await egress.fetch(request)
      if (!/\/block\/[0-9a-f]+\/txs\//.test(request.url)) return answer
      return { ...answer, body: utf8(JSON.stringify(changed(JSON.parse(new TextDecoder().decode(answer.body))))) }
    }
    const chain = bitcoinChain({ egress: { fetch }, urls: [node.url], facts: factsOf(kind) })
    const wanted = { addresses: [long], tokens: [], from: 101n, to: 101n }
    await expect(chain.arrivals(wanted)).rejects.toThrow('all transactions of a block')
    await node.close()
  })

  it('are read from all transactions of a few blocks at a time if a page of a history is even longer', async () => {
    const { node, chain, pay, egress, through } = await withNode()
    const [long, other] = [walletOf(kind, 2).address, walletOf(kind, 3).address]
    // One payment more than a page of a block holds.
    for (let paid = 0; paid < 26; paid++) await pay(long, least + BigInt(paid))
    for (let blocks = 0; blocks < 6; blocks++) {
      node.mine()
      for (const to of [long, other]) await pay(to, least)
    }
    node.mine()
    const wanted = { addresses: [other, long], tokens: [], from: 101n, to: 107n }
    const around = through((request) =>
      request.url.includes(long) ? Promise.reject(tooLong()) : egress.fetch(request),
    )
    const some = await around.arrivals(wanted)
    expect(some).toEqual(await chain.arrivals({ ...wanted, to: 104n }))
    expect(some.arrivals.length).toBe(26 + 2 * 3)
    const rest = await around.arrivals({ ...wanted, from: 105n })
    expect(rest).toEqual(await chain.arrivals({ ...wanted, from: 105n }))
    await node.close()
  })

  it('are not read from blocks if the node does not answer', async () => {
    const { node, through } = await withNode()
    node.mine()
    const silent = through(() => Promise.reject(new EgressFailed('No answer.')))
    const wanted = { addresses: [walletOf(kind, 2).address], tokens: [], from: 101n, to: 101n }
    await expect(silent.arrivals(wanted)).rejects.toThrow(ChainUnavailable)
    await node.close()
  })

  it('are read in steps, and the adapter reports each step to the caller', async () => {
    const { node, chain } = await withNode()
    node.mine()
    const addresses = Array.from({ length: 20 }, (_, number) => walletOf(kind, number + 1).address)
    let steps = 0
    const onProgress = async () => void steps++
    await chain.arrivals({ addresses, tokens: [], from: 101n, to: 101n, onProgress })
    expect(steps).toBeGreaterThanOrEqual(addresses.length)
    await node.close()
  })

  it('are read from the histories of 8 addresses at once', async () => {
    const { node, egress, through } = await withNode()
    node.mine()
    let [running, most] = [0, 0]
    const chain = through(async (request) => {
      most = Math.max(most, ++running)
      return egress.fetch(request).finally(() => running--)
    })
    const addresses = Array.from({ length: 20 }, (_, number) => walletOf(kind, number + 1).address)
    await chain.arrivals({ addresses, tokens: [], from: 101n, to: 101n })
    expect([running, most]).toEqual([0, 8])
    await node.close()
  })

  it('are credited to the internal account with enough blocks', async () => {
    const { node, chain, pay } = await withNode()
    await using world = await testPawl({ chains: ({ name }) => (name === 'bitcoin' ? chain : null) })
    const { owner, clock, pawl } = world
    const { id: account_id } = await owner.ledger.createAccount({ name: 'Shop' })
    const { id, address } = await owner.deposits.create({ chain: 'bitcoin', auto_credit_account_id: account_id })
    const look = async () => {
      clock.advance(15_000)
      while ((await pawl.runJobs()) > 0);
    }
    await look()
    const tx_hash = await pay(address, 2_500_000n)
    node.mine()
    await look()
    const events = async () => (await owner.deposits.get({ destination_id: id })).events
    expect(await events()).toMatchObject([{ tx_hash, status: 'received', amount: '0.025', token_symbol: 'BTC' }])
    for (let mined = 1; mined < 12; mined++) node.mine()
    await look()
    expect(await events()).toMatchObject([{ status: 'credited' }])
    expect((await owner.ledger.getAccount({ account_id })).balances).toEqual([{ asset: 'BTC', balance: '0.025' }])
    await node.close()
  })
})
