import { concat, utf8 } from '../../kernel/bytes.ts'
import { programs } from './keys.ts'
import { type AccountUse, type Instruction, int32, int64 } from './message.ts'

// The instructions that Pawl writes.

const writable = (key: string): AccountUse => ({ key, isSigner: false, isWritable: true })
const readOnly = (key: string): AccountUse => ({ key, isSigner: false, isWritable: false })
const signer = (key: string): AccountUse => ({ key, isSigner: true, isWritable: false })
const payer = (key: string): AccountUse => ({ key, isSigner: true, isWritable: true })

export function transfer(from: string, to: string, lamports: bigint): Instruction {
  return {
    program: programs.system,
    accounts: [payer(from), writable(to)],
    data: concat(int32(2), int64(lamports)),
  }
}

export interface TokenTransfer {
  readonly tokenProgram: string
  readonly mint: string
  readonly decimals: number
  readonly source: string
  readonly destination: string
  readonly owner: string
  readonly amount: bigint
}

/** Names the mint and its decimals, so the program refuses an amount of another token. */
export function transferChecked(wanted: TokenTransfer): Instruction {
  return {
    program: wanted.tokenProgram,
    accounts: [writable(wanted.source), readOnly(wanted.mint), writable(wanted.destination), signer(wanted.owner)],
    data: concat(Uint8Array.of(12), int64(wanted.amount), Uint8Array.of(wanted.decimals)),
  }
}

/** Does nothing if the account exists when the transaction runs. */
export function createTokenAccount(
  from: string,
  account: string,
  wallet: string,
  mint: string,
  tokenProgram: string,
): Instruction {
  return {
    program: programs.tokenAccounts,
    accounts: [
      payer(from),
      writable(account),
      readOnly(wallet),
      readOnly(mint),
      readOnly(programs.system),
      readOnly(tokenProgram),
    ],
    data: Uint8Array.of(1),
  }
}

export function memo(text: string): Instruction {
  return { program: programs.memo, accounts: [], data: utf8(text) }
}
