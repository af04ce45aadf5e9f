import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat, utf8 } from '../../kernel/bytes.ts'
import { BadTransaction } from '../family.ts'
import { hexBytes } from '../fields.ts'
import { addressBytes, canonicalAddress } from './address.ts'

// EIP-712: structured data that a contract takes as the word of the signer.

/** Typed data that was read. Members have the types that `types` says, and there are no others. */
export interface TypedData {
  readonly primaryType: string
  readonly types: Readonly<Record<string, readonly Member[]>>
  readonly domain: Readonly<Record<string, unknown>>
  readonly message: Readonly<Record<string, unknown>>
  readonly digest: Uint8Array
}

interface Member {
  readonly name: string
  readonly type: string
}

type Types = TypedData['types']

const field = 'typed_data'
const typesMax = 128
const membersMax = 512
const nodesMax = 4_096
const depthMax = 32
const identifier = /^[A-Za-z_$][A-Za-z0-9_$]{0,255}$/

/** Reads typed data and computes what is signed. Throws `BadTransaction` for anything that is not exactly its types. */
export function readTypedData(given: unknown): TypedData {
  const { types, primaryType, domain = {}, message } = recordOf(given, 'must be an object')
  if (typeof primaryType !== 'string') throw bad('must have a primaryType')
  const known = readTypes(recordOf(types, 'must have types'), recordOf(domain, 'must have a domain'))
  if (!Object.hasOwn(known, primaryType)) throw bad('must have its primaryType among its types')
  const told = recordOf(message, 'must have a message')
  const domainHash = new Encoding(known).struct('EIP712Domain', domain)
  const body = primaryType === 'EIP712Domain' ? new Uint8Array(0) : new Encoding(known).struct(primaryType, told)
  const digest = keccak_256(concat(Uint8Array.of(0x19, 0x01), domainHash, body))
  return { primaryType, types: known, domain: recordOf(domain, ''), message: told, digest }
}

/** The names of the types that a type consists of, itself included. */
export function typesWithin(types: Types, type: string): readonly string[] {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name) || !Object.hasOwn(types, name)) return
    found.add(name)
    for (const member of types[name] ?? []) visit(baseOf(member.type))
  }
  visit(baseOf(type))
  return [...found]
}

const domainMembers: readonly Member[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
]

function readTypes(given: Readonly<Record<string, unknown>>, domain: Readonly<Record<string, unknown>>): Types {
  const names = Object.keys(given)
  if (names.length > typesMax) throw bad(`must have at most ${typesMax} types`)
  const types: Record<string, readonly Member[]> = {
    // Many clients leave it out. It follows from the domain.
    EIP712Domain: domainMembers.filter(({ name }) => Object.hasOwn(domain, name)),
  }
  let members = 0
  for (const name of names) {
    if (!identifier.test(name)) throw bad('must have types with plain names')
    types[name] = readMembers(given[name])
    members += types[name].length
  }
  if (members > membersMax) throw bad(`must have at most ${membersMax} members in its types`)
  for (const member of Object.values(types).flat()) {
    const base = baseOf(member.type)
    if (!isAtomic(base) && !Object.hasOwn(types, base)) throw bad(`must not have members of an unknown type`)
  }
  return types
}

function readMembers(given: unknown): readonly Member[] {
  if (!Array.isArray(given)) throw bad('must have a list of members for each type')
  const members = given.map((one) => {
    const { name, type } = recordOf(one, 'must have members that are objects')
    if (typeof name !== 'string' || !identifier.test(name)) throw bad('must have members with plain names')
    if (typeof type !== 'string' || !/^[A-Za-z_$][A-Za-z0-9_$]*(?:\[(?:[1-9][0-9]{0,3})?\])*$/.test(type)) {
      throw bad('must have members with types')
    }
    return { name, type }
  })
  if (new Set(members.map(({ name }) => name)).size < members.length) throw bad('must not have a member twice')
  return members
}

