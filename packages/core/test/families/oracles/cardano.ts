import * as csl from '@emurgo/cardano-serialization-lib-nodejs'
import type { Body } from '../../../src/families/cardano/body.ts'

// Cardano as cardano-serialization-lib has it. It gets what Pawl chose (inputs, outputs, the fee), and writes it with its own code.

const number = (value: bigint) => csl.BigNum.from_str(String(value))

export function oracleAddress(key: Uint8Array, isTestnet: boolean): string {
  const hash = csl.PrivateKey.from_normal_bytes(key).to_public().hash()
  return csl.EnterpriseAddress.new(isTestnet ? 0 : 1, csl.Credential.from_keyhash(hash))
    .to_address()
    .to_bech32()
}

/** A base address, whose second part is for staking. */
export function oracleBaseAddress(key: Uint8Array, stakeKey: Uint8Array, isTestnet: boolean): string {
  const [payment, stake] = [key, stakeKey].map((one) =>
    csl.Credential.from_keyhash(csl.PrivateKey.from_normal_bytes(one).to_public().hash()),
  ) as [csl.Credential, csl.Credential]
  return csl.BaseAddress.new(isTestnet ? 0 : 1, payment, stake)
    .to_address()
    .to_bech32()
}

export function oracleBody({ inputs, outputs, fee, ttl }: Body): csl.TransactionBody {
  const set = csl.TransactionInputs.new()
  for (const { transactionId, index } of inputs) {
    set.add(csl.TransactionInput.new(csl.TransactionHash.from_hex(transactionId), index))
  }
  const list = csl.TransactionOutputs.new()
  for (const output of outputs) list.add(oracleOutput(output))
  const body = csl.TransactionBody.new_tx_body(set, list, number(fee))
  body.set_ttl(number(ttl))
  return body
}

function oracleOutput({ address, coin, tokens }: Body['outputs'][number]): csl.TransactionOutput {
  const value = csl.Value.new(number(coin))
  const assets = csl.MultiAsset.new()
  for (const [token, amount] of Object.entries(tokens)) {
    const [policy = '', name = ''] = token.split('.')
    const bytes = csl.AssetName.new(Buffer.from(name, 'hex'))
    assets.set_asset(csl.ScriptHash.from_hex(policy), bytes, number(amount))
  }
  if (assets.len() > 0) value.set_multiasset(assets)
  return csl.TransactionOutput.new(csl.Address.from_bytes(address), value)
}

export function oracleLeastCoin(output: Body['outputs'][number]): bigint {
  const cost = csl.DataCost.new_coins_per_byte(number(4_310n))
  return BigInt(csl.min_ada_for_output(oracleOutput(output), cost).to_str())
}

export function oracleFee(transaction: string): bigint {
  const fees = csl.LinearFee.new(number(44n), number(155_381n))
  return BigInt(csl.min_fee(csl.Transaction.from_hex(transaction), fees).to_str())
}

export function oracleSign(body: string, key: Uint8Array): { readonly signed: string; readonly id: string } {
  const transaction = csl.FixedTransaction.new_from_body_bytes(Buffer.from(body, 'hex'))
  transaction.sign_and_add_vkey_signature(csl.PrivateKey.from_normal_bytes(key))
  return { signed: transaction.to_hex(), id: transaction.transaction_hash().to_hex() }
}

/** As wallets exchange it before it is signed. */
export function oracleUnsigned(body: csl.TransactionBody): string {
  return csl.Transaction.new(body, csl.TransactionWitnessSet.new()).to_hex()
}

/** What the library reads in a transaction. */
export function oracleRead(transaction: string) {
  const body = csl.FixedTransaction.from_hex(transaction).body()
  const outputs = body.outputs()
  return Array.from({ length: outputs.len() }, (_, at) => {
    const output = outputs.get(at)
    return {
      to: output.address().to_bech32(),
      coin: BigInt(output.amount().coin().to_str()),
      hasTokens: output.amount().multiasset() !== undefined,
    }
  })
}
