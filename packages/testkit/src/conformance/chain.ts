import {
  type AnyChain,
  type Arrival,
  type Chain,
  ChainRejected,
  ChainUnavailable,
  type TransactionStatus,
} from '@pawl/core/ports'
import { check, type Runner, rejects, testEach } from './asserts.ts'

/** A chain with a funded account. */
export interface OpenedChain {
  readonly chain: AnyChain
  readonly rich: {
    readonly address: string
    /** A signed transfer, built on `account`. Default for `account`: what the chain answers for this address. */
    transfer(to: string, value: bigint, account?: Awaited<ReturnType<Chain['account']>>): Promise<Uint8Array>
  }
  /** The smallest amount that the chain accepts for a transfer to a new address. Default: 1. */
  readonly least?: bigint
  /** An address without an owner and without a balance. */
  readonly nobody: string
  /** Something well-formed that no chain has seen. */
  readonly unknownTransaction: string
  /** Makes a block of the waiting transactions. */
  mine(): Promise<void>
  close?(): Promise<void>
}

/**
 * The behaviour of every chain. Each case opens a new one.
 *
 * @example
 * testChain('my chain', async () => openOnTestNode(), { describe, it })
 */
export function testChain(name: string, open: () => OpenedChain | Promise<OpenedChain>, runner: Runner): void {
  testEach(`${name}, a chain`, open, cases, runner)
}

const cases: Readonly<Record<string, (opened: OpenedChain) => Promise<void>>> = {
  'says what it is': saysWhatItIs,
  'tells balances as whole numbers, and 0 of nobody': tellsBalances,
  'tells what a transaction is to build on, those on their way included': tellsAccounts,
  'tells fees that are not negative': tellsFees,
  'tells of a block that goes on': tellsTheTip,
  'takes a transaction, and tells where it is until it is included': takesTransactions,
  'takes a transaction again and does it once': takesOnce,
  'refuses for good what is no transaction, what was spent, and what nobody can pay': refusesForGood,
  'tells what a call would do, and does nothing': simulates,
  'tells what calls would do one after the other': simulatesInOrder,
  'knows no user operation in a transaction that has none': knowsNoOperation,
  'tells what arrived in which block, of the addresses that were asked for': tellsArrivals,
  'tells the blocks that it has, and reads only these': tellsBlocks,
}

async function saysWhatItIs({ chain: { facts } }: OpenedChain): Promise<void> {
  check(/^[a-z0-9-]+$/.test(facts.name), `is named ${facts.name}`)
  check(facts.chainId === null || typeof facts.chainId === 'bigint', `has the number ${facts.chainId}`)
  check(facts.chainId !== null || facts.family !== 'evm', 'an EVM chain has a number')
  check(Number.isInteger(facts.decimals) && facts.decimals >= 0, `has ${facts.decimals} decimal places`)
}

async function tellsBalances({ chain, rich, nobody }: OpenedChain): Promise<void> {
  check((await chain.balance(rich.address)) > 0n, 'who is rich has nothing')
  check((await chain.balance(nobody)) === 0n, `nobody has ${await chain.balance(nobody)}`)
}

async function tellsAccounts({ chain, rich, nobody, least = 1n }: OpenedChain): Promise<void> {
  const before = await chain.account(rich.address)
  if (before.model === 'none') return
  if (before.model === 'outputs') {
    const sum = before.outputs.reduce((total, { value }) => total + value, 0n)
    check(sum === (await chain.balance(rich.address)), `outputs of ${sum} are not the balance`)
    return
  }
  check(typeof before.next === 'bigint' && before.next >= 0n, `is at ${before.next}`)
  await chain.broadcast(await rich.transfer(nobody, least))
  const after = await chain.account(rich.address)
  check(after.model === 'counter' && after.next === before.next + 1n, 'does not count what is on its way')
}

async function tellsFees({ chain }: OpenedChain): Promise<void> {
  const { model, ...fees } = await chain.fees()
  for (const [name, fee] of Object.entries(fees)) {
    check(
      (typeof fee === 'bigint' && fee >= 0n) || (model === 'gas' && name === 'base' && fee === null),
      `${name}: ${fee}`,
    )
  }
}

