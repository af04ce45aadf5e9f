import type { Family } from '../family.ts'
import { addressOf, canonicalAddress } from './address.ts'
import { draftOf, type EvmDraft } from './draft.ts'
import { effectsOfDraft } from './effects.ts'
import { assembleTransaction, buildTransaction, type EvmUnsigned } from './transaction.ts'

export { canonicalAddress } from './address.ts'
export { messageBytes, personalDigest, walletSignature } from './messages.ts'
export {
  approvedHashesData,
  execTransactionData,
  nonceCallData,
  ownersCallData,
  ownersIn,
  type Safe,
  type SafeSigner,
  type SafeTransaction,
  type SafeVersion,
  safeSigner,
  safeTxHash,
  safeVersions,
  thresholdCallData,
} from './safe.ts'
export { type OperationDraft, operationOf, safeOperations } from './safe-operations.ts'
export { readTypedData, type TypedData, typesWithin } from './typed-data.ts'
export { operationNonceData, validUntilOf } from './user-operation.ts'

/** Ethereum and the chains that work like it. One key has the same address on all of them. */
export const evm: Family<EvmDraft, EvmUnsigned> = {
  name: 'evm',
  keyChain: 'ethereum',
  curve: 'secp256k1',
  address: addressOf,
  canonical: (address) => canonicalAddress(address, 'to'),
  draft: draftOf,
  effects: effectsOfDraft,
  call: ({ from, to, value, data }) => ({ from, to, value, data }),
  build: buildTransaction,
  assemble: (unsigned, [signature = new Uint8Array(0)]) => assembleTransaction(unsigned, signature),
}
