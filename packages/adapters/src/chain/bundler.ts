import {
  type Bundler,
  type ChainFacts,
  ChainRejected,
  ChainUnavailable,
  type Egress,
  entryPoint,
  keyRemover,
  operationJson,
  type Paymaster,
  type PaymasterPart,
  type UserOperation,
} from '@pawl/core/ports'
import { bytesOf, quantityOf, recordOf, textOf, unreadable } from './answers.ts'
import { withoutKeys } from './keyed-urls.ts'
import { type Ask, askers, NodeError, withoutErrors } from './nodes.ts'

export interface BundlerOptions {
  /** The way out. It must allow the hosts of the URLs. */
  readonly egress: Egress
  /** The bundler. The URL often contains a key, so it is never shown. */
  readonly url: string
  /** The paymaster. It can be the same URL. Default: none. */
  readonly paymasterUrl?: string
  readonly facts: ChainFacts
  /** Time for one answer. Default: 10 seconds. */
  readonly timeoutMs?: number
}

/**
 * A bundler that speaks ERC-7769 (`eth_sendUserOperation` and others), with a paymaster that speaks ERC-7677.
 *
 * @example
 * const base = { name: 'base', family: 'evm', chainId: 8453n, decimals: 18 } as const
 * const bundler = jsonRpcBundler({ egress, url: 'https://bundler.example.com/v2/key', facts: base })
 */
export function jsonRpcBundler({ egress, url, paymasterUrl, facts, timeoutMs }: BundlerOptions): Bundler {
  const { name } = facts
  const askerOf = (one: string) => {
    const [ask] = askers({ egress, urls: [one], name, ...(timeoutMs !== undefined && { timeoutMs }) })
    return ask as Ask
  }
  const ask = onlyOn(facts, askerOf(url))
  return withoutKeys(keyRemover([url]), {
    estimate: async (operation) => {
      const asked = ask('eth_estimateUserOperationGas', operationJson(operation), entryPoint).catch(refusal)
      const answer = recordOf(await asked)
      return {
        call: quantityOf(answer.callGasLimit),
        verification: quantityOf(answer.verificationGasLimit),
        preVerification: quantityOf(answer.preVerificationGas),
        paymasterVerification: optional(answer.paymasterVerificationGasLimit) ?? 0n,
        paymasterPostOp: optional(answer.paymasterPostOpGasLimit) ?? 0n,
      }
    },
    send: async (operation) => {
      const sent = ask('eth_sendUserOperation', operationJson(operation), entryPoint)
      return hashOf(await sent.catch((error) => refusalOfSent(error)))
    },
    receipt: async (hash) => {
      const answer = await withoutErrors(ask, name)('eth_getUserOperationReceipt', hash)
      if (answer === null) return null
      const { userOpHash, receipt } = recordOf(answer)
      if (userOpHash !== hash)
        throw new ChainUnavailable(`The bundler of ${name} gave the receipt of another operation.`)
      return { transactionId: hashOf(recordOf(receipt).transactionHash) }
    },
    ...(paymasterUrl !== undefined && {
      paymaster: withoutKeys(keyRemover([paymasterUrl]), paymasterAt(facts, askerOf(paymasterUrl))),
    }),
  })
}

function paymasterAt({ chainId }: ChainFacts, ask: Ask): Paymaster {
  const askFor = async (method: string, operation: UserOperation) => {
    const { signature, ...unsigned } = operationJson(operation)
    const shown = method === 'pm_getPaymasterStubData' ? { ...unsigned, signature } : unsigned
    const asked = ask(method, shown, entryPoint, `0x${(chainId ?? 0n).toString(16)}`, {})
    return recordOf(await asked.catch(refusal))
  }
  return {
    stub: async (operation) => {
      const answer = await askFor('pm_getPaymasterStubData', operation)
      return {
        ...partOf(answer),
        verificationGas: optional(answer.paymasterVerificationGasLimit),
        postOpGas: optional(answer.paymasterPostOpGasLimit),
        isFinal: answer.isFinal === true,
      }
    },
    data: async (operation) => partOf(await askFor('pm_getPaymasterData', operation)),
  }
}

function partOf({ paymaster, paymasterData }: Readonly<Record<string, unknown>>): PaymasterPart {
  const address = textOf(paymaster)
  if (!/^0x[0-9a-f]{40}$/i.test(address)) throw unreadable('an address')
  return { address, data: bytesOf(paymasterData) }
}

function optional(value: unknown): bigint | null {
  return value === undefined || value === null ? null : quantityOf(value)
}

function hashOf(value: unknown): string {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{64}$/i.test(value)) throw unreadable('a hash')
  return value.toLowerCase()
}

/** Asks nothing of a bundler until it has said that it belongs to this chain. */
function onlyOn({ name, chainId }: ChainFacts, ask: Ask): Ask {
  let isRight = false
  return async (...asked) => {
    isRight ||= quantityOf(await withoutErrors(ask, name)('eth_chainId')) === chainId
    if (!isRight) throw new ChainUnavailable(`The bundler of ${name} belongs to another chain than ${chainId}.`)
    return ask(...asked)
  }
}

/** ERC-7769: from -32500 to -32507 and -32521 the operation is wrong. -32602: its fields are. */
function isRefusal(code: number): boolean {
  return (code <= -32_500 && code >= -32_507) || code === -32_521 || code === -32_602
}

function refusal(error: unknown): never {
  if (!(error instanceof NodeError)) throw error
  if (isRefusal(error.code)) throw new ChainRejected('refused', error.message)
  throw new ChainUnavailable(`The service answered with the error ${error.code}.`)
}

/** The outcome of an operation that the bundler has already is open. */
function refusalOfSent(error: unknown): never {
  if (error instanceof NodeError && /already known/i.test(error.message)) {
    throw new ChainUnavailable('The bundler has the operation already.')
  }
  return refusal(error)
}
