// Writes packages/testkit/src/vectors/evm.json: addresses and signed transactions as viem makes them. Run it with
// `npx tsx tools/chain-vectors/evm.ts`. viem signs without randomness, so the file stays the same.
import { writeFileSync } from 'node:fs'
import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const key = (number: number) => keccak256(toHex(`pawl test vector ${number}`))
const account = (number: number) => privateKeyToAccount(key(number))
const address = (number: number) => account(number).address.toLowerCase()

const addresses = Array.from({ length: 24 }, (_, at) => ({
  private_key: key(at),
  public_key: account(at).publicKey,
  address: account(at).address,
}))

const accessList = [{ address: address(3), storage_keys: [keccak256('0x01'), keccak256('0x02')] }]
const transfer = `0xa9059cbb${address(4).slice(2).padStart(64, '0')}${'f4240'.padStart(64, '0')}`
const hashes = [`0x01${'ab'.repeat(31)}`, `0x01${'cd'.repeat(31)}`]
const fees = { max_fee_per_gas: '30000000000', max_priority_fee_per_gas: '1000000000' }

/** Requests as callers send them. The value is in wei, as hexadecimal digits. */
const requests: readonly Record<string, unknown>[] = [
  ...[0, 1, 10, 137, 8453, 11155111].flatMap((chain) => {
    const chain_id = chain === 0 ? 42161 : chain
    return [
      { chain_id, nonce: 0, to: address(1), value: '0x2386f26fc10000', gas_limit: '21000', ...fees },
      { chain_id, nonce: 9, to: address(2), value: '0x0', gas_limit: '21000', gas_price: '20000000000' },
    ]
  }),
  { chain_id: 1, nonce: 255, to: address(5), value: '0x0', gas_limit: '65000', data: transfer, ...fees },
  { chain_id: 1, nonce: 256, to: address(5), value: '0x0', gas_limit: '65000', data: transfer, gas_price: '1' },
  { chain_id: 1, nonce: 127, to: address(6), value: '0x7f', gas_limit: '128', data: '0x00', ...fees },
  { chain_id: 1, nonce: 128, to: address(6), value: '0x80', gas_limit: '255', data: `0x${'11'.repeat(56)}`, ...fees },
  {
    chain_id: 1,
    tx_type: 1,
    nonce: 3,
    to: address(6),
    value: '0x1',
    gas_limit: '40000',
    gas_price: '7',
    access_list: accessList,
  },
  {
    chain_id: 1,
    tx_type: 1,
    nonce: 3,
    to: address(6),
    value: '0x1',
    gas_limit: '40000',
    gas_price: '7',
    access_list: [],
  },
  {
    chain_id: 1,
    tx_type: 2,
    nonce: 4,
    to: address(6),
    value: '0x1',
    gas_limit: '40000',
    ...fees,
    access_list: accessList,
  },
  {
    chain_id: 1,
    tx_type: 3,
    nonce: 5,
    to: address(6),
    value: '0x0',
    gas_limit: '40000',
    ...fees,
    max_fee_per_blob_gas: '3',
    blob_versioned_hashes: hashes,
  },
  {
    chain_id: 10,
    tx_type: 3,
    nonce: 6,
    to: address(6),
    value: '0x5',
    gas_limit: '40000',
    ...fees,
    max_fee_per_blob_gas: '1000000000',
    blob_versioned_hashes: hashes.slice(1),
    access_list: accessList,
  },
]

async function authorized(request: Record<string, unknown>) {
  const signed = await account(7).signAuthorization({ chainId: 1, nonce: 2, contractAddress: account(8).address })
  const { r, s, yParity } = signed
  const entry = { chain_id: 1, address: address(8), nonce: 2, y_parity: yParity, r, s }
  return { ...request, authorization_list: [entry] }
}

async function signed(request: Record<string, unknown>, number: number) {
  const big = (name: string) => (request[name] === undefined ? undefined : BigInt(request[name] as string))
  const list = request.access_list as typeof accessList | undefined
  const authorizations = request.authorization_list as
    | {
        chain_id: number
        address: `0x${string}`
        nonce: number
        y_parity: number
        r: `0x${string}`
        s: `0x${string}`
      }[]
    | undefined
  const types = ['legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702'] as const
  const type = types[(request.tx_type as number | undefined) ?? (request.gas_price === undefined ? 2 : 0)]
  const transaction = {
    type,
    chainId: request.chain_id,
    nonce: request.nonce,
    to: request.to,
    value: BigInt(request.value as string),
    data: request.data,
    gas: big('gas_limit'),
    gasPrice: big('gas_price'),
    maxFeePerGas: big('max_fee_per_gas'),
    maxPriorityFeePerGas: big('max_priority_fee_per_gas'),
    maxFeePerBlobGas: big('max_fee_per_blob_gas'),
    blobVersionedHashes: request.blob_versioned_hashes,
    accessList: list?.map((one) => ({ address: one.address, storageKeys: one.storage_keys })),
    authorizationList: authorizations?.map(({ chain_id, y_parity, ...one }) => ({
      ...one,
      chainId: chain_id,
      yParity: y_parity,
    })),
  }
  const text = await account(number).signTransaction(transaction as never)
  return { private_key: key(number), request, signed_tx: text, tx_hash: keccak256(text) }
}

const last = { chain_id: 1, tx_type: 4, nonce: 7, to: address(6), value: '0x0', gas_limit: '90000', ...fees }
const all = [
  ...requests,
  await authorized(last),
  await authorized({ ...last, access_list: accessList, data: transfer }),
]
const transactions = await Promise.all(all.map((request, at) => signed(request, at % 24)))
const vectors = { made_by: 'viem 2.57.0, tools/chain-vectors/evm.ts', addresses, transactions }
writeFileSync(
  new URL('../../packages/testkit/src/vectors/evm.json', import.meta.url),
  `${JSON.stringify(vectors, null, 2)}\n`,
)
