import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base58 } from '@scure/base'
import { listen, sendJson } from './loopback.ts'

export interface FakeSolana extends AsyncDisposable {
  /** The JSON-RPC endpoint. */
  readonly url: string
  /** Adds lamports to an address. */
  fund(address: string, lamports: bigint): void
  /** Gives a wallet a token account with this amount. */
  fundToken(wallet: string, account: string, mint: string, amount: bigint): void
  /** Makes a block of the transactions that wait. */
  mine(): void
  close(): Promise<void>
}

const fee = 5_000n

/**
 * A node of Solana on loopback, for tests. It has the JSON-RPC of the validator, keeps balances, and verifies signatures. It
 * runs transfers of SOL. Nothing on it is worth anything.
 *
 * @example
 * await using node = await startFakeSolana()
 * node.fund(address, 10n ** 9n)
 */
export async function startFakeSolana({
  genesis = '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
} = {}): Promise<FakeSolana> {
  const balances = new Map<string, bigint>()
  const tokens = new Map<string, { readonly wallet: string; readonly mint: string; readonly amount: bigint }>()
  const slots = new Map<string, { slot: number; isConfirmed: boolean }>()
  let slot = 1_000
  const blockhash = () => base58.encode(sha256(new TextEncoder().encode(`fake slot ${slot}`)))
  const balanceOf = (address: string) => balances.get(address) ?? 0n

  const accept = (bytes: Uint8Array): string => {
    const { id, from, payments } = read(bytes)
    if (slots.has(id))
      throw new RpcError(-32_002, 'Transaction simulation failed: This transaction has already been processed')
    const total = payments.reduce((sum, { lamports }) => sum + lamports, fee)
    if (balanceOf(from) < total) {
      throw new RpcError(
        -32_002,
        'Transaction simulation failed: Attempt to debit an account but found no record of a prior credit.',
      )
    }
    balances.set(from, balanceOf(from) - total)
    for (const { to, lamports } of payments) balances.set(to, balanceOf(to) + lamports)
    slots.set(id, { slot: slot + 1, isConfirmed: false })
    return id
  }

  const tokenAccounts = (wallet: unknown, mint: unknown) =>
    [...tokens]
      .filter(([, one]) => one.wallet === wallet && one.mint === mint)
      .map(([pubkey, one]) => {
        const info = { mint, owner: wallet, tokenAmount: { amount: `${one.amount}`, decimals: 6 } }
        return { pubkey, account: { data: { program: 'spl-token', parsed: { type: 'account', info } } } }
      })

  const methods: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    getGenesisHash: () => genesis,
    getSlot: () => slot,
    getBlockTime: () => 1_700_000_000 + slot,
    getLatestBlockhash: () => inContext({ blockhash: blockhash(), lastValidBlockHeight: slot + 150 }),
    getBalance: ([address]) => inContext(Number(balanceOf(String(address)))),
    getTokenAccountsByOwner: ([wallet, filter]) =>
      inContext(tokenAccounts(wallet, (filter as { mint?: unknown }).mint)),
    getMultipleAccounts: ([addresses]) =>
      inContext(
        (addresses as string[]).map((one) => (balanceOf(one) > 0n || tokens.has(one) ? { lamports: 1 } : null)),
      ),
    getSignatureStatuses: ([ids]) =>
      inContext(
        (ids as string[]).map((id) => {
          const found = slots.get(id)
          if (!found) return null
          return { slot: found.slot, err: null, confirmationStatus: found.isConfirmed ? 'confirmed' : 'processed' }
        }),
      ),
    sendTransaction: ([encoded]) => accept(Buffer.from(String(encoded), 'base64')),
  }
  const inContext = (value: unknown) => ({ context: { slot }, value })

  const { url, close } = await listen(async (_, body, response) => {
    const { id, method, params = [] } = JSON.parse(body)
    try {
      const result = methods[method]?.(params)
      if (result === undefined) throw new RpcError(-32_601, 'Method not found')
      sendJson(response, 200, { jsonrpc: '2.0', id, result })
    } catch (error) {
      const { code, message } = error instanceof RpcError ? error : new RpcError(-32_602, 'failed to deserialize')
      sendJson(response, 200, { jsonrpc: '2.0', id, error: { code, message } })
    }
  })
  return {
    ...{ url, close, [Symbol.asyncDispose]: close },
    fund: (address, lamports) => void balances.set(address, balanceOf(address) + lamports),
    fundToken: (wallet, account, mint, amount) => void tokens.set(account, { wallet, mint, amount }),
    mine: () => {
      slot++
      for (const one of slots.values()) one.isConfirmed = true
    },
  }
}

class RpcError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** A legacy transaction with one signature and transfers of SOL. Anything else is not for this node. */
function read(bytes: Uint8Array) {
  const [proof, message] = [bytes.subarray(1, 65), bytes.subarray(65)]
  const count = message[3] ?? 0
  const keys = Array.from({ length: count }, (_, at) => base58.encode(message.subarray(4 + 32 * at, 36 + 32 * at)))
  const from = keys[0] as string
  if (bytes[0] !== 1 || message[0] !== 1 || !ed25519.verify(proof, message, message.subarray(4, 36))) {
    throw new RpcError(-32_003, 'Transaction signature verification failure')
  }
  let at = 4 + 32 * count + 32
  const payments = Array.from({ length: message[at++] ?? 0 }, () => {
    const [program = 0, accounts = 0] = message.subarray(at, at + 2)
    const [, to = 0] = message.subarray(at + 2, at + 2 + accounts)
    at += 2 + accounts
    const data = Buffer.from(message.subarray(at + 1, at + 1 + (message[at] ?? 0)))
    at += 1 + data.length
    if (keys[program] !== '1'.repeat(32) || data.readUInt32LE(0) !== 2)
      throw new RpcError(-32_002, 'Error processing Instruction 0')
    return { to: keys[to] as string, lamports: data.readBigUInt64LE(4) }
  })
  return { id: base58.encode(proof), from, payments }
}
