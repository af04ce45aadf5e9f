import { type BalanceChange, type ChainCall, ChainUnavailable, hex, type Simulation } from '@pawl/core/ports'
import { bytesOf, listOf, quantityOf, recordOf } from './answers.ts'
import { type Ask, NodeError, printable } from './nodes.ts'

// Simulates calls on the node: by eth_simulateV1, else by debug_traceCall and eth_call. If the node cannot report the
// changes of balances, the answer has none.

/** Runs the calls one after the other. */
export async function simulateCalls(ask: Ask, name: string, calls: readonly ChainCall[]): Promise<Simulation[]> {
  if (calls.length === 0) return []
  try {
    return await simulateAll(ask, calls)
  } catch (error) {
    if (!(error instanceof NodeError)) throw error
    if (isMissing(error)) return oneByOne(ask, name, calls)
    return withFailure(ask, name, calls, error)
  }
}

/** -32601: the method does not exist. */
function isMissing({ code, message }: NodeError): boolean {
  return code === -32_601 || /not (available|supported|exist)|unknown method|unsupported/i.test(message)
}

/** One call makes the whole simulation fail, such as for too little money. The calls before it say which. */
async function withFailure(
  ask: Ask,
  name: string,
  calls: readonly ChainCall[],
  error: NodeError,
): Promise<Simulation[]> {
  const before = await simulateCalls(ask, name, calls.slice(0, -1))
  const isFirst = before.every(({ succeeded }) => succeeded)
  const reason = isFirst ? reasonOf(error.message, error.data) : 'An earlier call of the bundle fails.'
  return [...before, { succeeded: false, fuel: null, reason }]
}

async function simulateAll(ask: Ask, calls: readonly ChainCall[]): Promise<Simulation[]> {
  const options = { blockStateCalls: [{ calls: calls.map(shown) }], traceTransfers: true, validation: false }
  const [block] = listOf(await ask('eth_simulateV1', options, 'latest'))
  const results = listOf(recordOf(block).calls).map(recordOf)
  if (results.length !== calls.length) throw new ChainUnavailable('The node simulated another number of calls.')
  const before = new Map<string, bigint>()
  const moved = new Map<string, bigint>()
  const simulations: Simulation[] = []
  for (const result of results) {
    const { status, gasUsed, returnData, error, logs } = result
    const fuel = quantityOf(gasUsed)
    if (quantityOf(status) !== 1n) {
      const { message, data } = error ? recordOf(error) : { message: 'reverted', data: undefined }
      simulations.push({ succeeded: false, fuel, reason: reasonOf(printable(message), data ?? returnData) })
      continue
    }
    const changes = await changesOf(ask, listOf(logs).flatMap(transferIn), before, moved)
    simulations.push({ succeeded: true, fuel, returned: bytesOf(returnData), changes })
  }
  return simulations
}

/** Without eth_simulateV1, a node does not know the state after an earlier call of the bundle. */
async function oneByOne(ask: Ask, name: string, calls: readonly ChainCall[]): Promise<Simulation[]> {
  const [first, ...others] = calls
  if (!first) return []
  const reason = `The node of ${name} cannot run calls one after the other, because it has no eth_simulateV1.`
  return [await simulateOne(ask, name, first), ...others.map(() => ({ succeeded: false, fuel: null, reason }) as const)]
}

async function simulateOne(ask: Ask, name: string, call: ChainCall): Promise<Simulation> {
  try {
    const fuel = quantityOf(await ask('eth_estimateGas', shown(call)))
    const returned = bytesOf(await ask('eth_call', shown(call), 'latest'))
    return { succeeded: true, fuel, returned, changes: await tracedChanges(ask, call) }
  } catch (error) {
    if (!(error instanceof NodeError)) throw error
    // 3 is a revert. -32000 is anything else that goes wrong, such as too little money.
    if (error.code === 3 || error.code === -32_000) {
      return { succeeded: false, fuel: null, reason: reasonOf(error.message, error.data) }
    }
    throw new ChainUnavailable(`The node of ${name} could not simulate the call (${error.code}).`)
  }
}

async function tracedChanges(ask: Ask, call: ChainCall): Promise<readonly BalanceChange[] | null> {
  try {
    const tracer = { tracer: 'callTracer', tracerConfig: { withLog: true } }
    const trace = await ask('debug_traceCall', shown(call), 'latest', tracer)
    return await changesOf(ask, transfersOfTrace(trace, 0), new Map(), new Map())
  } catch (error) {
    if (error instanceof NodeError) return null
    throw error
  }
}

interface Moved {
  readonly token: string | null
  readonly from: string
  readonly to: string
  readonly amount: bigint
}

