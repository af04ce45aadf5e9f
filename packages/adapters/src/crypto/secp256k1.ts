import { hash, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// Bitcoin Core's libsecp256k1 as WebAssembly, from the package tiny-secp256k1. Its work with private keys is written to
// take constant time, and takes a fifth of the time of JavaScript. The JavaScript of the package is not used: it leaves the
// key and the nonce of each signature in the memory of the module. The module can call only two functions, both below.

/** The file in version 2.2.4, whose imports and memory were examined. No other file gets a key. */
const examined = '5cbbcb8adc7acc3b78a3fd31c76d573302705ff5fd714d03f5a2602591197cb5'
/** The stack of the module ends here, and its data begin. One call uses about 3 KB of the stack. */
const stackEnd = 655_360
const stackUsed = 16_384

/** The uncompressed point (65 bytes) of a private scalar (32 bytes). Null if the scalar is out of range. */
export function secp256k1PublicKey(scalar: Uint8Array): Uint8Array | null {
  if (!(scalar instanceof Uint8Array) || scalar.length !== 32) return null
  const { memory, at, call } = library()
  try {
    memory.set(scalar, at.scalar)
    return call.pointFromScalar(65) === 1 ? memory.slice(at.publicKey, at.publicKey + 65) : null
  } finally {
    forget(memory, at)
  }
}

/**
 * Signs a digest of 32 bytes: r ‖ s ‖ recovery bit, with a low s. The nonce is that of RFC 6979. `extra` (32 bytes) is mixed
 * into it if it is given.
 */
export function secp256k1Sign(scalar: Uint8Array, digest: Uint8Array, extra?: Uint8Array): Uint8Array {
  const { memory, at, call } = library()
  try {
    memory.set(bytes32('scalar', scalar), at.scalar)
    // Adds zero and tells whether the scalar is in range. A signature with another one would break the module.
    if (call.privateAdd() !== 1) throw new RangeError('the scalar is out of range')
    memory.set(bytes32('digest', digest), at.digest)
    if (extra) memory.set(bytes32('extra', extra), at.extra)
    const bit = call.signRecoverable(extra ? 1 : 0)
    const signature = new Uint8Array(65)
    signature.set(memory.subarray(at.signature, at.signature + 64))
    signature[64] = bit
    return signature
  } finally {
    forget(memory, at)
  }
}

/** Overwrites the inputs, the result and the stack, where the library leaves copies of the scalar and the nonce. */
function forget(memory: Uint8Array, at: Library['at']): void {
  memory.fill(0, stackEnd - stackUsed, stackEnd)
  for (const place of [at.scalar, at.digest, at.extra]) memory.fill(0, place, place + 32)
  memory.fill(0, at.signature, at.signature + 64)
  memory.fill(0, at.publicKey, at.publicKey + 65)
}

function bytes32(name: string, value: Uint8Array): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array`)
  if (value.length !== 32) throw new RangeError(`${name} must be 32 bytes`)
  return value
}

/** Node has it, and its types do not. */
declare const WebAssembly: {
  readonly Module: new (file: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

interface Library {
  readonly memory: Uint8Array
  /** Where the module reads its inputs and writes its results. */
  readonly at: Readonly<Record<'scalar' | 'digest' | 'extra' | 'signature' | 'publicKey', number>>
  readonly call: Calls
}

interface Calls {
  initializeContext(): void
  privateAdd(): number
  pointFromScalar(length: number): number
  signRecoverable(withExtra: number): number
}

const requireFromHere = createRequire(import.meta.url)
let loaded: Library | undefined

/** Loaded at the first call, in about 10 ms: most processes sign nothing. */
function library(): Library {
  loaded ??= libraryOf(readFileSync(pathOfModule()))
  return loaded
}

/** The package exports only JavaScript, and which of its files depends on the conditions of this process. */
function pathOfModule(): string {
  const exported = requireFromHere.resolve('tiny-secp256k1')
  return join(exported.slice(0, exported.lastIndexOf('tiny-secp256k1')), 'tiny-secp256k1/lib/secp256k1.wasm')
}

/** For the test that compares it before and after a signature. */
export function memoryOfLibrary(): Uint8Array {
  return library().memory
}

export function libraryOf(file: Uint8Array): Library {
  if (hash('sha256', file) !== examined)
    throw new Error('secp256k1.wasm is not the file of tiny-secp256k1 2.2.4. Install that version.')
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(file), {
    // Blinds the numbers of all signatures, so that their power and time tell less.
    './rand.js': { generateInt32: () => randomInt(2 ** 32) | 0 },
    './validate_error.js': {
      throwError: (code: number) => {
        throw new Error(`libsecp256k1 failed with ${code}`)
      },
    },
  })
  const place = (name: string) => (exports[name] as { readonly value: number }).value
  const memory = new Uint8Array((exports.memory as { readonly buffer: ArrayBuffer }).buffer)
  const at = {
    scalar: place('PRIVATE_INPUT'),
    digest: place('HASH_INPUT'),
    extra: place('EXTRA_DATA_INPUT'),
    signature: place('SIGNATURE_INPUT'),
    publicKey: place('PUBLIC_KEY_INPUT'),
  }
  const call = exports as unknown as Calls
  call.initializeContext()
  forget(memory, at)
  return { memory, at, call }
}
