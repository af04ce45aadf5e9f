import type { ChainFamily } from '../ports/chain.ts'
import { bitcoin } from './bitcoin/index.ts'
import { cardano } from './cardano/index.ts'
import { evm } from './evm/index.ts'
import type { Family, KeyChain } from './family.ts'
import { solana } from './solana/index.ts'
import { tron } from './tron/index.ts'
import { xrp } from './xrp/index.ts'

export { type Amount, type AmountKind, type AmountUnit, parseAmount, showAmount } from './amounts.ts'
export type { Approval, Call, Effects, Transfer } from './effects.ts'
export { effectsOf } from './effects.ts'
export {
  approvedHashesData,
  canonicalAddress,
  execTransactionData,
  messageBytes,
  nonceCallData,
  type OperationDraft,
  operationNonceData,
  operationOf,
  ownersCallData,
  ownersIn,
  personalDigest,
  readTypedData,
  type Safe,
  type SafeTransaction,
  type SafeVersion,
  safeOperations,
  safeSigner,
  safeTxHash,
  safeVersions,
  type TypedData,
  thresholdCallData,
  typesWithin,
  validUntilOf,
  walletSignature,
} from './evm/index.ts'
export type {
  ChainFactsNow,
  Family,
  KeyChain,
  Network,
  OperationFacts,
  SignedTransaction,
  ToSign,
  TransactionRequest,
} from './family.ts'
export { BadTransaction, nothingAsked } from './family.ts'

/** How transactions of each family are written. A family that is not here cannot sign. */
export const families: Readonly<Partial<Record<ChainFamily, Family>>> = { evm, bitcoin, solana, xrp, cardano, tron }

/** The family whose keys have this name. Null if there is none. */
export function familyOfKeys(keyChain: KeyChain): Family | null {
  return Object.values(families).find((family) => family.keyChain === keyChain) ?? null
}
