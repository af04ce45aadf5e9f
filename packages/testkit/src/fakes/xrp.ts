import { ed25519 } from '@noble/curves/ed25519.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { concat, hex, utf8 } from '@pawl/core/ports'
import { base58xrp } from '@scure/base'
import { listen, sendJson } from './loopback.ts'

export interface FakeXrp extends AsyncDisposable {
  /** The JSON-RPC endpoint. */
  readonly url: string
  /** Adds drops to an account, and creates it. */
  fund(address: string, drops: bigint): void
  /** Makes a ledger of the transactions that wait. */
  mine(): void
  close(): Promise<void>
}

/**
 * A server of the XRP Ledger on loopback, for tests. It has the JSON-RPC of rippled, keeps accounts, and verifies signatures. It
 * runs payments of XRP by Ed25519 keys. Nothing on it is worth anything.
 *
 * @example
 * await using node = await startFakeXrp()
 * node.fund(address, 50_000_000n)
 */
export async function startFakeXrp({ networkId = 0 } = {}): Promise<FakeXrp> {
  const accounts = new Map<string, { balance: bigint; sequence: number }>()
  const sent = new Map<string, { ledger: number | null }>()
  let ledger = 70_000
  const ledgerHash = () => hex(sha256(utf8(`fake ledger ${ledger}`))).toUpperCase()

  const submit = (blob: string): object => {
    const read = parsed(blob)
    if (!read) return { error: 'invalidTransaction', status: 'error' }
    const { id, from, to, amount, fee, sequence } = read
    const result = (engine_result: string) => ({
      engine_result,
      engine_result_message: engine_result,
      tx_json: { hash: id },
    })
    const account = accounts.get(from)
    if (sent.has(id)) return result('tefALREADY')
    if (!account) return result('terNO_ACCOUNT')
    if (sequence < account.sequence) return result('tefPAST_SEQ')
    if (sequence > account.sequence) return result('terPRE_SEQ')
    if (account.balance < amount + fee) return result('tecUNFUNDED_PAYMENT')
    account.balance -= amount + fee
    account.sequence++
    const other = accounts.get(to) ?? { balance: 0n, sequence: ledger }
    accounts.set(to, { ...other, balance: other.balance + amount })
    sent.set(id, { ledger: null })
    return result('tesSUCCESS')
  }

  const methods: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => object>> = {
    server_info: () => ({ info: { network_id: networkId, server_state: 'full' } }),
    fee: () => ({ drops: { base_fee: '10', open_ledger_fee: '12', median_fee: '5000' } }),
    ledger: () => ({
      ledger: { close_time: 700_000_000 + ledger, closed: true },
      ...{ ledger_hash: ledgerHash(), ledger_index: ledger, validated: true },
    }),
    account_info: ({ account }) => {
      const found = accounts.get(String(account))
      if (!found) return { error: 'actNotFound', status: 'error' }
      return { account_data: { Account: account, Balance: `${found.balance}`, Sequence: found.sequence } }
    },
    submit: ({ tx_blob }) => submit(String(tx_blob)),
    tx: ({ transaction }) => {
      const found = sent.get(String(transaction))
      if (!found) return { error: 'txnNotFound', status: 'error' }
      const place =
        found.ledger === null ? {} : { ledger_index: found.ledger, meta: { TransactionResult: 'tesSUCCESS' } }
      return { hash: transaction, validated: found.ledger !== null, ...place }
    },
  }

  const { url, close } = await listen(async (_, body, response) => {
    const { method, params } = JSON.parse(body)
    const result = methods[method]?.(params[0]) ?? { error: 'unknownCmd', status: 'error' }
    sendJson(response, 200, { result: { status: 'success', ...result } })
  })
  return {
    ...{ url, close, [Symbol.asyncDispose]: close },
    fund: (address, drops) => void accounts.set(address, { balance: drops, sequence: 5 }),
    mine: () => {
      ledger++
      for (const one of sent.values()) one.ledger ??= ledger
    },
  }
}

interface Member {
  /** Header, length and value. */
  readonly whole: Uint8Array
  readonly value: Uint8Array
}

/** What a payment of XRP says. Null for anything else, and for a wrong signature. */
function parsed(blob: string) {
  const bytes = new Uint8Array(Buffer.from(blob, 'hex'))
  const found = membersOf(bytes)
  const memberAt = (name: string) => found?.get(name)?.value ?? new Uint8Array(0)
  const [key, proof, from, to] = [memberAt('73'), memberAt('74'), memberAt('81'), memberAt('83')]
  if (!found || key.length !== 33 || proof.length !== 64 || to.length !== 20) return null
  const unsigned = [...found].filter(([name]) => name !== '74').map(([, { whole }]) => whole)
  const message = concat(utf8('STX'), Uint8Array.of(0), ...unsigned)
  const isRight = ed25519.verify(proof, message, key.subarray(1)) && hex(ripemd160(sha256(key))) === hex(from)
  if (!isRight) return null
  const number = (name: string) => BigInt(`0x0${hex(memberAt(name))}`)
  const drops = (name: string) => number(name) & ((1n << 62n) - 1n)
  const id = hex(sha512(concat(utf8('TXN'), Uint8Array.of(0), bytes)).subarray(0, 32)).toUpperCase()
  const about = { id, from: addressOf(from), to: addressOf(to), sequence: Number(number('24')) }
  return { ...about, amount: drops('61'), fee: drops('68') }
}

/** Bytes of each type without a length in front of it: UInt16, UInt32, Amount of XRP. */
const lengths: Readonly<Record<number, number>> = { 1: 2, 2: 4, 6: 8 }

/** By the header in hexadecimal digits. Null for types that a payment of XRP does not have. */
function membersOf(bytes: Uint8Array): Map<string, Member> | null {
  const members = new Map<string, Member>()
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number
    const headed = at + ((first & 0x0f) === 0 ? 2 : 1)
    const fixed = lengths[first >> 4]
    const isSized = first >> 4 === 7 || first >> 4 === 8
    if (fixed === undefined && !isSized) return null
    const start = headed + (isSized ? 1 : 0)
    const end = start + (fixed ?? bytes[headed] ?? 0)
    members.set(hex(bytes.subarray(at, headed)), { whole: bytes.subarray(at, end), value: bytes.subarray(start, end) })
    at = end
  }
  return members
}

function addressOf(account: Uint8Array): string {
  const payload = concat(Uint8Array.of(0), account)
  return base58xrp.encode(concat(payload, sha256(sha256(payload)).subarray(0, 4)))
}