const depthMax = 64

/** The ether and tokens that a call and the calls within it move. */
function transfersOfTrace(trace: unknown, depth: number): readonly Moved[] {
  const { type, from, to, value, error, logs, calls } = recordOf(trace)
  if (error !== undefined || depth > depthMax) return []
  const amount = typeof value === 'string' && type !== 'DELEGATECALL' ? quantityOf(value) : 0n
  const own = amount > 0n ? [{ token: null, from: String(from), to: String(to), amount }] : []
  const inner = Array.isArray(calls) ? calls.flatMap((one) => transfersOfTrace(one, depth + 1)) : []
  return [...own, ...(Array.isArray(logs) ? logs.flatMap(transferIn) : []), ...inner]
}

const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
/** Nodes report moved ether as an event of this address. */
const etherAddress = /^0x(?:e{40}|0{40})$/i

/** Transfer(address,address,uint256). With a third indexed argument it is an NFT, which has no balance of this kind. */
function transferIn(log: unknown): readonly Moved[] {
  const { address, topics, data } = recordOf(log)
  const [topic, from, to, ...more] = listOf(topics)
  if (topic !== transferTopic || more.length > 0 || typeof from !== 'string' || typeof to !== 'string') return []
  const token = etherAddress.test(String(address)) ? null : String(address)
  return [{ token, from: `0x${from.slice(-40)}`, to: `0x${to.slice(-40)}`, amount: quantityOf(data) }]
}

const changesMax = 64

async function changesOf(
  ask: Ask,
  moves: readonly Moved[],
  before: Map<string, bigint>,
  moved: Map<string, bigint>,
): Promise<readonly BalanceChange[]> {
  const touched = new Map<string, { readonly address: string; readonly token: string | null; readonly was: bigint }>()
  for (const { token, from, to, amount } of moves) {
    for (const [address, change] of [
      [from, -amount],
      [to, amount],
    ] as const) {
      const name = `${address} ${token}`.toLowerCase()
      const was = moved.get(name) ?? 0n
      if (!touched.has(name)) touched.set(name, { address, token, was })
      moved.set(name, was + change)
    }
  }
  const shownMoves = [...touched].filter(([name, { was }]) => (moved.get(name) ?? 0n) !== was).slice(0, changesMax)
  const changes: BalanceChange[] = []
  for (const [name, { address, token, was }] of shownMoves) {
    const start = before.get(name) ?? (await balanceOf(ask, address, token))
    before.set(name, start)
    changes.push({ address, token, before: start + was, after: start + (moved.get(name) ?? 0n) })
  }
  return changes.filter(({ address }) => !/^0x0{40}$/.test(address))
}

async function balanceOf(ask: Ask, address: string, token: string | null): Promise<bigint> {
  if (token === null) return quantityOf(await ask('eth_getBalance', address, 'latest'))
  const data = `0x70a08231${address.slice(2).toLowerCase().padStart(64, '0')}`
  return quantityOf(await ask('eth_call', { to: token, data }, 'latest'))
}

function shown({ from, to, value, data }: ChainCall) {
  return { from, to, value: `0x${value.toString(16)}`, input: `0x${hex(data)}` }
}

const panics: Readonly<Record<string, string>> = {
  '01': 'an assertion failed',
  '11': 'an arithmetic overflow',
  '12': 'a division by zero',
  '21': 'an invalid enum value',
  '31': 'a pop of an empty array',
  '32': 'an index out of bounds',
  '41': 'too much memory',
  '51': 'a call of an empty function',
}

/** Why a contract refused: the text of `Error(string)`, the meaning of `Panic(uint256)`, or the selector of its own error. */
function reasonOf(message: string, data: unknown): string {
  const text = typeof data === 'string' && /^0x[0-9a-f]*$/i.test(data) ? data.slice(2).toLowerCase() : ''
  if (text.startsWith('08c379a0')) return errorText(text.slice(8)) ?? message
  if (text.startsWith('4e487b71')) return panics[text.slice(-2)] ?? `panic 0x${text.slice(-2)}`
  if (text.length >= 8) return `${message === '' ? 'execution reverted' : message} (custom error 0x${text.slice(0, 8)})`
  return message === '' ? 'execution reverted' : message
}

function errorText(argument: string): string | null {
  const length = Number.parseInt(argument.slice(64, 128), 16)
  const body = argument.slice(128, 128 + length * 2)
  if (!Number.isSafeInteger(length) || body.length !== length * 2) return null
  const text = Buffer.from(body, 'hex').toString('utf8').replace(/\p{C}/gu, ' ').trim()
  return text === '' ? null : text.slice(0, 300)
}
