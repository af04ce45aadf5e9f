import { type Approval, type Call, type Effects, effectsOf, type Transfer } from '../effects.ts'
import { programs, tokenAccountOf, tokenPrograms } from './keys.ts'
import { type Message, numberAt, type ReadInstruction } from './message.ts'

// What a message does. Only instructions that are listed here have known effects. Everything else is opaque, because a
// program that the signer calls can do all that the signer can.

export interface Known {
  /** The signer, who pays. */
  readonly from: string
  /** The wallet that the request names. The bytes of a token transfer name only a token account. */
  readonly wallet: string | null
  /** Of one signature. */
  readonly baseFee: bigint
}

export function effectsOfMessage(message: Message, known: Known): Effects {
  const found = new Found(known)
  if (message.hasLookups) found.opaque('an address lookup table names accounts')
  // First, because they say which wallets the token accounts belong to.
  for (const one of message.instructions) if (one.program === programs.tokenAccounts) readTokenAccount(one, found)
  for (const one of message.instructions) read(one, found)
  return found.effects(priorityFee(message))
}

/** What is found while reading. Money that comes back to the signer does not leave. */
class Found {
  readonly known: Known
  readonly wallets = new Map<string, string>()
  #native = 0n
  #rent = 0n
  #opaque: string | null = null
  readonly #transfers: Transfer[] = []
  readonly #approvals: Approval[] = []
  readonly #calls: Call[] = []
  readonly #newTokenAccounts: string[] = []

  constructor(known: Known) {
    this.known = known
  }

  opaque(why: string): void {
    this.#opaque ??= why
  }

  call(to: string, name: string | null): void {
    this.#calls.push({ to, selector: null, function: name })
  }

  pay(to: string, amount: bigint): void {
    if (to === this.known.from) return
    this.#native += amount
    this.#transfers.push({ to, token: null, amount })
  }

  payToken(account: string, mint: string, program: string, amount: bigint): void {
    const to = this.#walletOf(account, mint, program)
    if (to !== this.known.from) this.#transfers.push({ to, token: mint, amount })
  }

  approve(spender: string, token: string, amount: bigint): void {
    this.#approvals.push({ spender, token, amount })
  }

  create(wallet: string, account: string, program: string): void {
    this.wallets.set(account, wallet)
    this.#newTokenAccounts.push(wallet)
    this.#rent += program === programs.token ? tokenRent : token2022Rent
  }

  effects(priority: bigint): Effects {
    return effectsOf({
      native: this.#native,
      overhead: this.known.baseFee + this.#rent + priority,
      transfers: this.#transfers,
      approvals: this.#approvals,
      calls: this.#calls,
      newTokenAccounts: this.#newTokenAccounts,
      opaque: this.#opaque,
    })
  }

  /** The token account itself if no wallet of the transaction has it, so a list of recipients does not allow it. */
  #walletOf(account: string, mint: string, program: string): string {
    const { from, wallet } = this.known
    const isOf = (one: string) => tokenAccountOf(one, mint, program) === account
    return this.wallets.get(account) ?? [wallet, from].find((one) => one !== null && isOf(one)) ?? account
  }
}

/** Rent that exempts an account: 6,960 lamports for each byte and for 128 more. */
const tokenRent = (165n + 128n) * 6_960n
/** With the extensions that mints of Token-2022 commonly ask of an account. */
const token2022Rent = (182n + 128n) * 6_960n

function read(instruction: ReadInstruction, found: Found): void {
  const { program, accounts } = instruction
  if (program === null || accounts.includes(null)) {
    if (program !== null) found.call(program, null)
    found.opaque('an address lookup table names accounts')
    return
  }
  const named = { ...instruction, program, accounts: accounts as readonly string[] }
  if (program === programs.system) readSystem(named, found)
  else if (tokenPrograms.some((one) => one === program)) readToken(named, found)
  else {
    found.call(program, names[program] ?? null)
    if (!(program in names)) found.opaque(`the program ${program} is not known`)
  }
}

/** Programs without an effect of their own, or whose effect is read before. */
const names: Readonly<Record<string, string>> = {
  [programs.tokenAccounts]: 'create',
  [programs.memo]: 'memo',
  [programs.oldMemo]: 'memo',
  [programs.computeBudget]: 'budget',
}

interface Named extends ReadInstruction {
  readonly program: string
  readonly accounts: readonly string[]
}

function readSystem({ program, accounts, data }: Named, found: Found): void {
  const [from, to] = accounts
  const kind = data.length >= 4 ? Number(numberAt(data, 0, 4)) : -1
  const isTransfer = kind === 2 && data.length === 12 && from === found.known.from
  const isNonce = kind === 4 && data.length === 4
  found.call(program, isTransfer ? 'transfer' : isNonce ? 'advanceNonce' : null)
  if (isTransfer && to) found.pay(to, numberAt(data, 4, 8))
  else if (!isNonce) found.opaque(`the instruction ${kind} of the system program`)
}

/** The first byte of an instruction of a token program, and the length of the whole. */
const tokenInstructions: Readonly<Record<number, readonly [string, number]>> = {
  5: ['revoke', 1],
  9: ['closeAccount', 1],
  12: ['transferChecked', 10],
  13: ['approveChecked', 10],
  17: ['syncNative', 1],
}

function readToken({ program, accounts, data }: Named, found: Found): void {
  const [source, second, third, owner] = accounts
  const [name, length] = tokenInstructions[data[0] ?? -1] ?? [null, -1]
  const isOwn = accounts.length === 4 && owner === found.known.from
  const isHarmless =
    name === 'revoke' || name === 'syncNative' || (name === 'closeAccount' && second === found.known.from)
  const amount = data.length === 10 ? numberAt(data, 1, 8) : 0n
  found.call(program, name)
  if (data.length !== length) found.opaque(`the instruction ${data[0]} of the token program`)
  else if (name === 'transferChecked' && isOwn && second && third) found.payToken(third, second, program, amount)
  else if (name === 'approveChecked' && isOwn && second && third) found.approve(third, second, amount)
  else if (!isHarmless || !source) found.opaque(`an unusual ${name} of the token program`)
}

/** Creation of an associated token account, with or without an error if it exists. */
function readTokenAccount({ accounts, data }: ReadInstruction, found: Found): void {
  const [payer, account, wallet, mint, system, program] = accounts
  const isCreation = data.length === 0 || (data.length === 1 && (data[0] === 0 || data[0] === 1))
  const isUsual = isCreation && payer === found.known.from && system === programs.system
  const tokenProgram = tokenPrograms.find((one) => one === program)
  if (isUsual && account && wallet && mint && tokenProgram && tokenAccountOf(wallet, mint, tokenProgram) === account) {
    found.create(wallet, account, tokenProgram)
  } else found.opaque('an unusual token account')
}

const unitsMax = 1_400_000n
const unitsDefault = 200_000n

/** The most that the transaction offers beside the fee for its signature. The price is in millionths of a lamport. */
function priorityFee({ instructions }: Message): bigint {
  const budget = instructions.filter(({ program }) => program === programs.computeBudget).map(({ data }) => data)
  const limit = budget.find((data) => data[0] === 2 && data.length === 5)
  const price = budget.find((data) => data[0] === 3 && data.length === 9)
  const asked = limit ? numberAt(limit, 1, 4) : unitsDefault * BigInt(instructions.length - budget.length)
  const units = asked < unitsMax ? asked : unitsMax
  return price ? (units * numberAt(price, 1, 8) + 999_999n) / 1_000_000n : 0n
}
