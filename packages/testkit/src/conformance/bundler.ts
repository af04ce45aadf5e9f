import { type AnyChain, type Bundler, ChainRejected, type UserOperation } from '@pawl/core/ports'
import { check, type Runner, testEach } from './asserts.ts'

/** A bundler, and operations for it. */
export interface OpenedBundler {
  readonly bundler: Bundler
  /** The chain on which the bundler puts operations. Default: the outcome of an operation is not compared. */
  readonly chain?: AnyChain
  /** Makes a signed operation that succeeds: a new one at each call. */
  operation(): UserOperation | Promise<UserOperation>
  /** What the entry point calls an operation. */
  hashOf(operation: UserOperation): string
  /** Waits until the chain has what the bundler took. */
  included(): Promise<void>
  close?(): Promise<void>
}

/**
 * The behaviour of every bundler. Each case opens a new one.
 *
 * @example
 * testBundler('my bundler', () => openOnTestChain(), { describe, it })
 */
export function testBundler(name: string, open: () => OpenedBundler | Promise<OpenedBundler>, runner: Runner): void {
  testEach(`${name}, a bundler`, open, cases, runner)
}

const cases: Readonly<Record<string, (opened: OpenedBundler) => Promise<void>>> = {
  'says how much gas an operation needs': estimates,
  'takes an operation under the hash that the entry point gives it': takes,
  'knows an operation that it took, and takes it again': takesAgain,
  'knows no receipt of an operation that it was not given': knowsNothing,
  'names the transaction of an operation once it is on the chain': names,
}

async function estimates({ bundler, operation }: OpenedBundler): Promise<void> {
  const gas = await bundler.estimate(await operation())
  check(gas.call > 0n && gas.verification > 0n && gas.preVerification > 0n, 'an operation needs gas')
  check(
    Object.values(gas).every((one) => typeof one === 'bigint' && one >= 0n),
    'gas is a whole number',
  )
}

async function takes({ bundler, operation, hashOf }: OpenedBundler): Promise<void> {
  const one = await operation()
  const hash = await bundler.send(one)
  check(hash === hashOf(one), `named it ${hash}, and the entry point ${hashOf(one)}`)
}

async function takesAgain({ bundler, operation, included }: OpenedBundler): Promise<void> {
  const one = await operation()
  const hash = await bundler.send(one)
  const again = await bundler.send(one).catch((error) => error)
  check(!(again instanceof ChainRejected), 'refused an operation that it has')
  await included()
  check((await bundler.receipt(hash)) !== null, 'lost an operation that it was given twice')
}

async function knowsNothing({ bundler, operation, hashOf }: OpenedBundler): Promise<void> {
  const receipt = await bundler.receipt(hashOf(await operation()))
  check(receipt === null, 'knows a receipt of an operation that nobody sent')
}

async function names({ bundler, chain, operation, included }: OpenedBundler): Promise<void> {
  const hash = await bundler.send(await operation())
  await included()
  const receipt = await bundler.receipt(hash)
  const { transactionId } = receipt ?? { transactionId: 'none' }
  check(/^0x[0-9a-f]{64}$/.test(transactionId), `named the transaction ${transactionId}`)
  const outcome = await chain?.operationSucceeded?.(transactionId, hash)
  check(
    outcome === undefined || outcome === true,
    `named a transaction in which the chain knows ${outcome} of the operation`,
  )
}
