import { base58 } from '@scure/base'
import { base64, concat } from '../../kernel/bytes.ts'
import { checkedEd25519 } from '../ed25519.ts'
import { effectsOf } from '../effects.ts'
import { BadTransaction, type ChainFactsNow, type Family, type ToSign, type TransactionRequest } from '../family.ts'
import { agreesWith, isGiven, numberBetween, onlyFields, rawTransaction, recipientOf, textUpTo } from '../request.ts'
import { createTokenAccount, memo, transfer, transferChecked } from './instructions.ts'
import { isOnCurve, keyBytes, keyText, tokenAccountOf, tokenPrograms } from './keys.ts'
import { compact, compile, type Instruction, type Message, readMessage, splitTransaction } from './message.ts'
import { effectsOfMessage } from './reading.ts'

export interface SolanaDraft {
  readonly from: string
  readonly payment: Payment | null
  readonly memo: string | null
  readonly prebuilt: {
    readonly bytes: Uint8Array
    readonly message: Message
    /** The recipient that the request names. */
    readonly wallet: string | null
  } | null
}

interface Payment {
  readonly to: string
  readonly amount: bigint
  /** Null: SOL. */
  readonly token: { readonly mint: string; readonly decimals: number } | null
}

export interface SolanaUnsigned extends ToSign {
  /** What is signed. */
  readonly message: Uint8Array
}

const transactionBytesMax = 1_232
const signatureFee = 5_000n
/** An account with less is not kept, so the network refuses to create it. */
const accountMin = 890_880n
/** More can only be a mistake, or an attempt to burn money past a limit of amounts. */
const overheadMax = 100_000_000n
const amountMax = 2n ** 64n - 1n

/**
 * Solana: transfers of SOL and of tokens of both token programs, and prebuilt transactions with one signer.
 *
 * @example
 * const draft = solana.draft({ to, value: 1_500_000n, fields: { token_mint: usdc, memo: 'invoice 7' } }, network, from)
 * const unsigned = solana.build(draft, { ...nothingAsked, tip, existing }, publicKey)
 */
export const solana: Family<SolanaDraft, SolanaUnsigned> = {
  name: 'solana',
  keyChain: 'solana',
  curve: 'ed25519',
  address: (publicKey) => keyText(publicKey),
  canonical: (address) => keyText(keyBytes(address, 'to')),

  draft: (request, _, from) => {
    onlyFields(request.fields, 'Solana', ['memo', 'raw_transaction', 'token_decimals', 'token_mint'])
    const bytes = rawTransaction(request.fields)
    if (bytes) return prebuiltDraft(request, bytes, from)
    return { from, payment: paymentOf(request), memo: textUpTo(request.fields, 'memo', 566), prebuilt: null }
  },

  effects: ({ payment, prebuilt, from }) => {
    if (prebuilt) return effectsOfMessage(prebuilt.message, { from, wallet: prebuilt.wallet, baseFee: signatureFee })
    if (!payment || payment.to === from) return effectsOf({ native: 0n, overhead: null })
    const { to, amount, token } = payment
    const transfers = [{ to, token: token?.mint ?? null, amount }]
    return effectsOf({ native: token ? 0n : amount, overhead: null, transfers })
  },

  /** For tokens: the accounts of both wallets in both token programs. One of the own ones exists and says the program. */
  lookups: ({ payment, from }) => {
    if (!payment) return []
    const { to, token } = payment
    if (!token) return [to]
    return tokenPrograms.flatMap((program) => [from, to].map((wallet) => tokenAccountOf(wallet, token.mint, program)))
  },

  build: (draft, facts, publicKey) => {
    const { from, prebuilt, payment } = draft
    if (keyText(publicKey) !== from) throw new Error('The public key is not of this address.')
    const baseFee = facts.fees?.model === 'size' ? facts.fees.perTransaction : signatureFee
    const bytes = prebuilt?.bytes ?? messageOf(draft, facts)
    const wallet = prebuilt ? prebuilt.wallet : (payment?.to ?? null)
    const effects = effectsOfMessage(readMessage(bytes), { from, wallet, baseFee })
    return { effects, toSign: [bytes], message: bytes }
  },

  assemble: ({ message }, [signature], publicKey) => {
    const proof = checkedEd25519(signature, message, publicKey)
    const bytes = concat(compact(1), proof, message)
    return { bytes, text: base64(bytes), id: base58.encode(proof) }
  },
}

