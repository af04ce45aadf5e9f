import { keccak_256 } from '@noble/hashes/sha3.js'
import { hex, utf8 } from '../../kernel/bytes.ts'
import type { Approval, Transfer } from '../effects.ts'
import { type AbiType, type AbiValue, argumentTypes } from './abi.ts'
import { addressFrom } from './address.ts'

// What calls of well-known functions do. One line for each function: its signature and its meaning. A function that is
// not here is unknown, and rules about content refuse it.

/** A call of a contract by the account that signs. */
export interface ContractCall {
  readonly to: string
  readonly value: bigint
  readonly data: Uint8Array
}

/** What one call does. */
export interface Meaning {
  readonly transfers?: readonly Transfer[]
  readonly approvals?: readonly Approval[]
  /** Calls that it makes in turn. */
  readonly calls?: readonly ContractCall[]
  /** What cannot be decoded, in words. */
  readonly opaque?: string
}

/** The arguments have the types of the signature, so a meaning reads them with `as`. */
// biome-ignore lint/suspicious/noExplicitAny: a signature is text, so the compiler does not know the types in it
type Arguments = readonly any[]

type Read = (given: Arguments, call: ContractCall) => Meaning

export interface KnownFunction {
  readonly signature: string
  readonly types: readonly AbiType[]
  readonly read: Read
}

/** From here on, an allowance never ends: some tokens take the largest number of 96 bits as unlimited. */
const unlimitedFrom = 2n ** 96n - 1n

const transfer = (token: string | null, to: string, amount: bigint | null): Meaning => ({
  transfers: [{ to, token, amount }],
})

const approval = (token: string, spender: string, amount: bigint | null): Meaning => ({
  approvals: [{ spender, token, amount: amount !== null && amount >= unlimitedFrom ? null : amount }],
})

const nothing: Read = () => ({})

const inner = (to: string, value: bigint, data: Uint8Array): ContractCall => ({ to, value, data })

/** Calls of the contract to itself, with the value of the outer call for each. */
const toItself =
  (at: number): Read =>
  (given, { to }) => ({ calls: given[at].map((data: Uint8Array) => inner(to, 0n, data)) })

const withoutValue =
  (at: number): Read =>
  (given) => ({ calls: given[at].map(([to, data]: [string, Uint8Array]) => inner(to, 0n, data)) })

const batchOf =
  (at: number): Read =>
  (given) => ({ calls: given[at].map(([to, value, data]: [string, bigint, Uint8Array]) => inner(to, value, data)) })

const tokens: Readonly<Record<string, Read>> = {
  'transfer(address,uint256)': ([to, amount], { to: token }) => transfer(token, to, amount),
  'transferFrom(address,address,uint256)': ([, to, amount], { to: token }) => transfer(token, to, amount),
  'approve(address,uint256)': ([spender, amount], { to: token }) => approval(token, spender, amount),
  'increaseAllowance(address,uint256)': ([spender, amount], { to: token }) => approval(token, spender, amount),
  'increaseApproval(address,uint256)': ([spender, amount], { to: token }) => approval(token, spender, amount),
  'decreaseAllowance(address,uint256)': nothing,
  'decreaseApproval(address,uint256)': nothing,
  'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)': ([, spender, amount], { to: token }) =>
    approval(token, spender, amount),
  'permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)': ([, spender, , , allowed], { to: token }) =>
    approval(token, spender, allowed ? null : 0n),
  'transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)': (
    [, to, amount],
    { to: token },
  ) => transfer(token, to, amount),
  'safeTransferFrom(address,address,uint256)': ([, to], { to: token }) => transfer(token, to, null),
  'safeTransferFrom(address,address,uint256,bytes)': ([, to], { to: token }) => transfer(token, to, null),
  'safeTransferFrom(address,address,uint256,uint256,bytes)': ([, to], { to: token }) => transfer(token, to, null),
  'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)': ([, to], { to: token }) =>
    transfer(token, to, null),
  'setApprovalForAll(address,bool)': ([spender, allowed], { to: token }) =>
    approval(token, spender, allowed ? null : 0n),
  'deposit()': nothing,
  'withdraw(uint256)': nothing,
}

const permit2: Readonly<Record<string, Read>> = {
  'approve(address,address,uint160,uint48)': ([token, spender, amount]) => approval(token, spender, amount),
  'permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)': ([, [[token, amount], spender]]) =>
    approval(token, spender, amount),
  'permit(address,((address,uint160,uint48,uint48)[],address,uint256),bytes)': ([, [details, spender]]) => ({
    approvals: details.flatMap(([token, amount]: [string, bigint]) => approval(token, spender, amount).approvals ?? []),
  }),
  'transferFrom(address,address,uint160,address)': ([, to, amount, token]) => transfer(token, to, amount),
  'transferFrom((address,address,uint160,address)[])': ([details]) => ({
    transfers: details.map(([, to, amount, token]: [string, string, bigint, string]) => ({ to, token, amount })),
  }),
  'permitTransferFrom(((address,uint256),uint256,uint256),(address,uint256),address,bytes)': ([
    [[token]],
    [to, amount],
  ]) => transfer(token, to, amount),
  'permitTransferFrom(((address,uint256)[],uint256,uint256),(address,uint256)[],address,bytes)': ([
    [permitted],
    details,
  ]) => ({
    transfers: details.map(([to, amount]: [string, bigint], at: number) => ({
      to,
      token: permitted[at]?.[0] ?? null,
      amount,
    })),
    ...(permitted.length === details.length ? {} : { opaque: 'a Permit2 batch with a token missing' }),
  }),
  'lockdown((address,address)[])': nothing,
}

