import { blake2b } from '@noble/hashes/blake2.js'
import { bech32 } from '@scure/base'
import { concat } from '../../kernel/bytes.ts'
import { BadTransaction, type Network } from '../family.ts'

/** An address without a part for staking, so that a new key needs no deposit. */
export function addressOf(publicKey: Uint8Array, network: Network): string {
  return addressText(concat(Uint8Array.of(0x60 | networkNumber(network)), blake2b(publicKey, { dkLen: 28 })))
}

export function canonicalAddress(address: string, network: Network): string {
  return addressText(addressBytes(address, network))
}

/** Base and enterprise addresses. Each has a fixed length, so nothing can hide in it. */
export function addressBytes(address: string, network: Network): Uint8Array {
  const bytes = decoded(address)
  const header = bytes?.[0] ?? 0xff
  const [kind, number] = [header >> 4, header & 0x0f]
  const length = kind <= 3 ? 57 : kind === 6 || kind === 7 ? 29 : -1
  if (
    !bytes ||
    bytes.length !== length ||
    number !== networkNumber(network) ||
    addressText(bytes) !== address.toLowerCase()
  ) {
    throw new BadTransaction('to', `is not an address of ${network.name}`)
  }
  return bytes
}

export function addressText(bytes: Uint8Array): string {
  const prefix = ((bytes[0] as number) & 0x0f) === 1 ? 'addr' : 'addr_test'
  return bech32.encode(prefix, bech32.toWords(bytes), false)
}

function networkNumber({ isTestnet }: Network): number {
  return isTestnet ? 0 : 1
}

function decoded(address: string): Uint8Array | null {
  try {
    return address.length > 200 ? null : bech32.fromWords(bech32.decode(address as `${string}1${string}`, false).words)
  } catch {
    return null
  }
}
