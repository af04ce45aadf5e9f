import { keccak_256 } from '@noble/hashes/sha3.js'
import {
  type Bundler,
  type Bundlers,
  ChainRejected,
  ChainUnavailable,
  concat,
  entryPoint,
  hex,
  type OperationGas,
  type OperationReceipt,
  operationIn,
  type PaymasterPart,
  type PaymasterStub,
  type UserOperation,
  type Witnessing,
} from '@pawl/core/ports'
import { type MemoryChain, memoryChain } from '@pawl/core/ports/reference'
import { listen, sendJson } from './loopback.ts'

/**
 * What a bundler can do wrong. `down`: it gives no answer. `refuses`: it refuses the operation, and keeps it all the same. `other`: it
 * names another operation. `greedy`: it wants more gas than there is. `breaks`: the adapter has a bug.
 */
export type BundlerFault = 'down' | 'refuses' | 'other' | 'greedy' | 'breaks'

export interface FakeBundler {
  /** For the options of `createPawl`. Both know one chain. */
  readonly bundlers: Bundlers
  readonly chain: MemoryChain & Witnessing
  readonly bundler: Required<Bundler>
  /** The operations that it was given, each once. */
  readonly taken: readonly UserOperation[]
  /** What it was asked, in order. */
  readonly calls: readonly string[]
  /** From then on, calls of these names fail so. Null: they work. */
  fail(fault: BundlerFault | null, ...names: (keyof Bundler | 'stub' | 'data')[]): void
  /** Puts what it was given on the chain, in one transaction each. `succeeds`: whether the calls succeed. */
  include(succeeds?: boolean): Promise<void>
}

export interface FakeBundlerOptions {
  readonly name?: string
  readonly chainId?: bigint
  /** Whether it has a paymaster. Default: true. */
  readonly pays?: boolean
}

const usualGas: OperationGas = {
  ...{ call: 80_000n, verification: 120_000n, preVerification: 50_000n },
  ...{ paymasterVerification: 40_000n, paymasterPostOp: 0n },
}

/**
 * A bundler and a paymaster in memory, with a chain whose entry point knows which nonces are used. It checks no signature.
 *
 * @example
 * const { bundlers, chain, include } = fakeBundler()
 * await using world = await testPawl({ bundlers, chains: ({ name }) => (name === 'base' ? chain : null) })
 */
export function fakeBundler({ name = 'base', chainId = 8_453n, pays = true }: FakeBundlerOptions = {}): FakeBundler {
  const taken = new Map<string, UserOperation>()
  const receipts = new Map<string, OperationReceipt>()
  const calls: string[] = []
  const faults = new Map<string, BundlerFault>()
  const used = new Set<string>()
  const outcomes = new Map<string, boolean>()

  const memory = memoryChain({
    ...{ name, chainId },
    // The only contract is the entry point, and what it is asked is the nonce of a lane.
    call: ({ to, data }) => {
      const isNonce = to === entryPoint && hex(data).startsWith(nonceSelector)
      const lane = BigInt(`0x0${hex(data.subarray(36, 68))}`) << 64n
      const next = used.has(`${hex(data.subarray(16, 36))} ${lane}`) ? lane + 1n : lane
      return { succeeded: true, fuel: 0n, returned: isNonce ? word(next) : new Uint8Array(0) }
    },
  })
  const chain = Object.assign(memory, {
    operationSucceeded: async (transactionId: string, operationHash: string) =>
      outcomes.get(`${transactionId} ${operationHash}`) ?? null,
  })
  const answering = async <T>(what: string, work: (fault: BundlerFault | null) => T): Promise<T> => {
    calls.push(what)
    const fault = faults.get(what) ?? null
    if (fault === 'down') throw new ChainUnavailable('The bundler did not answer.')
    if (fault === 'breaks') throw new TypeError(`cannot read ${name} of undefined`)
    const done = work(fault)
    if (fault === 'refuses') throw new ChainRejected('refused', 'AA21 did not pay the prefund')
    return done
  }
  const payer = { address: '0x00000000000000000000000000000000000e0002', data: Uint8Array.of(1, 2, 3) }
  const bundler: Required<Bundler> = {
    estimate: () =>
      answering('estimate', (fault) => (fault === 'greedy' ? { ...usualGas, preVerification: 10n ** 12n } : usualGas)),
    send: (operation) =>
      answering('send', (fault) => {
        const hash = operationHash(operation, chainId)
        if (!taken.has(hash)) taken.set(hash, operation)
        return fault === 'other' ? `0x${'e'.repeat(64)}` : hash
      }),
    receipt: (hash) => answering('receipt', () => receipts.get(hash) ?? null),
    paymaster: {
      stub: () =>
        answering('stub', (): PaymasterStub => {
          return { ...payer, verificationGas: null, postOpGas: 10_000n, isFinal: false }
        }),
      data: () =>
        answering('data', (fault): PaymasterPart => {
          return fault === 'greedy' ? { ...payer, data: new Uint8Array(100_000) } : { ...payer, data: Uint8Array.of(9) }
        }),
    },
  }
  const { paymaster, ...unpaid } = bundler
  const served = pays ? bundler : unpaid
  return {
    bundlers: (facts) => (facts.name === name ? served : null),
    ...{ chain, bundler, calls },
    get taken() {
      return [...taken.values()]
    },
    fail: (fault, ...names) => {
      for (const one of names) fault === null ? faults.delete(one) : faults.set(one, fault)
    },
    include: async (succeeded = true) => {
      const wallet = chain.wallet('bundler', 10n ** 18n)
      for (const [hash, { sender, nonce }] of taken) {
        const lane = `${sender.slice(2).toLowerCase()} ${nonce}`
        if (used.has(lane)) continue
        const transactionId = await chain.broadcast(await wallet.transfer({ to: entryPoint, value: 0n }))
        used.add(lane)
        receipts.set(hash, { transactionId })
        outcomes.set(`${transactionId} ${hash}`, succeeded)
        chain.mine()
      }
    },
  }
}