const batches: Readonly<Record<string, Read>> = {
  'multicall(bytes[])': toItself(0),
  'multicall(uint256,bytes[])': toItself(1),
  'multicall(bytes32,bytes[])': toItself(1),
  'aggregate((address,bytes)[])': withoutValue(0),
  'tryAggregate(bool,(address,bytes)[])': withoutValue(1),
  'blockAndAggregate((address,bytes)[])': withoutValue(0),
  'tryBlockAndAggregate(bool,(address,bytes)[])': withoutValue(1),
  'aggregate3((address,bool,bytes)[])': ([calls]) => ({
    calls: calls.map(([to, , data]: [string, boolean, Uint8Array]) => inner(to, 0n, data)),
  }),
  'aggregate3Value((address,bool,uint256,bytes)[])': ([calls]) => ({
    calls: calls.map(([to, , value, data]: [string, boolean, bigint, Uint8Array]) => inner(to, value, data)),
  }),
}

const callOrDelegate = (to: string, value: bigint, data: Uint8Array, operation: bigint): Meaning =>
  operation === 0n
    ? { calls: [inner(to, value, data)] }
    : isMultiSend(data)
      ? { calls: [inner(to, 0n, data)] }
      : { calls: [inner(to, 0n, data)], opaque: 'a delegatecall' }

const accounts: Readonly<Record<string, Read>> = {
  'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)': ([
    to,
    value,
    data,
    operation,
    ,
    ,
    gasPrice,
    gasToken,
    refundReceiver,
  ]) => {
    const done = callOrDelegate(to, value, data, operation)
    if (gasPrice === 0n) return done
    // The Safe pays for its gas: to this address, or to the sender if it is 0. An argument says how much, so it can be any amount.
    const opaque = done.opaque ?? 'a Safe transaction that refunds gas'
    const token = gasToken === zero ? null : gasToken
    return { ...done, transfers: [{ to: refundReceiver, token, amount: null }], opaque }
  },
  'execTransactionFromModule(address,uint256,bytes,uint8)': ([to, value, data, operation]) =>
    callOrDelegate(to, value, data, operation),
  'multiSend(bytes)': ([packed]) => multiSend(packed),
  'execute(address,uint256,bytes)': ([to, value, data]) => ({ calls: [inner(to, value, data)] }),
  'executeUserOp(address,uint256,bytes,uint8)': ([to, value, data, operation]) =>
    callOrDelegate(to, value, data, operation),
  'executeUserOpWithErrorString(address,uint256,bytes,uint8)': ([to, value, data, operation]) =>
    callOrDelegate(to, value, data, operation),
  'executeBatch((address,uint256,bytes)[])': batchOf(0),
  'executeBatch(address[],bytes[])': ([to, data]) => lists(to, [], data),
  'executeBatch(address[],uint256[],bytes[])': ([to, values, data]) => lists(to, values, data),
  'handleOps((address,uint256,bytes,bytes,uint256,uint256,uint256,uint256,uint256,bytes,bytes)[],address)': (given) =>
    userOperations(given),
  'handleOps((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)[],address)': (given) =>
    userOperations(given),
}

const zero = `0x${'0'.repeat(40)}`

/** Each user operation makes its account call itself. What the accounts pay for gas goes to the beneficiary. */
function userOperations([operations, beneficiary]: Arguments): Meaning {
  const isDeploying = operations.some(([, , initCode]: Arguments) => initCode.length > 0)
  return {
    calls: operations
      .filter(([, , , data]: Arguments) => data.length > 0)
      .map(([sender, , , data]: Arguments) => inner(sender, 0n, data)),
    transfers: [{ to: beneficiary, token: null, amount: null }],
    ...(isDeploying ? { opaque: 'a user operation that deploys an account' } : {}),
  }
}

function lists(to: readonly string[], values: readonly bigint[], data: readonly Uint8Array[]): Meaning {
  const isMatching = to.length === data.length && (values.length === 0 || values.length === to.length)
  if (!isMatching) return { opaque: 'a batch whose lists have different lengths' }
  return { calls: to.map((one, at) => inner(one, values[at] ?? 0n, data[at] ?? new Uint8Array(0))) }
}

/** Safe's packed batches: operation (1 byte), address (20), value (32), length (32), data. */
function multiSend(packed: Uint8Array): Meaning {
  const calls: ContractCall[] = []
  let opaque: string | undefined
  let at = 0
  while (at < packed.length) {
    const length = numberOf(packed.subarray(at + 53, at + 85))
    if (at + 85 > packed.length || BigInt(at) + 85n + length > BigInt(packed.length))
      return { calls, opaque: 'a batch that is cut off' }
    const end = at + 85 + Number(length)
    if (packed[at] !== 0) opaque = 'a delegatecall'
    calls.push(
      inner(
        addressFrom(packed.subarray(at + 1, at + 21)),
        numberOf(packed.subarray(at + 21, at + 53)),
        packed.slice(at + 85, end),
      ),
    )
    at = end
  }
  return opaque === undefined ? { calls } : { calls, opaque }
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${hex(bytes)}`)
}

function isMultiSend(data: Uint8Array): boolean {
  return selectorOf(data) === selector('multiSend(bytes)')
}

/** The first four bytes of calldata, which name the function. Null: there are fewer. */
export function selectorOf(data: Uint8Array): string | null {
  return data.length < 4 ? null : `0x${hex(data.subarray(0, 4))}`
}

export function selector(signature: string): string {
  return `0x${hex(keccak_256(utf8(signature)).subarray(0, 4))}`
}

/** Known functions by selector. */
export const knownFunctions: ReadonlyMap<string, KnownFunction> = new Map(
  Object.entries({ ...tokens, ...permit2, ...batches, ...accounts }).map(([signature, read]) => [
    selector(signature),
    { signature, types: argumentTypes(signature), read },
  ]),
)

export type { AbiValue }
