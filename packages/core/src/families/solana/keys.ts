import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base58 } from '@scure/base'
import { concat, utf8 } from '../../kernel/bytes.ts'
import { BadTransaction } from '../family.ts'

export const programs = {
  system: '11111111111111111111111111111111',
  token: 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
  token2022: 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb',
  tokenAccounts: 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL',
  memo: 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr',
  oldMemo: 'Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo',
  computeBudget: 'ComputeBudget111111111111111111111111111111',
} as const

/** The programs of tokens. A mint belongs to one of them. */
export const tokenPrograms = [programs.token, programs.token2022] as const

/** Base58 of 32 bytes. Each value has one text. */
export function keyBytes(text: string, field: string): Uint8Array {
  try {
    const bytes = text.length <= 44 ? base58.decode(text) : new Uint8Array(0)
    if (bytes.length === 32) return bytes
  } catch {
    // Not base58.
  }
  throw new BadTransaction(field, 'is not an address of Solana')
}

export function keyText(bytes: Uint8Array): string {
  return base58.encode(bytes)
}

/** Whether a private key can exist for the address. Addresses of programs have none. */
export function isOnCurve(key: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(key)
    return true
  } catch {
    return false
  }
}

/** The associated token account of a wallet: an address of a program, so that no key can be its owner. */
export function tokenAccountOf(wallet: string, mint: string, tokenProgram: string): string {
  const seeds = [wallet, tokenProgram, mint].map((text) => keyBytes(text, 'token_mint'))
  const program = keyBytes(programs.tokenAccounts, 'token_mint')
  for (let bump = 255; bump >= 0; bump--) {
    const derived = sha256(concat(...seeds, Uint8Array.of(bump), program, utf8('ProgramDerivedAddress')))
    if (!isOnCurve(derived)) return keyText(derived)
  }
  throw new BadTransaction('token_mint', 'has no token account for this wallet')
}
