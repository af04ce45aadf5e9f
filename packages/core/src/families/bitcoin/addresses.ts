import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { Address, NETWORK, OutScript, TEST_NETWORK } from '@scure/btc-signer'
import { concat } from '../../kernel/bytes.ts'
import { BadTransaction, type Network } from '../family.ts'
import { compressed } from '../secp256k1.ts'

const regtest = { ...TEST_NETWORK, bech32: 'bcrt' }

function parametersOf({ name, isTestnet }: Network) {
  if (name.endsWith('-regtest')) return regtest
  return isTestnet ? TEST_NETWORK : NETWORK
}

/** P2WPKH. */
export function addressOf(publicKey: Uint8Array, network: Network): string {
  return Address(parametersOf(network)).encode({ type: 'wpkh', hash: keyHash(publicKey) })
}

export function keyHash(publicKey: Uint8Array): Uint8Array {
  return ripemd160(sha256(compressed(publicKey)))
}

/** P2PKH, P2SH, P2WPKH, P2WSH and P2TR. Bech32 in lowercase. */
export function canonicalAddress(address: string, network: Network): string {
  return Address(parametersOf(network)).encode(decoded(address, network))
}

export function scriptOf(address: string, network: Network): Uint8Array {
  return OutScript.encode(decoded(address, network))
}

/** Null if the script has no address, such as a script that carries data. */
export function addressOfScript(script: Uint8Array, network: Network): string | null {
  try {
    return Address(parametersOf(network)).encode(OutScript.decode(script))
  } catch {
    return null
  }
}

/** The least amount of an output that nodes forward: three times the cost of creating and spending it at 1 sat/vbyte. */
export function dustOf(script: Uint8Array): bigint {
  const isWitness = script[0] === 0 || script[0] === 0x51
  return 3n * (9n + BigInt(script.length) + (isWitness ? 67n : 148n))
}

/** The script that BIP-143 signs for a P2WPKH output. */
export function scriptCode(hash: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x76, 0xa9, 0x14), hash, Uint8Array.of(0x88, 0xac))
}

function decoded(address: string, network: Network) {
  try {
    return Address(parametersOf(network)).decode(address)
  } catch {
    throw new BadTransaction('to', `is not an address of ${network.name}`)
  }
}