async function tellsTheTip({ chain, mine }: OpenedChain): Promise<void> {
  const before = await chain.tip()
  check(before.id !== '' && Number.isSafeInteger(before.at), 'tells no block')
  await mine()
  const after = await chain.tip()
  check(after.height > before.height && after.id !== before.id && after.at >= before.at, 'stays where it was')
}

async function takesTransactions({
  chain,
  rich,
  nobody,
  unknownTransaction,
  mine,
  least = 1n,
}: OpenedChain): Promise<void> {
  expectState(await chain.status(unknownTransaction), 'unknown')
  const before = await chain.balance(rich.address)
  const id = await chain.broadcast(await rich.transfer(nobody, 5n * least))
  expectState(await chain.status(id), 'pending')
  await mine()
  const first = await chain.status(id)
  check(first.state === 'included' && first.succeeded, `is ${first.state} after a block`)
  check(first.height <= (await chain.tip()).height, 'is in a block that is not there')
  await mine()
  const later = await chain.status(id)
  check(later.state === 'included' && later.confirmations > first.confirmations, 'is no surer after another block')
  check((await chain.balance(nobody)) === 5n * least, `${await chain.balance(nobody)} of ${5n * least} arrived`)
  check((await chain.balance(rich.address)) <= before - 5n * least, 'came from nowhere')
}

async function takesOnce({ chain, rich, nobody, mine, least = 1n }: OpenedChain): Promise<void> {
  const signed = await rich.transfer(nobody, 5n * least)
  const [first, second] = await Promise.all([chain.broadcast(signed), chain.broadcast(signed)])
  await mine()
  const third = await chain.broadcast(signed)
  await mine()
  check(first === second && second === third, `has the ids ${first}, ${second} and ${third}`)
  check((await chain.balance(nobody)) === 5n * least, `${await chain.balance(nobody)} of ${5n * least} arrived`)
}

async function refusesForGood({ chain, rich, nobody, mine, least = 1n }: OpenedChain): Promise<void> {
  const account = await chain.account(rich.address)
  await chain.broadcast(await rich.transfer(nobody, least))
  await mine()
  await refuses(chain, Uint8Array.of(1, 2, 3), 'what is no transaction')
  // A chain without a counter or outputs has no double spend to test.
  if (account.model !== 'none') await refuses(chain, await rich.transfer(nobody, 2n * least, account), 'what was spent')
  await refuses(chain, await rich.transfer(nobody, 10n * (await chain.balance(rich.address))), 'what nobody can pay')
  check((await chain.balance(nobody)) === least, 'did what it refused')
}

async function refuses(chain: Chain, signed: Uint8Array, what: string): Promise<void> {
  const error = await rejects(() => chain.broadcast(signed), what)
  check(error instanceof ChainRejected, `threw ${error} for ${what}`)
}

async function simulates({ chain, rich, nobody }: OpenedChain): Promise<void> {
  if (!chain.simulate) return
  const call = { from: rich.address, to: nobody, value: 1n, data: new Uint8Array(0) }
  const [done] = await chain.simulate([call])
  check(done?.succeeded === true && done.fuel > 0n, `a transfer would not succeed: ${JSON.stringify(done, shown)}`)
  const arrived = done.changes?.find(({ address }) => address.toLowerCase() === nobody.toLowerCase())
  check(done.changes === null || arrived?.after === 1n, 'tells changes that are not those of the transfer')
  const [failed] = await chain.simulate([{ ...call, from: nobody, to: rich.address }])
  check(failed?.succeeded === false && failed.reason !== '', 'nobody could pay')
  check((await chain.balance(nobody)) === 0n, 'did what it was to try')
}

