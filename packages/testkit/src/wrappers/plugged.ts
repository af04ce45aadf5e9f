import {
  type AnyChain,
  type AuditEventShown,
  type AuditSink,
  type ChainCall,
  ChainUnavailable,
  type Model,
  type ModelRequest,
  ModelUnavailable,
  type PolicyEngine,
  type PolicyRequest,
} from '@pawl/core/ports'
import { type CallOf, delayed, type FailingOptions, failed, intercept, listed, type SlowOptions } from './intercept.ts'

// What can be plugged in: rules, an ear for the trail, chains and models. An answer that comes at once comes later here.

const decisions = { evaluate: (requests: readonly PolicyRequest[]) => ({ requests }) }
const deliveries = { deliver: (events: readonly AuditEventShown[]) => ({ events: events.length }) }
const chainCalls = {
  balance: (address: string, token?: string) => ({ address, token }),
  account: (address: string) => ({ address }),
  fees: () => ({}),
  tip: () => ({}),
  broadcast: (signed: Uint8Array) => ({ bytes: signed.length }),
  status: (transactionId: string) => ({ transactionId }),
  simulate: (calls: readonly ChainCall[]) => ({ calls: calls.length }),
  operationSucceeded: (transactionId: string, operationHash: string) => ({ transactionId, operationHash }),
  exists: (addresses: readonly string[]) => ({ addresses: addresses.length }),
}
// What was said to a model may be anything, and is not repeated.
const completions = {
  models: () => ({}),
  complete: ({ model, messages }: ModelRequest) => ({ model, messages: messages.length }),
}

export type PolicyEngineCall = CallOf<typeof decisions>
export type AuditSinkCall = CallOf<typeof deliveries>
export type ChainCallMade = CallOf<typeof chainCalls>
export type ModelCall = CallOf<typeof completions>

/**
 * Waits before every decision, or after it.
 *
 * @example
 * slowPolicyEngine(engine, () => sleep(20))
 */
export function slowPolicyEngine(
  engine: PolicyEngine,
  sleep: () => Promise<void>,
  options: SlowOptions = {},
): PolicyEngine {
  return intercept(engine, decisions, delayed(sleep, options))
}

/**
 * Does not answer some requests.
 *
 * @example
 * failingPolicyEngine(engine, { every: 1 })
 */
export function failingPolicyEngine(engine: PolicyEngine, options: FailingOptions<PolicyEngineCall>): PolicyEngine {
  return intercept(engine, decisions, failed(options, unreachable))
}

/**
 * Waits before every delivery, or after it was taken.
 *
 * @example
 * slowAuditSink(sink, () => sleep(20))
 */
export function slowAuditSink<S extends AuditSink>(sink: S, sleep: () => Promise<void>, options: SlowOptions = {}): S {
  return intercept(sink, deliveries, delayed(sleep, options))
}

/**
 * Does not take some deliveries; or, with `after`, takes them and says that it did not.
 *
 * @example
 * failingAuditSink(memoryAuditSink(), { every: 2, after: true })
 */
export function failingAuditSink<S extends AuditSink>(sink: S, options: FailingOptions<AuditSinkCall>): S {
  return intercept(sink, deliveries, failed(options, unreachable))
}

/**
 * Waits before every call to the chain, or after it.
 *
 * @example
 * slowChain(memoryChain(), () => sleep(20))
 */
export function slowChain<C extends AnyChain>(
  chain: C,
  sleep: (method: ChainCallMade['method']) => Promise<void>,
  options: SlowOptions = {},
): C {
  return intercept(chain, chainCalls, delayed(sleep, options))
}

/**
 * Fails some calls with `ChainUnavailable`; with `after`, when they were carried out.
 *
 * @example
 * failingChain(chain, { at: 1, after: true, only: ({ method }) => method === 'broadcast' })
 */
export function failingChain<C extends AnyChain>(chain: C, options: FailingOptions<ChainCallMade>): C {
  return intercept(
    chain,
    chainCalls,
    failed(options, () => new ChainUnavailable('The chain fails on purpose.')),
  )
}

/**
 * Lists the calls, in the order they were made.
 *
 * @example
 * recordingChain(chain).calls.map(({ method }) => method)
 */
export function recordingChain<C extends AnyChain>(chain: C): C & { readonly calls: readonly ChainCallMade[] } {
  const calls: ChainCallMade[] = []
  return Object.assign(intercept(chain, chainCalls, listed(calls)), { calls })
}

/**
 * Waits before every part of an answer, or after it.
 *
 * @example
 * slowModel(model, () => sleep(20))
 */
export function slowModel<M extends Model>(model: M, sleep: () => Promise<void>, options: SlowOptions = {}): M {
  return intercept(model, completions, delayed(sleep, options), ['complete'])
}

/**
 * Breaks off: each part of an answer is a call, and some of them fail with `ModelUnavailable`.
 *
 * @example
 * failingModel(model, { at: 3 })
 */
export function failingModel<M extends Model>(model: M, options: FailingOptions<ModelCall>): M {
  const broken = () => new ModelUnavailable('The model fails on purpose.')
  return intercept(model, completions, failed(options, broken), ['complete'])
}

function unreachable(): Error {
  return new Error('It cannot be reached, on purpose.')
}
