import { hex } from '../../kernel/bytes.ts'
import { type Effects, effectsOf } from '../effects.ts'
import { addressFrom, addressOfBytes } from './addresses.ts'
import type { Contract } from './raw.ts'

/** What a transaction does. Throws a `RangeError` if an address in it is none. */
export function effectsOfContract(contract: Contract, overhead: bigint | null): Effects {
  const from = addressOfBytes(contract.owner)
  if (contract.type === 'TransferContract') {
    const to = addressOfBytes(contract.to)
    const isPaid = to !== from
    const transfers = isPaid ? [{ to, token: null, amount: contract.amount }] : []
    return effectsOf({ native: isPaid ? contract.amount : 0n, overhead, transfers })
  }
  const token = addressOfBytes(contract.contract)
  const { callValue, data } = contract
  const known = readCall(data, token)
  const sent = callValue > 0n ? [{ to: token, token: null, amount: callValue }] : []
  const selector = data.length >= 4 ? `0x${hex(data.subarray(0, 4))}` : null
  return effectsOf({
    native: callValue,
    overhead,
    transfers: [...sent, ...(known?.transfers ?? [])],
    approvals: known?.approvals ?? [],
    calls: [{ to: token, selector, function: known?.name ?? null }],
    opaque: known ? null : 'the function of the contract is not known',
  })
}

interface KnownCall {
  readonly name: string
  readonly transfers?: Effects['transfers']
  readonly approvals?: Effects['approvals']
}

/** The functions of TRC-20 that move tokens, or allow another address to move them. */
function readCall(data: Uint8Array, token: string): KnownCall | null {
  const words = (data.length - 4) / 32
  const word = (at: number) => data.subarray(4 + 32 * at, 36 + 32 * at)
  // The virtual machine of Tron reads the last 20 bytes. Some programs write the prefix of addresses before them.
  const address = (at: number) => addressFrom(word(at).subarray(12))
  const amount = (at: number) => BigInt(`0x${hex(word(at))}`)
  const name = functions[hex(data.subarray(0, 4))]
  if (name === 'transfer(address,uint256)' && words === 2) {
    return { name, transfers: [{ to: address(0), token, amount: amount(1) }] }
  }
  if (name === 'transferFrom(address,address,uint256)' && words === 3) {
    return { name, transfers: [{ to: address(1), token, amount: amount(2) }] }
  }
  if (name === undefined || name.startsWith('transfer') || words !== 2) return null
  const limit = amount(1) === 2n ** 256n - 1n ? null : amount(1)
  return { name, approvals: [{ spender: address(0), token, amount: limit }] }
}

const functions: Readonly<Record<string, string>> = {
  a9059cbb: 'transfer(address,uint256)',
  '23b872dd': 'transferFrom(address,address,uint256)',
  '095ea7b3': 'approve(address,uint256)',
  39509351: 'increaseAllowance(address,uint256)',
  d73dd623: 'increaseApproval(address,uint256)',
}
