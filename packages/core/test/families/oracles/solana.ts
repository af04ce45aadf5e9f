import { base58 } from '@scure/base'
import {
  AddressLookupTableAccount,
  Keypair,
  PublicKey,
  SystemInstruction,
  SystemProgram,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js'

// Solana as @solana/web3.js has it: keys, addresses of programs, and messages. The instructions of the token programs are
// written here as their documentation has them.

export const tokenProgram = new PublicKey('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA')
export const token2022Program = new PublicKey('TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb')
const tokenAccounts = new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL')
const memoProgram = new PublicKey('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr')

export interface OraclePayment {
  readonly to: string
  readonly amount: bigint
  readonly memo?: string
  readonly token?: {
    readonly mint: string
    readonly decimals: number
    readonly program: PublicKey
    readonly isNew: boolean
  }
}

export function oracleAddress(seed: Uint8Array): string {
  return Keypair.fromSeed(seed).publicKey.toBase58()
}

export function oracleTokenAccount(wallet: string, mint: string, program = tokenProgram): string {
  const seeds = [new PublicKey(wallet), program, new PublicKey(mint)].map((key) => key.toBuffer())
  return PublicKey.findProgramAddressSync(seeds, tokenAccounts)[0].toBase58()
}

export function oracleInstructions(from: string, { to, amount, memo, token }: OraclePayment): TransactionInstruction[] {
  const [payer, wallet] = [new PublicKey(from), new PublicKey(to)]
  const paying = token
    ? tokenInstructions(payer, wallet, amount, token)
    : [SystemProgram.transfer({ fromPubkey: payer, toPubkey: wallet, lamports: amount })]
  if (memo === undefined) return paying
  return [...paying, new TransactionInstruction({ programId: memoProgram, keys: [], data: Buffer.from(memo) })]
}

export function oracleMessage(from: string, blockhash: string, instructions: TransactionInstruction[]): Uint8Array {
  const wanted = { payerKey: new PublicKey(from), recentBlockhash: blockhash, instructions }
  return new TransactionMessage(wanted).compileToLegacyMessage().serialize()
}

/** A version 0 message, with a lookup table if one is given. */
export function oracleVersioned(
  from: string,
  blockhash: string,
  instructions: TransactionInstruction[],
  table: readonly string[] = [],
): VersionedTransaction {
  const wanted = { payerKey: new PublicKey(from), recentBlockhash: blockhash, instructions }
  const lookups = table.length > 0 ? [lookupTable(table)] : []
  return new VersionedTransaction(new TransactionMessage(wanted).compileToV0Message(lookups))
}

export function oracleSign(seed: Uint8Array, blockhash: string, payment: OraclePayment): VersionedTransaction {
  const keypair = Keypair.fromSeed(seed)
  const from = keypair.publicKey
  const instructions = oracleInstructions(from.toBase58(), payment)
  const wanted = { payerKey: from, recentBlockhash: blockhash, instructions }
  const transaction = new VersionedTransaction(new TransactionMessage(wanted).compileToLegacyMessage())
  transaction.sign([keypair])
  return transaction
}

interface OracleTransfer {
  readonly to: string
  readonly token: string | null
  readonly amount: bigint
}

/** The payments that the library reads in a transaction, but those to the signer. */
export function paymentsByOracle(bytes: Uint8Array, from: string) {
  const message = TransactionMessage.decompile(VersionedTransaction.deserialize(bytes).message)
  const wallets = new Map<string, string>()
  for (const { programId, keys } of message.instructions) {
    if (programId.equals(tokenAccounts)) wallets.set(`${keys[1]?.pubkey}`, `${keys[2]?.pubkey}`)
  }
  const transfers = message.instructions.flatMap((one): OracleTransfer[] => {
    if (one.programId.equals(SystemProgram.programId)) {
      const { toPubkey, lamports } = SystemInstruction.decodeTransfer(one)
      return [{ to: toPubkey.toBase58(), token: null, amount: BigInt(lamports) }]
    }
    if (one.data[0] !== 12 || one.programId.equals(memoProgram)) return []
    const [, mint = '', destination = ''] = one.keys.map(({ pubkey }) => pubkey.toBase58())
    const isOwn = oracleTokenAccount(from, mint, one.programId) === destination
    const to = isOwn ? from : (wallets.get(destination) ?? destination)
    return [{ to, token: mint, amount: one.data.readBigUInt64LE(1) }]
  })
  const paid = transfers.filter(({ to }) => to !== from)
  return { native: paid.reduce((sum, { token, amount }) => sum + (token ? 0n : amount), 0n), transfers: paid }
}

export function base64Of(transaction: VersionedTransaction): string {
  return Buffer.from(transaction.serialize()).toString('base64')
}

/** The id is the first signature in base58. 64 bytes are no key, so `@scure/base` writes them. */
export function oracleId({ signatures }: VersionedTransaction): string {
  return base58.encode(signatures[0] as Uint8Array)
}

function tokenInstructions(
  payer: PublicKey,
  wallet: PublicKey,
  amount: bigint,
  { mint, decimals, program, isNew }: NonNullable<OraclePayment['token']>,
): TransactionInstruction[] {
  const [source, destination] = [payer, wallet].map(
    (key) => new PublicKey(oracleTokenAccount(key.toBase58(), mint, program)),
  ) as [PublicKey, PublicKey]
  const data = Buffer.alloc(10)
  data.writeUInt8(12, 0)
  data.writeBigUInt64LE(amount, 1)
  data.writeUInt8(decimals, 9)
  const creation = new TransactionInstruction({
    programId: tokenAccounts,
    keys: [
      { pubkey: payer, isSigner: true, isWritable: true },
      { pubkey: destination, isSigner: false, isWritable: true },
      ...[wallet, new PublicKey(mint), SystemProgram.programId, program].map(readOnly),
    ],
    data: Buffer.from([1]),
  })
  const transfer = new TransactionInstruction({
    programId: program,
    keys: [
      { pubkey: source, isSigner: false, isWritable: true },
      readOnly(new PublicKey(mint)),
      { pubkey: destination, isSigner: false, isWritable: true },
      { pubkey: payer, isSigner: true, isWritable: false },
    ],
    data,
  })
  return isNew ? [creation, transfer] : [transfer]
}

const readOnly = (pubkey: PublicKey) => ({ pubkey, isSigner: false, isWritable: false })

function lookupTable(addresses: readonly string[]): AddressLookupTableAccount {
  const state = {
    deactivationSlot: 2n ** 64n - 1n,
    lastExtendedSlot: 0,
    lastExtendedSlotStartIndex: 0,
    addresses: addresses.map((address) => new PublicKey(address)),
  }
  return new AddressLookupTableAccount({ key: tokenAccounts, state })
}
