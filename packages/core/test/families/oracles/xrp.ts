import { classicAddressToXAddress, decode, encode, type Payment, type SubmittableTransaction, Wallet } from 'xrpl'

// The XRP Ledger as xrpl has it: keys, the binary form, signatures and ids.

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()

export function oracleWallet(seed: Uint8Array, publicKey: Uint8Array): Wallet {
  return new Wallet(`ED${hexOf(publicKey)}`, `ED${hexOf(seed)}`)
}

export function oracleSign(wallet: Wallet, json: object): { readonly signed: string; readonly id: string } {
  const { tx_blob: signed, hash: id } = wallet.sign(json as SubmittableTransaction)
  return { signed, id }
}

export function oracleEncode(json: object): string {
  // The library cannot read objects without a prototype, which random tests make.
  return encode(JSON.parse(JSON.stringify(json)) as Payment)
}

export function oracleDecode(blob: string): Record<string, unknown> {
  return decode(blob)
}

export function oracleXAddress(address: string, tag: number | false, isTestnet: boolean): string {
  return classicAddressToXAddress(address, tag, isTestnet)
}
