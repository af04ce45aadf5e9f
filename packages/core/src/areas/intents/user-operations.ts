import { type OperationDraft, type OperationFacts, operationOf, safeOperations } from '../../families/index.ts'
import { fromUtf8 } from '../../kernel/bytes.ts'
import { second } from '../../kernel/time.ts'
import { type Engine, failureOfService, serviceFailed, serviceNotConfigured } from '../../operations/index.ts'
import {
  type Bundler,
  bundlerSetting,
  type OperationGas,
  operationIn,
  type Paymaster,
  paymasterSetting,
  type UserOperation,
} from '../../ports/bundler.ts'
import { type AnyChain, ChainRejected, ChainUnavailable } from '../../ports/chain.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { asked, orInvalid, requireNodes } from '../signers/index.ts'
import { operationRefused } from './errors.ts'
import type { Asked } from './facts.ts'
import type { Prepared } from './prepare.ts'
import type { Transaction } from './records.ts'
import { simulated } from './simulate.ts'

// Mode smart_account: the Safe of the agent makes the call, and a bundler carries it out. The engine composes the operation from the
// request, so a bundler or a paymaster can only choose gas, within limits.

/** How long the signature holds. After that, the operation surely never happens. */
const validSeconds = 600
/** More gas than any operation needs. A bundler that lies would otherwise make the fees as large as it likes. */
const gasMax = 30_000_000n
const paymasterDataBytesMax = 4_096

/** Each transaction has a lane of nonces of its own, so its nonce is the first one, and it can happen only once. */
function nonceOf({ id }: Transaction): bigint {
  return BigInt(`0x${id.replaceAll('-', '')}`) << 64n
}

/** Asks node, bundler and paymaster for what an operation needs beside its call. */
export async function askForOperation(
  engine: Engine,
  prepared: Prepared,
  one: Transaction,
  simulates: boolean,
): Promise<Asked> {
  const { chain } = prepared
  const draft = prepared.draft as OperationDraft
  const bundler = requireBundler(engine, chain)
  const paymaster = draft.isSponsored ? requirePaymaster(bundler, chain) : null
  const nodes = requireNodes(engine, chain)
  const call = safeOperations.call?.(draft)
  const [fees, tip, results] = await asked(engine, chain, () =>
    Promise.all([nodes.fees(), nodes.tip(), simulates && call ? simulated(engine, chain, nodes, [call]) : null]),
  )
  const facts = { account: null, fees, tip, existing: null, fuel: null }
  // A node with a clock in the future would make a signature that holds for years.
  const from = Math.min(tip.at, engine.records.now())
  const time = { nonce: nonceOf(one), validUntil: Math.floor(from / second) + validSeconds }
  const compose = (more: Pick<OperationFacts, 'gas' | 'paymaster'>) =>
    orInvalid(() => operationOf(draft, facts, { ...time, ...more }))
  const questions = { engine, bundler, paymaster, compose }
  return {
    facts: { ...facts, operation: { ...time, ...(await chosenBy(questions)) } },
    simulation: results?.[0] ?? null,
  }
}

interface Questions {
  readonly engine: Engine
  readonly bundler: Bundler
  readonly paymaster: Paymaster | null
  compose(more: Pick<OperationFacts, 'gas' | 'paymaster'>): UserOperation
}

const noGas: OperationGas = {
  ...{ call: 0n, verification: 0n, preVerification: 0n },
  ...{ paymasterVerification: 0n, paymasterPostOp: 0n },
}

/** The gas that the bundler chooses, and what the paymaster signs. */
async function chosenBy({ engine, bundler, paymaster, compose }: Questions) {
  const { log } = engine
  const stub = paymaster
    ? await answerOf({ log }, 'paymaster', () => paymaster.stub(compose({ gas: noGas, paymaster: null })))
    : null
  const first = stub && partOf(stub)
  const estimated = await answerOf({ log }, 'bundler', () =>
    bundler.estimate(compose({ gas: noGas, paymaster: first })),
  )
  const gas = limited({
    ...estimated,
    paymasterVerification: stub ? (stub.verificationGas ?? estimated.paymasterVerification) : 0n,
    paymasterPostOp: stub ? (stub.postOpGas ?? estimated.paymasterPostOp) : 0n,
  })
  if (!paymaster || !stub || stub.isFinal) return { gas, paymaster: first }
  const part = await answerOf({ log }, 'paymaster', () => paymaster.data(compose({ gas, paymaster: first })))
  return { gas, paymaster: partOf(part) }
}

function limited(gas: OperationGas): OperationGas {
  const { call, verification, preVerification, paymasterVerification, paymasterPostOp } = gas
  const all = [call, verification, preVerification, paymasterVerification, paymasterPostOp]
  const isFit = all.every((one) => typeof one === 'bigint' && one >= 0n && one <= gasMax)
  if (!isFit) throw serviceFailed({ service: 'bundler' })
  return { call, verification, preVerification, paymasterVerification, paymasterPostOp }
}

function partOf({ address, data }: NonNullable<UserOperation['paymaster']>) {
  // The entry point 0.7 reads the zero address as no paymaster, so the Safe would pay.
  const isFit =
    /^0x(?!0{40}$)[0-9a-fA-F]{40}$/.test(address) && data instanceof Uint8Array && data.length <= paymasterDataBytesMax
  if (!isFit) throw serviceFailed({ service: 'paymaster' })
  return { address, data }
}

/** What a service answers. Only the operator sees why it failed, but the caller sees why it refused the operation. */
async function answerOf<T>(
  { log }: Pick<Engine, 'log'>,
  service: 'bundler' | 'paymaster',
  question: () => Promise<T>,
): Promise<T> {
  try {
    return await question()
  } catch (error) {
    if (error instanceof ChainRejected) throw operationRefused({ service, reason: error.message })
    throw failureOfService({ log }, { service, purpose: 'smart accounts', known: ChainUnavailable, error })
  }
}

/** The bundler of a chain. Null: none is configured. */
export function bundlerOf({ bundlers }: Pick<Engine, 'bundlers'>, chain: RegisteredChain): Bundler | null {
  const { name, family, decimals, chainId } = chain
  return bundlers({ name, family, decimals, chainId: chainId === null ? null : BigInt(chainId) })
}

function requireBundler(engine: Engine, chain: RegisteredChain): Bundler {
  const bundler = bundlerOf(engine, chain)
  if (!bundler) throw serviceNotConfigured({ service: 'bundler', setting: bundlerSetting(chain.name) })
  return bundler
}

function requirePaymaster({ paymaster }: Bundler, chain: RegisteredChain): Paymaster {
  if (!paymaster) throw serviceNotConfigured({ service: 'paymaster', setting: paymasterSetting(chain.name) })
  return paymaster
}

/** What sends a signed operation. A refusal is never final, because the bundler has the signature from then on. */
export function operationSender({ send }: Pick<Bundler, 'send'>): Pick<AnyChain, 'broadcast'> {
  return {
    broadcast: async (bytes) => {
      try {
        return await send(operationIn(fromUtf8(bytes)))
      } catch (error) {
        if (error instanceof ChainRejected) throw new ChainRejected('refused', error.message)
        if (error instanceof ChainUnavailable) throw error
        throw new ChainUnavailable('The adapter of the bundler failed with an internal error.')
      }
    },
  }
}