/** `getNonce(address,uint192)` of the entry point. */
const nonceSelector = '35567e1a'

/** As the entry point 0.7 computes it. */
function operationHash({ sender, nonce, callData, gas, ...rest }: UserOperation, chainId: bigint): string {
  const { paymaster, maxFee, priorityFee } = rest
  const { verification, call, preVerification, paymasterVerification, paymasterPostOp } = gas
  const limits = paymaster && concat(word(paymasterVerification, 16), word(paymasterPostOp, 16), paymaster.data)
  const paid = paymaster && limits ? concat(word(BigInt(paymaster.address), 20), limits) : new Uint8Array(0)
  const packed = concat(
    ...[word(BigInt(sender)), word(nonce), keccak_256(new Uint8Array(0)), keccak_256(callData)],
    ...[word(verification, 16), word(call, 16), word(preVerification)],
    ...[word(priorityFee, 16), word(maxFee, 16), keccak_256(paid)],
  )
  return `0x${hex(keccak_256(concat(keccak_256(packed), word(BigInt(entryPoint)), word(chainId))))}`
}

function word(number: bigint, bytes = 32): Uint8Array {
  return new Uint8Array(Buffer.from(number.toString(16).padStart(2 * bytes, '0'), 'hex'))
}

export interface ServedBundler extends AsyncDisposable {
  readonly url: string
  readonly fake: FakeBundler
  /** From then on, each answer is this. Null: the answers of the bundler. */
  answerWith(answer: ((method: string) => unknown) | null): void
  close(): Promise<void>
}

/**
 * The same over JSON-RPC on loopback: the bundler (ERC-7769) and the paymaster (ERC-7677) under one URL.
 *
 * @example
 * await using served = await startFakeBundler()
 * const bundler = jsonRpcBundler({ egress, url: served.url, paymasterUrl: served.url, facts: served.fake.chain.facts })
 */
export async function startFakeBundler(fake = fakeBundler()): Promise<ServedBundler> {
  const { bundler, chain } = fake
  let instead: ((method: string) => unknown) | null = null
  const methods: Readonly<Record<string, (first: unknown) => Promise<unknown>>> = {
    eth_chainId: async () => quantity(chain.facts.chainId ?? 0n),
    eth_estimateUserOperationGas: async (first) => {
      const { call, verification, preVerification, paymasterVerification } = await bundler.estimate(read(first))
      return {
        ...{ callGasLimit: quantity(call), verificationGasLimit: quantity(verification) },
        ...{ preVerificationGas: quantity(preVerification) },
        paymasterVerificationGasLimit: quantity(paymasterVerification),
      }
    },
    eth_sendUserOperation: (first) => bundler.send(read(first)),
    eth_getUserOperationReceipt: async (first) => {
      const found = await bundler.receipt(String(first))
      const receipt = found && { transactionHash: found.transactionId }
      return found && { userOpHash: first, receipt }
    },
    pm_getPaymasterStubData: async (first) => {
      const { address, data, postOpGas } = await bundler.paymaster.stub(read(first))
      return { paymaster: address, paymasterData: `0x${hex(data)}`, paymasterPostOpGasLimit: quantity(postOpGas ?? 0n) }
    },
    pm_getPaymasterData: async (first) => {
      const { address, data } = await bundler.paymaster.data(read(first))
      return { paymaster: address, paymasterData: `0x${hex(data)}` }
    },
  }
  const { url, close } = await listen(async (_, body, response) => {
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: readonly unknown[] }
    const own = instead?.(method)
    if (own !== undefined) return sendJson(response, 200, { jsonrpc: '2.0', id, ...(own as object) })
    try {
      sendJson(response, 200, { jsonrpc: '2.0', id, result: (await methods[method]?.(params[0])) ?? null })
    } catch (error) {
      const code = error instanceof ChainRejected ? -32_500 : -32_603
      const message = error instanceof Error ? error.message : 'failed'
      sendJson(response, 200, { jsonrpc: '2.0', id, error: { code, message } })
    }
  })
  const answerWith: ServedBundler['answerWith'] = (answer) => {
    instead = answer
  }
  return { url, fake, answerWith, close, [Symbol.asyncDispose]: close }
}

function read(operation: unknown): UserOperation {
  return operationIn(JSON.stringify(operation))
}

function quantity(number: bigint): string {
  return `0x${number.toString(16)}`
}
