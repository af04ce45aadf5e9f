import { secp256k1 } from '@noble/curves/secp256k1.js'
import * as bitcoinjs from 'bitcoinjs-lib'
import type { Plan } from '../../../src/families/bitcoin/plan.ts'
import type { Network } from '../../../src/families/family.ts'

// Bitcoin as bitcoinjs-lib has it. It gets what Pawl chose (inputs, outputs), and writes and signs it with its own code.

// Addresses of Taproot need a library for its curve.
bitcoinjs.initEccLib({
  isXOnlyPoint: (x) => pointOf(x) !== null,
  xOnlyPointAddTweak: (x, tweak) => {
    const scalar = BigInt(`0x${Buffer.from(tweak).toString('hex')}`)
    if (scalar >= secp256k1.Point.Fn.ORDER) return null
    const point = pointOf(x)?.add(secp256k1.Point.BASE.multiplyUnsafe(scalar))
    if (!point || point.is0()) return null
    const bytes = point.toBytes(true)
    return { parity: bytes[0] === 3 ? 1 : 0, xOnlyPubkey: bytes.subarray(1) }
  },
})

function pointOf(x: Uint8Array) {
  try {
    return secp256k1.Point.fromBytes(Uint8Array.of(2, ...x))
  } catch {
    return null
  }
}

const parameters = { main: bitcoinjs.networks.bitcoin, test: bitcoinjs.networks.testnet }

const networkOf = ({ isTestnet }: Pick<Network, 'isTestnet'>) => (isTestnet ? parameters.test : parameters.main)

export function oracleAddress(key: Uint8Array, network: Pick<Network, 'isTestnet'>): string {
  const payment = bitcoinjs.payments.p2wpkh({ pubkey: secp256k1.getPublicKey(key), network: networkOf(network) })
  return payment.address as string
}

/** One address of each type. */
export function oracleRecipients(seed: Uint8Array, network: Pick<Network, 'isTestnet'>): string[] {
  const parameters = networkOf(network)
  const pubkey = secp256k1.getPublicKey(seed)
  const { payments } = bitcoinjs
  const inner = payments.p2wpkh({ pubkey, network: parameters })
  const all = [
    inner,
    payments.p2pkh({ pubkey, network: parameters }),
    payments.p2sh({ redeem: inner, network: parameters }),
    payments.p2wsh({ redeem: payments.p2pk({ pubkey, network: parameters }), network: parameters }),
    payments.p2tr({ pubkey: pubkey.subarray(1), network: parameters }),
  ]
  return all.map(({ address }) => address as string)
}

export function oracleScript(address: string, network: Pick<Network, 'isTestnet'>): Uint8Array {
  return bitcoinjs.address.toOutputScript(address, networkOf(network))
}

/** What the library signs for these inputs and outputs. */
export function oracleDigests(plan: Plan, publicKey: Uint8Array): Uint8Array[] {
  const transaction = unsignedBy(plan)
  const { output: script } = bitcoinjs.payments.p2pkh({ pubkey: compressedOf(publicKey) })
  const all = bitcoinjs.Transaction.SIGHASH_ALL
  return plan.inputs.map(({ value }, at) => transaction.hashForWitnessV0(at, script as Uint8Array, value, all))
}

/** The signed transaction with these inputs and outputs, by the library. */
export function oracleSign(plan: Plan, key: Uint8Array): { readonly signed: string; readonly id: string } {
  const pubkey = secp256k1.getPublicKey(key)
  const transaction = unsignedBy(plan)
  for (const [at, digest] of oracleDigests(plan, pubkey).entries()) {
    const proof = secp256k1.sign(digest, key, { prehash: false })
    transaction.setWitness(at, [bitcoinjs.script.signature.encode(proof, bitcoinjs.Transaction.SIGHASH_ALL), pubkey])
  }
  return { signed: transaction.toHex(), id: transaction.getId() }
}

export function unsignedBy(plan: Plan): bitcoinjs.Transaction {
  const transaction = new bitcoinjs.Transaction()
  transaction.version = plan.version
  transaction.locktime = plan.lockTime
  for (const { transactionId, index, sequence } of plan.inputs) {
    transaction.addInput(Buffer.from(transactionId, 'hex').reverse(), index, sequence)
  }
  for (const { script, value } of plan.outputs) transaction.addOutput(script, value)
  return transaction
}

const compressedOf = (publicKey: Uint8Array) =>
  publicKey.length === 33 ? publicKey : Uint8Array.of(2 + ((publicKey[64] as number) % 2), ...publicKey.subarray(1, 33))

/** The same transaction as a PSBT, as wallets exchange it. */
export function oraclePsbt(plan: Plan, ownScript: Uint8Array): bitcoinjs.Psbt {
  const psbt = new bitcoinjs.Psbt()
  psbt.setVersion(plan.version).setLocktime(plan.lockTime)
  for (const { transactionId, index, sequence, value } of plan.inputs) {
    psbt.addInput({ hash: transactionId, index, sequence, witnessUtxo: { script: ownScript, value } })
  }
  for (const { script, value } of plan.outputs) psbt.addOutput({ script, value })
  return psbt
}
