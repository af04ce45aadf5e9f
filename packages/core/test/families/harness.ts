import { readFileSync } from 'node:fs'
import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { tries } from '../../../../tools/test-run/index.ts'
import type {
  ChainFactsNow,
  Family,
  Network,
  SignedTransaction,
  ToSign,
  TransactionRequest,
} from '../../src/families/family.ts'

// What the tests of the families and the script that makes their vectors share.

/** The key of every fixed vector: 0x01, 0x02 … 0x20. */
export const testKey = Uint8Array.from({ length: 32 }, (_, at) => at + 1)

export function keyNumber(chain: string, number: number): Uint8Array {
  return number === 0 ? testKey : sha256(new TextEncoder().encode(`pawl/vectors/${chain}/${number}`))
}

const publicKeys = new Map<string, Uint8Array>()

export function publicKeyOf({ curve }: Pick<Family, 'curve'>, key: Uint8Array): Uint8Array {
  const name = `${curve} ${hexOf(key)}`
  const known = publicKeys.get(name)
  if (known) return known
  const publicKey = curve === 'ed25519' ? ed25519.getPublicKey(key) : secp256k1.getPublicKey(key, false)
  publicKeys.set(name, publicKey)
  return publicKey
}

/** As the key store signs: ed25519 whole messages, secp256k1 digests, as r ‖ s ‖ recovery bit. */
function signWith({ curve }: Pick<Family, 'curve'>, message: Uint8Array, key: Uint8Array): Uint8Array {
  if (curve === 'ed25519') return ed25519.sign(message, key)
  const recovered = secp256k1.sign(message, key, { prehash: false, format: 'recovered' })
  return Uint8Array.of(...recovered.subarray(1), recovered[0] as number)
}

export interface Case {
  readonly network: Network
  readonly key: Uint8Array
  readonly request: TransactionRequest
  readonly facts: ChainFactsNow
}

/** A transaction from the request to what the key signs. */
export function builtBy<D, U extends ToSign>(family: Family<D, U>, { network, key, request, facts }: Case) {
  const publicKey = publicKeyOf(family, key)
  const from = family.address(publicKey, network)
  const draft = family.draft(request, network, from)
  return { from, publicKey, draft, unsigned: family.build(draft, facts, publicKey) }
}

/** A transaction from the request to its signed bytes. */
export function signedBy<D, U extends ToSign>(family: Family<D, U>, one: Case) {
  const built = builtBy(family, one)
  const signatures = built.unsigned.toSign.map((message) => signWith(family, message, one.key))
  const signed: SignedTransaction = family.assemble(built.unsigned, signatures, built.publicKey)
  return { ...built, signed }
}

/** Signatures take most of the time of a random test, so only some of its cases are signed. */
export const isSigned = fc.nat(24).map((chance) => chance === 0)

export interface Vectors {
  readonly source: string
  readonly addresses: readonly {
    readonly private_key: string
    readonly public_key: string
    readonly addresses: Readonly<Record<string, string>>
  }[]
  readonly transactions: readonly {
    readonly name: string
    readonly network: Network
    readonly private_key: string
    readonly request: TransactionRequest
    readonly facts: ChainFactsNow
    readonly signed_tx: string
    readonly tx_hash: string
  }[]
}

export const vectorsFolder = new URL('../../../testkit/src/vectors/', import.meta.url)

export function vectorsOf(chain: string): Vectors {
  return fromJson(readFileSync(new URL(`${chain}.json`, vectorsFolder), 'utf8')) as Vectors
}

/** Whole numbers of any size are texts such as `10n`. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}n` : one), 2)
}

function fromJson(text: string): unknown {
  return JSON.parse(text, (_, one) =>
    typeof one === 'string' && /^[0-9]+n$/.test(one) ? BigInt(one.slice(0, -1)) : one,
  )
}

export const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
export const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

/** How many random transactions are compared with an official library. */
export const oracleTries = tries(1_000, 5)
