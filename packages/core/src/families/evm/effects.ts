import { type Approval, type Call, type Effects, effectsOf, type Transfer } from '../effects.ts'
import { decodeArguments } from './abi.ts'
import type { EvmDraft } from './draft.ts'
import { type ContractCall, knownFunctions, type Meaning, selectorOf } from './known-functions.ts'

/** Calls in calls in calls … deeper than this are not decoded. */
const depthMax = 8
const callsMax = 256
const blobBytes = 131_072n

/** What a transaction does, also inside of batches, Safe transactions and user operations. */
export function effectsOfDraft(draft: EvmDraft): Effects {
  const found: Found = { transfers: [], approvals: [], calls: [], native: draft.value, opaque: null }
  follow(found, draft, 0)
  return effectsOf({
    native: found.native,
    overhead: overheadOf(draft),
    transfers: found.transfers,
    approvals: found.approvals,
    calls: found.calls,
    delegates: draft.authorizations.map(({ address }) => address),
    opaque: found.opaque,
  })
}

interface Found {
  readonly transfers: Transfer[]
  readonly approvals: Approval[]
  readonly calls: Call[]
  /** The value of the transaction, and what contract accounts, such as a Safe, pay from their own money. */
  native: bigint
  opaque: string | null
}

function follow(found: Found, call: ContractCall, depth: number): void {
  const { to, value, data } = call
  const isPlain = data.length === 0
  if (isPlain || value > 0n) found.transfers.push({ to, token: null, amount: value })
  if (isPlain) return
  if (depth > depthMax || found.calls.length >= callsMax) {
    found.opaque ??= 'more calls than Pawl decodes'
    return
  }
  const selector = selectorOf(data)
  const known = selector === null ? undefined : knownFunctions.get(selector)
  found.calls.push({ to, selector, function: known?.signature ?? null })
  if (!known) return
  const given = decodeArguments(known.types, data.subarray(4))
  if (given === null) found.opaque ??= `a call of ${known.signature} with malformed arguments`
  else add(found, known.read(given, call), value, depth)
}

/** What a contract does that was called with this value. */
function add(
  found: Found,
  { transfers = [], approvals = [], calls = [], opaque }: Meaning,
  value: bigint,
  depth: number,
): void {
  const paid = calls.reduce((sum, call) => sum + call.value, 0n)
  if (paid > value) found.native += paid - value
  found.transfers.push(...transfers)
  found.approvals.push(...approvals)
  found.opaque ??= opaque ?? null
  for (const call of calls) follow(found, call, depth + 1)
}

/** The most that gas and blobs can cost. Null if the fees or the gas are not known yet. */
function overheadOf(draft: EvmDraft): bigint | null {
  const price = draft.maxFee ?? draft.gasPrice
  if (price === null || draft.gasLimit === null) return null
  const blobs = BigInt(draft.blobHashes.length) * blobBytes * (draft.maxFeePerBlobGas ?? 0n)
  return price * draft.gasLimit + blobs
}