function paymentOf(request: TransactionRequest): Payment {
  const to = keyText(keyBytes(recipientOf(request), 'to'))
  if (request.value <= 0n || request.value > amountMax) {
    throw new BadTransaction('value', 'must be more than 0 and less than 2^64 of the smallest unit')
  }
  if (!isGiven(request.fields, 'token_mint')) return { to, amount: request.value, token: null }
  const mint = keyText(keyBytes(String(request.fields.token_mint), 'token_mint'))
  const decimals = Number(numberBetween(request.fields, 'token_decimals', 0n, 255n) ?? 6n)
  if (!isOnCurve(keyBytes(to, 'to'))) {
    throw new BadTransaction('to', 'must be a wallet, not a token account or another address of a program')
  }
  return { to, amount: request.value, token: { mint, decimals } }
}

function messageOf(draft: SolanaDraft, facts: ChainFactsNow): Uint8Array {
  const { from, payment } = draft
  if (!payment) throw new Error('A draft has a payment or a prebuilt transaction.')
  if (!facts.tip) throw new BadTransaction('chain', 'has no node that says a recent block')
  const blockhash = keyBytes(facts.tip.id, 'chain')
  const paying = payment.token ? tokenInstructions(from, payment, facts) : solInstructions(from, payment, facts)
  const instructions = draft.memo === null ? paying : [...paying, memo(draft.memo)]
  const message = compile(from, blockhash, instructions)
  if (message.length + 65 <= transactionBytesMax) return message
  throw new BadTransaction('memo', `makes the transaction larger than ${transactionBytesMax} bytes`)
}

function solInstructions(from: string, { to, amount }: Payment, { existing }: ChainFactsNow): Instruction[] {
  if (existing && !existing.includes(to) && amount < accountMin) {
    throw new BadTransaction('value', `must be at least ${accountMin} lamports, because the address is new`)
  }
  return [transfer(from, to, amount)]
}

function tokenInstructions(from: string, payment: Payment, { existing }: ChainFactsNow): Instruction[] {
  const { to, amount, token } = payment
  if (!token) return []
  if (!existing) throw new BadTransaction('chain', 'has no node that says which token accounts exist')
  const { mint, decimals } = token
  const tokenProgram = tokenPrograms.find((program) => existing.includes(tokenAccountOf(from, mint, program)))
  if (!tokenProgram) throw new BadTransaction('token_mint', 'is a token that the address has no account for')
  const [source, destination] = [from, to].map((one) => tokenAccountOf(one, mint, tokenProgram)) as [string, string]
  const wanted = { tokenProgram, mint, decimals, source, destination, owner: from, amount }
  const creation = existing.includes(destination) ? [] : [createTokenAccount(from, destination, to, mint, tokenProgram)]
  return [...creation, transferChecked(wanted)]
}

/** One signer, so that no other key can add an effect, and nothing can be signed by another key later. */
function prebuiltDraft(request: TransactionRequest, bytes: Uint8Array, from: string): SolanaDraft {
  for (const name of ['memo', 'token_mint'] as const) {
    if (isGiven(request.fields, name)) throw new BadTransaction(name, 'is decided by raw_transaction')
  }
  const { message, signable } = parsed(bytes)
  if (message.signers !== 1 || message.keys[0] !== from) {
    throw new BadTransaction('raw_transaction', 'must have the address as its only signer')
  }
  const wallet = request.to ? keyText(keyBytes(request.to, 'to')) : null
  const draft = { from, payment: null, memo: null, prebuilt: { bytes: signable, message, wallet } }
  const { transfers, native, overhead } = solana.effects(draft)
  if ((overhead ?? 0n) > overheadMax) {
    throw new BadTransaction('raw_transaction', `must not offer fees of more than ${overheadMax} lamports`)
  }
  const recipients = [...transfers.map(({ to }) => to), ...message.instructions.flatMap(({ program }) => program ?? [])]
  agreesWith({ to: wallet, value: request.value }, { field: 'raw_transaction', recipients, native })
  return draft
}

function parsed(bytes: Uint8Array): { readonly message: Message; readonly signable: Uint8Array } {
  try {
    if (bytes.length > transactionBytesMax) throw new RangeError('too long')
    const { signatures, message } = splitTransaction(bytes)
    const read = readMessage(message)
    if (signatures !== read.signers) throw new RangeError('signatures')
    return { message: read, signable: message }
  } catch {
    throw new BadTransaction('raw_transaction', 'is not a transaction of Solana')
  }
}
