import { sha512 } from '@noble/hashes/sha2.js'
import {
  type Chain,
  type ChainFacts,
  ChainRejected,
  ChainUnavailable,
  concat,
  hex,
  type Inspecting,
  keyRemover,
  utf8,
} from '@pawl/core/ports'
import { idOf, type Refusals, recordOf, refusal, unreadable, wholeOf } from './answers.ts'
import { withoutKeys } from './keyed-urls.ts'
import type { NodesOptions } from './nodes.ts'
import { agreed, firstOf, onlyIf, type RestNode, restNodes } from './rest.ts'

export interface XrpChainOptions extends Omit<NodesOptions, 'name'> {
  readonly facts: ChainFacts
}

const networkIds: Readonly<Record<string, number>> = { xrp: 0, 'xrp-testnet': 1, 'xrp-devnet': 2 }

/**
 * The XRP Ledger, through one or more servers with the JSON-RPC of rippled. With two or more, two must agree about each
 * balance.
 *
 * @example
 * const facts = { name: 'xrp', family: 'xrp', chainId: null, decimals: 6 } as const
 * const chain = xrpChain({ egress, urls: ['https://xrpl.example.com:51234/'], facts })
 */
export function xrpChain({ facts, ...options }: XrpChainOptions): Chain & Inspecting {
  const { name } = facts
  const nodes = restNodes({ ...options, name }).map((node) => onlyIf(node, name, (one) => isOn(name, one)))
  return withoutKeys(keyRemover(options.urls), {
    facts,
    balance: async (address, token) => {
      // An issued amount is a decimal number of any size, so it has no smallest unit.
      if (token !== undefined) throw new ChainUnavailable(`Balances of tokens on ${name} are not whole numbers.`)
      return agreed(nodes, name, async (node) => (await accountOf(node, address, 'validated'))?.balance ?? 0n)
    },
    account: (address) =>
      firstOf(nodes, async (node) => {
        const next = (await accountOf(node, address, 'current'))?.sequence ?? 0n
        return { model: 'counter', next }
      }),
    fees: () => firstOf(nodes, feesOf),
    tip: () => firstOf(nodes, tipOf),
    broadcast: (signed) => firstOf(nodes, (node) => send(node, signed)),
    status: (id) => firstOf(nodes, (node) => statusOf(node, id)),
    exists: (addresses) =>
      firstOf(nodes, (node) =>
        Promise.all(addresses.map(async (address) => (await accountOf(node, address, 'validated')) !== null)),
      ),
  })
}

async function isOn(name: string, node: RestNode): Promise<boolean> {
  const { info } = await asked(node, 'server_info', {})
  const { network_id = 0 } = recordOf(info)
  return network_id === networkIds[name]
}

/** Null if the account does not exist. */
async function accountOf(node: RestNode, account: string, ledger_index: string) {
  const result = await asked(node, 'account_info', { account, ledger_index }, ['actNotFound'])
  if (result.error !== undefined) return null
  const { Account, Balance, Sequence } = recordOf(result.account_data)
  if (Account !== account) throw unreadable('the account that was asked for')
  return { balance: wholeOf(Balance), sequence: wholeOf(Sequence) }
}

async function feesOf(node: RestNode) {
  const { drops } = await asked(node, 'fee', {})
  const { base_fee, open_ledger_fee } = recordOf(drops)
  const [base, open] = [wholeOf(base_fee), wholeOf(open_ledger_fee)]
  // biome-ignore lint/complexity/useMathMinMax: that knows no bigint
  const perTransaction = open > base ? open : base
  return { model: 'size', perTransaction, perKilobyte: 0n } as const
}

/** Seconds from 1970 to 2000, where the time of the ledger begins. */
const epoch = 946_684_800

async function tipOf(node: RestNode) {
  const { ledger_hash, ledger_index, ledger } = await asked(node, 'ledger', { ledger_index: 'validated' })
  const at = (Number(wholeOf(recordOf(ledger).close_time)) + epoch) * 1_000
  return { height: wholeOf(ledger_index), id: idOf(ledger_hash), at }
}

/** Codes of rippled. A code that begins with `ter` or `tel` may be accepted later, unless it is here. */
const refusals: Refusals = [
  [/tefPAST_SEQ|tefNO_TICKET/, 'nonce_used'],
  [/UNFUNDED|INSUF_FEE_B|INSUFFICIENT|INSUF_RESERVE|terNO_ACCOUNT/, 'insufficient_funds'],
  [/telINSUF_FEE_P/, 'underpriced'],
  [/telWRONG_NETWORK|telREQUIRES_NETWORK_ID|telNETWORK_ID/, 'wrong_chain'],
  [/^tem|invalidTransaction|invalidParams|tefBAD_(SIGNATURE|AUTH)/, 'malformed'],
  [/^tec|^tef/, 'refused'],
]

async function send(node: RestNode, signed: Uint8Array): Promise<string> {
  const id = hex(sha512(concat(utf8('TXN'), Uint8Array.of(0), signed)).subarray(0, 32)).toUpperCase()
  // A transaction that fails here is not sent on, so a refusal is final.
  const sent = { tx_blob: hex(signed).toUpperCase(), fail_hard: true }
  const { error, engine_result, engine_result_message } = await asked(node, 'submit', sent, [
    'invalidTransaction',
    'invalidParams',
  ])
  const code = String(error ?? engine_result)
  if (code === 'tesSUCCESS' || code === 'terQUEUED' || code === 'tefALREADY') return id
  if ((await statusOf(node, id)).state !== 'unknown') return id
  const refused = refusal(refusals, code)
  if (!(refused instanceof ChainRejected)) throw refused
  throw new ChainRejected(
    refused.rejection,
    `The node refused the transaction: ${code} ${String(engine_result_message ?? '').slice(0, 200)}`,
  )
}

async function statusOf(node: RestNode, id: string): Promise<Awaited<ReturnType<Chain['status']>>> {
  const found = await asked(node, 'tx', { transaction: id, binary: false }, ['txnNotFound'])
  if (found.error !== undefined) return { state: 'unknown' }
  if (found.hash !== id) throw unreadable('the transaction that was asked for')
  if (found.validated !== true) return { state: 'pending' }
  const [height, tip] = [wholeOf(found.ledger_index), (await tipOf(node)).height]
  const succeeded = recordOf(found.meta).TransactionResult === 'tesSUCCESS'
  return { state: 'included', succeeded, height, confirmations: tip < height ? 1n : tip - height + 1n }
}

/** The result of a command. Errors that are not expected mean that there is no answer. */
async function asked(node: RestNode, method: string, params: object, expected: readonly string[] = []) {
  const { status, json } = await node({ path: '/', json: { method, params: [params] } })
  if (status !== 200) throw new ChainUnavailable(`A node answered with status ${status}.`)
  const result = recordOf(recordOf(json).result)
  if (result.status === 'success' || expected.includes(String(result.error))) return result
  throw new ChainUnavailable(`A node answered ${method} with the error ${String(result.error).slice(0, 60)}.`)
}