async function simulatesInOrder({ chain, rich, nobody }: OpenedChain): Promise<void> {
  if (!chain.simulate) return
  const data = new Uint8Array(0)
  const back = { from: nobody, to: rich.address, value: 3n, data }
  const results = await chain.simulate([{ from: rich.address, to: nobody, value: 3n, data }, back, back])
  check(results.length === 3, `gave ${results.length} results for 3 calls`)
  check(results[0]?.succeeded === true && results[1]?.succeeded === true, 'forgot what the first call did')
  check(results[2]?.succeeded === false, 'spent twice what the first call gave')
}

async function knowsNoOperation({
  chain,
  rich,
  nobody,
  unknownTransaction,
  mine,
  least = 1n,
}: OpenedChain): Promise<void> {
  if (!chain.operationSucceeded) return
  const id = await chain.broadcast(await rich.transfer(nobody, least))
  await mine()
  for (const one of [id, unknownTransaction]) {
    const told = await chain.operationSucceeded(one, `0x${'e'.repeat(64)}`)
    check(told === null, `tells ${told} of an operation that was not sent`)
  }
}

/** All arrivals in these blocks, for any number of blocks that the chain reads at once. */
async function arrivedAt({ arrivals }: OpenedChain['chain'], address: string, from: bigint, to: bigint) {
  const found: Arrival[] = []
  const wanted = { addresses: [address], tokens: [], to }
  for (let next = from; arrivals && next <= to; ) {
    const answer = await arrivals({ ...wanted, from: next })
    check(answer.upTo.height >= next && answer.upTo.height <= to, `read up to ${answer.upTo.height}`)
    found.push(...answer.arrivals)
    next = answer.upTo.height + 1n
  }
  return found
}

async function tellsArrivals({ chain, rich, nobody, mine, least = 1n }: OpenedChain): Promise<void> {
  if (!chain.arrivals || !chain.blockAt) return
  const { height: before } = await chain.tip()
  const id = await chain.broadcast(await rich.transfer(nobody, 5n * least))
  await mine()
  await mine()
  const { height: end } = await chain.tip()
  const [arrival, ...others] = await arrivedAt(chain, nobody, before + 1n, end)
  check(arrival !== undefined && others.length === 0, `${others.length + (arrival ? 1 : 0)} arrivals, not 1`)
  const { amount, transactionId, to, token, height, blockId } = arrival
  check(amount === 5n * least && transactionId === id && to === nobody && token === null, 'tells of another transfer')
  check(blockId === (await chain.blockAt(height))?.id, 'names a block that is not there')
  const again = await arrivedAt(chain, nobody, before + 1n, end)
  check(again[0]?.place === arrival.place, `is at ${again[0]?.place}, and was at ${arrival.place}`)
  const later = await arrivedAt(chain, nobody, height + 1n, end)
  check(later.length === 0, 'arrived in a later block again')
  const elsewhere = await arrivedAt(chain, rich.address, before + 1n, end)
  check(!elsewhere.some(({ amount: other, to: payee }) => other === amount || payee === nobody), 'is of somebody else')
}

async function tellsBlocks({ chain, nobody, mine }: OpenedChain): Promise<void> {
  if (!chain.arrivals || !chain.blockAt) return
  await mine()
  const tip = await chain.tip()
  check((await chain.blockAt(tip.height))?.id === tip.id, 'the newest block is another one')
  check((await chain.blockAt(tip.height + 1_000n)) === null, 'has a block that nobody made')
  const wanted = { addresses: [nobody], tokens: [], from: tip.height, to: tip.height }
  const { parentId, upTo } = await chain.arrivals(wanted)
  check(upTo.id === tip.id, 'read another block')
  check(parentId === (await chain.blockAt(tip.height - 1n))?.id, 'follows another block')
  const { arrivals } = chain
  const error = await rejects(
    () => arrivals({ ...wanted, from: tip.height + 1_000n, to: tip.height + 1_000n }),
    'no block',
  )
  check(error instanceof ChainUnavailable, `threw ${error} for a block that is not there`)
}

function shown(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}

function expectState({ state }: TransactionStatus, expected: string): void {
  check(state === expected, `is ${state}, not ${expected}`)
}
