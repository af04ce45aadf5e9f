import { bytesOfHex, concat, utf8 } from '../../kernel/bytes.ts'
import { entryPoint, type OperationGas, operationJson, type UserOperation } from '../../ports/bundler.ts'
import type { Effects } from '../effects.ts'
import {
  BadTransaction,
  type ChainFactsNow,
  type Family,
  type OperationFacts,
  type ToSign,
  type TransactionRequest,
} from '../family.ts'
import { addressOf, canonicalAddress } from './address.ts'
import { draftOf, type EvmDraft } from './draft.ts'
import { effectsOfDraft } from './effects.ts'
import { automaticFeeMax, feesOf } from './transaction.ts'
import {
  executeUserOperationData,
  operationSignature,
  safeModule,
  safeOperationDigest,
  userOperationHash,
} from './user-operation.ts'

/** A call of a Safe. `from` is the Safe. */
export interface OperationDraft extends EvmDraft {
  readonly chainId: number
  /** Whether a paymaster pays the fees. */
  readonly isSponsored: boolean
}

interface OperationUnsigned extends ToSign {
  readonly operation: UserOperation
  readonly chainId: number
  readonly validUntil: number
}

/**
 * Calls of a Safe that a bundler carries out. The key of an owner signs the operation. The bytes do exactly the call of the request:
 * whatever a bundler or a paymaster says, it changes the gas at most.
 */
export const safeOperations: Family<OperationDraft, OperationUnsigned> = {
  name: 'evm',
  keyChain: 'ethereum',
  curve: 'secp256k1',
  address: addressOf,
  canonical: (address) => canonicalAddress(address, 'to'),
  draft: (request, network, from) => {
    refuseOthers(request.fields)
    const { fields } = request
    const draft = draftOf({ ...request, fields: { ...fields, tx_type: 2 } }, network, from)
    if (network.chainId === null) throw new BadTransaction('chain', 'has no chain ID')
    refuseOwnParts(draft)
    return { ...draft, chainId: network.chainId, isSponsored: fields.gasless === true }
  },
  effects: (draft) => effectsWith(draft, null),
  call: ({ from, to, value, data }) => ({ from, to, value, data }),
  build: (draft, facts) => {
    const { operation: asked } = facts
    if (!asked) throw new BadTransaction('mode', 'needs a bundler')
    const operation = operationOf(draft, facts, asked)
    const { chainId } = draft
    const { maxFee, priorityFee } = operation
    const fees = gasIn(operation.gas) * maxFee
    // A caller who names a price does not agree to the gas, which the bundler chooses.
    if (fees > automaticFeeMax) {
      const what = draft.maxFee === null ? 'is missing' : 'is too high'
      throw new BadTransaction('max_fee_per_gas', `${what}. The operation could cost fees of more than 1 in total`)
    }
    return {
      ...{ operation, chainId, validUntil: asked.validUntil, chosen: { nonce: null, maxFee, priorityFee } },
      effects: effectsWith(draft, fees),
      toSign: [safeOperationDigest(operation, chainId, asked)],
    }
  },
  assemble: (unsigned, [signature = new Uint8Array(0)]) => {
    const signed = { ...unsigned.operation, signature: operationSignature(unsigned, signature) }
    const text = JSON.stringify(operationJson(signed))
    return { text, bytes: utf8(text), id: userOperationHash(signed, unsigned.chainId) }
  },
}

/** The operation of a draft, with a signature that only has the form of one. */
export function operationOf(
  draft: OperationDraft,
  facts: Pick<ChainFactsNow, 'fees'>,
  { nonce, gas, paymaster }: OperationFacts,
): UserOperation {
  const { maxFee, priorityFee } = feesOf(draft, facts)
  const callData = executeUserOperationData(draft)
  const fees = { maxFee: maxFee ?? 0n, priorityFee: priorityFee ?? 0n }
  return { sender: draft.from, nonce, callData, gas, ...fees, paymaster, signature: placeholder }
}

const placeholder = operationSignature({ validUntil: 0 }, concat(bytesOfHex('11'.repeat(64)), Uint8Array.of(0)))

/** All gas that is paid for. */
function gasIn({ call, verification, preVerification, paymasterVerification, paymasterPostOp }: OperationGas) {
  return call + verification + preVerification + paymasterVerification + paymasterPostOp
}

/** Fees that a paymaster pays cost the agent nothing. */
function effectsWith(draft: OperationDraft, fees: bigint | null): Effects {
  return { ...effectsOfDraft(draft), overhead: draft.isSponsored ? 0n : fees }
}

/** What an operation does not have. The gas is what the bundler says, and the lane of the nonce belongs to the transaction. */
const othersFields = [
  ...['nonce', 'gas_limit', 'gas_price', 'tx_type', 'access_list'],
  ...['max_fee_per_blob_gas', 'blob_versioned_hashes', 'authorization_list'],
]

function refuseOthers(fields: TransactionRequest['fields']): void {
  for (const name of othersFields) {
    if (fields[name] !== undefined && fields[name] !== null) {
      throw new BadTransaction(name, 'is not for the mode smart_account')
    }
  }
}

/** With such a call, the agent would change who controls its Safe, and so leave its guardrails. */
function refuseOwnParts({ from, to }: EvmDraft): void {
  const own = [from, safeModule, entryPoint].map((one) => one.toLowerCase())
  if (own.includes(to.toLowerCase())) {
    throw new BadTransaction('to', 'must not be the smart account, its module or the entry point')
  }
}
