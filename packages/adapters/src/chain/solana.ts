import { type Chain, type ChainFacts, ChainUnavailable, type Inspecting, keyRemover } from '@pawl/core/ports'
import { base58 } from '@scure/base'
import { listOf, type Refusals, recordOf, refusal, textOf, unreadable, wholeOf } from './answers.ts'
import { withoutKeys } from './keyed-urls.ts'
import { type Ask, askers, NodeError, type NodesOptions, withoutErrors } from './nodes.ts'
import { agreed, firstOf, onlyIf } from './rest.ts'

export interface SolanaChainOptions extends Omit<NodesOptions, 'name'> {
  readonly facts: ChainFacts
}

/** The first blocks of the known clusters. Every local cluster has another. */
const firstBlocks: Readonly<Record<string, string>> = {
  solana: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
  'solana-devnet': 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG',
}

/** A constant of the protocol. */
const lamportsPerSignature = 5_000n

/**
 * Solana, through one or more nodes. With two or more, two must agree about each balance.
 *
 * @example
 * const facts = { name: 'solana', family: 'solana', chainId: null, decimals: 9 } as const
 * const chain = solanaChain({ egress, urls: ['https://rpc.example.com/?api-key=…'], facts })
 */
export function solanaChain({ facts, ...options }: SolanaChainOptions): Chain & Inspecting {
  const { name } = facts
  const nodes = askers({ ...options, name }).map((ask) => onlyIf(ask, name, (one) => isOn(name, one)))
  const calls = nodes.map((ask) => withoutErrors(ask, name))
  return withoutKeys(keyRemover(options.urls), {
    facts,
    balance: (address, token) => agreed(calls, name, (ask) => balanceOf(ask, address, token)),
    account: async () => ({ model: 'none' }),
    fees: async () => ({ model: 'size', perTransaction: lamportsPerSignature, perKilobyte: 0n }),
    tip: () => firstOf(nodes, (ask) => tipOf(ask, name)),
    broadcast: (signed) => firstOf(nodes, (ask) => send(ask, signed)),
    status: (id) => firstOf(calls, (ask) => statusOf(ask, id)),
    exists: (addresses) => firstOf(calls, (ask) => whichExist(ask, addresses)),
  })
}

async function isOn(name: string, ask: Ask): Promise<boolean> {
  const told = await withoutErrors(ask, name)('getGenesisHash')
  const expected = firstBlocks[name]
  return expected === undefined ? !Object.values(firstBlocks).includes(textOf(told)) : told === expected
}

const confirmed = { commitment: 'confirmed' }

async function balanceOf(ask: Ask, address: string, token: string | undefined): Promise<bigint> {
  if (token === undefined) return wholeOf(recordOf(await ask('getBalance', address, confirmed)).value)
  const found = await ask('getTokenAccountsByOwner', address, { mint: token }, { ...confirmed, encoding: 'jsonParsed' })
  const amounts = listOf(recordOf(found).value).map((one) => {
    const { data } = recordOf(recordOf(one).account)
    const { info } = recordOf(recordOf(data).parsed)
    const { mint, owner, tokenAmount } = recordOf(info)
    if (mint !== token || owner !== address) throw unreadable('an account of this token and owner')
    return wholeOf(recordOf(tokenAmount).amount)
  })
  return amounts.reduce((sum, one) => sum + one, 0n)
}

async function tipOf(ask: Ask, name: string) {
  const call = withoutErrors(ask, name)
  const { context, value } = recordOf(await call('getLatestBlockhash', confirmed))
  const { slot } = recordOf(context)
  const at = await ask('getBlockTime', slot).catch((error) => {
    // A slot can be without a block. The hash is what a transaction needs.
    if (error instanceof NodeError) return Math.floor(Date.now() / 1_000)
    throw error
  })
  return { height: wholeOf(slot), id: textOf(recordOf(value).blockhash), at: Number(wholeOf(at)) * 1_000 }
}

/** In the words of the validator. */
const refusals: Refusals = [
  [/insufficient|no record of a prior credit|custom program error: 0x1\b/i, 'insufficient_funds'],
  [/deserialize|sanitize|signature verification|invalid (base64|transaction)|too large/i, 'malformed'],
  [/instruction \d+|account in use|invalid account/i, 'refused'],
]

async function send(ask: Ask, signed: Uint8Array): Promise<string> {
  // After the number of signatures, which is one byte here, comes the signature that is the id.
  const id = base58.encode(signed.subarray(1, 65))
  try {
    const options = { encoding: 'base64', preflightCommitment: 'confirmed' }
    const told = await ask('sendTransaction', Buffer.from(signed).toString('base64'), options)
    if (told !== id) throw new ChainUnavailable('A node took the transaction under another ID.')
  } catch (error) {
    if (!(error instanceof NodeError)) throw error
    if (!/already been processed|AlreadyProcessed/i.test(error.message)) throw refusal(refusals, error.message)
  }
  return id
}

async function statusOf(ask: Ask, id: string): Promise<Awaited<ReturnType<Chain['status']>>> {
  const found = recordOf(await ask('getSignatureStatuses', [id], { searchTransactionHistory: true }))
  const [one] = listOf(found.value)
  if (one === null || one === undefined) return { state: 'unknown' }
  const { slot, err, confirmationStatus } = recordOf(one)
  if (confirmationStatus !== 'confirmed' && confirmationStatus !== 'finalized') return { state: 'pending' }
  const [height, tip] = [wholeOf(slot), wholeOf(await ask('getSlot', confirmed))]
  const confirmations = tip < height ? 1n : tip - height + 1n
  return { state: 'included', succeeded: err === null, height, confirmations }
}

const accountsPerCall = 100

async function whichExist(ask: Ask, addresses: readonly string[]): Promise<boolean[]> {
  const found: boolean[] = []
  for (let at = 0; at < addresses.length; at += accountsPerCall) {
    const some = addresses.slice(at, at + accountsPerCall)
    const options = { ...confirmed, encoding: 'base64', dataSlice: { offset: 0, length: 0 } }
    const accounts = listOf(recordOf(await ask('getMultipleAccounts', some, options)).value)
    if (accounts.length !== some.length) throw unreadable('one answer for each account')
    found.push(...accounts.map((account) => account !== null))
  }
  return found
}