function baseOf(type: string): string {
  return type.replace(/\[.*$/, '')
}

function isAtomic(type: string): boolean {
  return ['address', 'bool', 'string', 'bytes'].includes(type) || widthOf(type) !== null
}

/** `uint256`, `int8` and `bytes32` have a width. */
function widthOf(type: string): { readonly base: 'uint' | 'int' | 'bytes'; readonly width: number } | null {
  const [, base, digits] = /^(uint|int|bytes)([1-9][0-9]{0,2})?$/.exec(type) ?? []
  if (base !== 'uint' && base !== 'int' && base !== 'bytes') return null
  const width = Number(digits ?? 256)
  const isRight = base === 'bytes' ? digits !== undefined && width <= 32 : width <= 256 && width % 8 === 0
  return isRight ? { base, width } : null
}

/** The hashes of one document. It counts what it visits, so that no document is slow. */
class Encoding {
  readonly #types: Types
  #nodes = 0

  constructor(types: Types) {
    this.#types = types
  }

  struct(type: string, given: unknown, depth = 0): Uint8Array {
    this.#visit(depth)
    const value = recordOf(given, `must have an object for ${type}`)
    const members = this.#types[type] ?? []
    for (const name of Object.keys(value)) {
      if (!members.some((member) => member.name === name))
        throw bad(`must not have a member that ${type} does not have`)
    }
    const parts = members.map((member) => {
      if (!Object.hasOwn(value, member.name)) throw bad(`must have the member ${member.name} of ${type}`)
      return this.#value(member.type, value[member.name], depth + 1)
    })
    return keccak_256(concat(keccak_256(utf8(this.#signature(type))), ...parts))
  }

  #value(type: string, given: unknown, depth: number): Uint8Array {
    this.#visit(depth)
    const [, item, length] = /^(.*)\[([0-9]*)\]$/.exec(type) ?? []
    if (item !== undefined) return this.#list(item, length ?? '', given, depth)
    if (Object.hasOwn(this.#types, type)) return this.struct(type, given, depth + 1)
    return atomic(type, given)
  }

  #list(item: string, length: string, given: unknown, depth: number): Uint8Array {
    if (!Array.isArray(given)) throw bad(`must have a list for ${item}[]`)
    if (length !== '' && given.length !== Number(length))
      throw bad(`must have ${length} entries for ${item}[${length}]`)
    return keccak_256(concat(...given.map((one) => this.#value(item, one, depth + 1))))
  }

  /** The type, and after it the types that it consists of, sorted. */
  #signature(type: string): string {
    const [first = type, ...others] = typesWithin(this.#types, type)
    const written = [first, ...others.sort()].map((name) => {
      const members = (this.#types[name] ?? []).map((member) => `${member.type} ${member.name}`)
      return `${name}(${members.join(',')})`
    })
    return written.join('')
  }

  #visit(depth: number): void {
    if (depth > depthMax || ++this.#nodes > nodesMax) throw bad('is too large')
  }
}

function atomic(type: string, given: unknown): Uint8Array {
  if (type === 'string') {
    if (typeof given !== 'string') throw bad('must have texts for members of type string')
    return keccak_256(utf8(given))
  }
  if (type === 'bytes') return keccak_256(hexBytes(given, field))
  if (type === 'address') return concat(new Uint8Array(12), addressBytes(canonicalAddress(given, field)))
  if (type === 'bool') {
    if (typeof given !== 'boolean') throw bad('must have true or false for members of type bool')
    return word(given ? 1n : 0n)
  }
  const { base, width } = widthOf(type) ?? { base: 'uint', width: 0 }
  if (base !== 'bytes') return word(integer(given, base, width))
  return concat(hexBytes(given, field, width), new Uint8Array(32 - width))
}

function integer(given: unknown, base: 'uint' | 'int', width: number): bigint {
  const value = integerOf(given)
  const [least, most] =
    base === 'uint' ? [0n, 2n ** BigInt(width) - 1n] : [-(2n ** BigInt(width - 1)), 2n ** BigInt(width - 1) - 1n]
  if (value === null || value < least || value > most) throw bad(`must have whole numbers of ${base}${width}`)
  return value
}

function integerOf(given: unknown): bigint | null {
  if (typeof given === 'number') return Number.isSafeInteger(given) ? BigInt(given) : null
  if (typeof given !== 'string' || given.length > 80) return null
  return /^(?:-?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)$/.test(given) ? BigInt(given) : null
}

function word(value: bigint): Uint8Array {
  const digits = BigInt.asUintN(256, value).toString(16).padStart(64, '0')
  return hexBytes(`0x${digits}`, field)
}

function recordOf(given: unknown, problem: string): Readonly<Record<string, unknown>> {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) throw bad(problem)
  return given as Readonly<Record<string, unknown>>
}

function bad(problem: string): BadTransaction {
  return new BadTransaction(field, problem)
}
