import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type Argon2Cost, type Crypto, hex } from '@pawl/core/ports'
import { nobleCrypto } from '@pawl/core/ports/reference'
import fc from 'fast-check'
import gcmVectors from '../vectors/aes-256-gcm.json' with { type: 'json' }
import argon2Vectors from '../vectors/argon2id.json' with { type: 'json' }
import ed25519Vectors from '../vectors/ed25519.json' with { type: 'json' }
import hmacVectors from '../vectors/hmac-sha-256.json' with { type: 'json' }
import p256Vectors from '../vectors/p-256.json' with { type: 'json' }
import secp256k1Vectors from '../vectors/secp256k1.json' with { type: 'json' }
import sha256Vectors from '../vectors/sha-256.json' with { type: 'json' }
import { check, patient, type Runner, rejects, sameBytes } from './asserts.ts'

/**
 * The behaviour of every implementation of the crypto port: published test vectors, refusals, and the same bytes as the
 * noble reference on random inputs.
 *
 * @example
 * testCrypto('my crypto', myCrypto(), { describe, it })
 */
export function testCrypto(name: string, crypto: Crypto, runner: Runner): void {
  const { describe, it } = patient(runner)
  describe(`${name} as crypto`, () => {
    for (const [title, body] of cases) it(title, () => body(crypto))
  })
}

type Case = (crypto: Crypto) => void | Promise<void>

const cases: readonly (readonly [title: string, body: Case])[] = [
  ['hashes as the SHA-256 vectors say', hashesVectors],
  ['authenticates as the HMAC vectors say', macVectors],
  ['seals and opens as the AES-256-GCM vectors say', sealsVectors],
  ['opens nothing that is not authentic, and says null', opensNothingInvalid],
  ['has no key and no nonce of another length', refusesLengths],
  ['opens nothing after any single bit was flipped', opensNoFlippedBit],
  ['signs and verifies as the Ed25519 vectors say', signsVectors],
  ['verifies no malleable, small-order or misshapen Ed25519 signature', verifiesNothingInvalid],
  ['derives P-256 keys as the vectors say, and none from a scalar out of range', derivesVectors],
  ['signs digests as the secp256k1 vectors say, and with no scalar out of range', signsDigests],
  ['hashes passwords as the Argon2id vectors say', hashesPasswords],
  ['refuses Argon2id costs and salts below the least', refusesWeakPasswordHashes],
  ['lets others work while it hashes a password', doesNotBlock],
  ['takes bytes only, never a text, a list or a number', takesBytesOnly],
  ['leaves its arguments alone and gives memory of its own', ownsItsResults],
  ['sha256 and hmacSha256 ≡ noble', agreesOnHashes],
  ['seal and open ≡ noble, and open(seal(x)) ≡ x', agreesOnSealing],
  ['ed25519 and p256 ≡ noble', agreesOnCurves],
  ['secp256k1 ≡ noble, also for digests around the order', agreesOnDigests],
]

function hashesVectors(crypto: Crypto): void {
  for (const { message, digest } of sha256Vectors.tests) {
    sameBytes(crypto.sha256(bytes(message)), bytes(digest), `SHA-256 of ${message.length / 2} bytes`)
  }
}

function macVectors(crypto: Crypto): void {
  for (const { comment, key, message, tag } of hmacVectors.tests) {
    sameBytes(crypto.hmacSha256(bytes(key), bytes(message)), bytes(tag), comment)
  }
}

function sealsVectors(crypto: Crypto): void {
  for (const test of gcmVectors.tests) {
    const [key, nonce, associated] = [bytes(test.key), bytes(test.nonce), bytes(test.associated)]
    sameBytes(crypto.encrypt(key, nonce, bytes(test.plaintext), associated), bytes(test.sealed), test.comment)
    sameBytes(crypto.decrypt(key, nonce, bytes(test.sealed), associated), bytes(test.plaintext), test.comment)
  }
}

function opensNothingInvalid(crypto: Crypto): void {
  for (const { comment, key, nonce, sealed, associated } of gcmVectors.invalid) {
    check(crypto.decrypt(bytes(key), bytes(nonce), bytes(sealed), bytes(associated)) === null, `opened: ${comment}`)
  }
}

async function refusesLengths(crypto: Crypto): Promise<void> {
  for (const length of [0, 16, 24, 31, 33, 64]) {
    await rejects(() => crypto.encrypt(of(length), of(12), of(1), of(0)), `sealing under a key of ${length} bytes`)
    check(crypto.decrypt(of(length), of(12), of(20), of(0)) === null, `opened under a key of ${length} bytes`)
    await rejects(() => crypto.ed25519PublicKey(of(length)), `a public key of a seed of ${length} bytes`)
    await rejects(() => crypto.ed25519Sign(of(length), of(1)), `signing with a seed of ${length} bytes`)
  }
  for (const length of [0, 8, 13, 16]) {
    await rejects(() => crypto.encrypt(of(32), of(length), of(1), of(0)), `sealing with a nonce of ${length} bytes`)
    check(crypto.decrypt(of(32), of(length), of(20), of(0)) === null, `opened with a nonce of ${length} bytes`)
  }
}

function opensNoFlippedBit(crypto: Crypto): void {
  const sealed = crypto.encrypt(of(32), of(12), of(33), of(7))
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    check(crypto.decrypt(of(32), of(12), flipped(sealed, bit), of(7)) === null, `opened with bit ${bit} flipped`)
  }
}

function signsVectors(crypto: Crypto): void {
  for (const test of ed25519Vectors.tests) {
    const [seed, publicKey, message] = [bytes(test.seed), bytes(test.public_key), bytes(test.message)]
    sameBytes(crypto.ed25519PublicKey(seed), publicKey, `${test.comment}: public key`)
    sameBytes(crypto.ed25519Sign(seed, message), bytes(test.signature), `${test.comment}: signature`)
    check(crypto.ed25519Verify(publicKey, message, bytes(test.signature)), `did not verify: ${test.comment}`)
  }
}

function verifiesNothingInvalid(crypto: Crypto): void {
  for (const { comment, public_key, message, signature } of ed25519Vectors.invalid) {
    check(!crypto.ed25519Verify(bytes(public_key), bytes(message), bytes(signature)), `verified: ${comment}`)
  }
}

function derivesVectors(crypto: Crypto): void {
  for (const { scalar, public_key } of p256Vectors.tests) {
    sameBytes(crypto.p256PublicKey(bytes(scalar)), bytes(public_key), `the public key of ${scalar}`)
  }
  for (const { comment, scalar } of p256Vectors.invalid) {
    check(crypto.p256PublicKey(bytes(scalar)) === null, `took a scalar: ${comment}`)
  }
}

async function signsDigests(crypto: Crypto): Promise<void> {
  for (const { message, scalar, public_key, digest, signature } of secp256k1Vectors.tests) {
    sameBytes(crypto.secp256k1PublicKey(bytes(scalar)), bytes(public_key), `the public key of ${scalar}`)
    sameBytes(crypto.secp256k1Sign(bytes(scalar), bytes(digest)), bytes(signature), `a signature of “${message}”`)
  }
  for (const { comment, scalar } of secp256k1Vectors.invalid) {
    check(crypto.secp256k1PublicKey(bytes(scalar)) === null, `took a scalar: ${comment}`)
    await rejects(() => crypto.secp256k1Sign(bytes(scalar), of(32)), `signing with a scalar: ${comment}`)
  }
  for (const length of [0, 31, 33, 64]) {
    await rejects(() => crypto.secp256k1Sign(of(32), of(length)), `signing a digest of ${length} bytes`)
    if (length === 0) continue
    await rejects(() => crypto.secp256k1Sign(of(32), of(32), of(length)), `signing with ${length} bytes of extra input`)
  }
}

async function hashesPasswords(crypto: Crypto): Promise<void> {
  for (const { password, salt, memory_kib, passes, lanes, tag } of argon2Vectors.tests) {
    const hash = await crypto.argon2id(bytes(password), bytes(salt), { memoryKib: memory_kib, passes, lanes })
    sameBytes(hash, bytes(tag), `Argon2id m=${memory_kib} t=${passes} p=${lanes}`)
  }
}

async function refusesWeakPasswordHashes(crypto: Crypto): Promise<void> {
  const costs: Argon2Cost[] = [
    { memoryKib: 7, passes: 1, lanes: 1 },
    { memoryKib: 15, passes: 1, lanes: 2 },
    { memoryKib: 8.5, passes: 1, lanes: 1 },
    { memoryKib: 8, passes: 0, lanes: 1 },
    { memoryKib: 8, passes: 1, lanes: 0 },
  ]
  for (const cost of costs) await rejects(() => crypto.argon2id(of(8), of(16), cost), JSON.stringify(cost))
  await rejects(() => crypto.argon2id(of(8), of(7), { memoryKib: 8, passes: 1, lanes: 1 }), 'a salt of 7 bytes')
}

async function doesNotBlock(crypto: Crypto): Promise<void> {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  try {
    // On a busy machine, a hash on another thread can end before the first turn of this one.
    for (let tries = 0; turns === 0 && tries < 10; tries++) {
      await crypto.argon2id(of(8), of(16), { memoryKib: 8192, passes: 3, lanes: 1 })
    }
  } finally {
    clearInterval(timer)
  }
  check(turns > 0, 'nothing else ran while a password was hashed')
}

async function takesBytesOnly(crypto: Crypto): Promise<void> {
  for (const value of ['00'.repeat(32), Array(32).fill(0), 32, null, new ArrayBuffer(32), { length: 32 }]) {
    const wrong = value as Uint8Array
    const what = `where bytes are due, ${typeof value} ${String(value).slice(0, 8)}`
    await rejects(() => crypto.sha256(wrong), `sha256 ${what}`)
    await rejects(() => crypto.hmacSha256(wrong, of(1)), `hmacSha256 key ${what}`)
    await rejects(() => crypto.hmacSha256(of(1), wrong), `hmacSha256 message ${what}`)
    await rejects(() => crypto.encrypt(wrong, of(12), of(1), of(0)), `seal key ${what}`)
    await rejects(() => crypto.encrypt(of(32), of(12), wrong, of(0)), `seal plaintext ${what}`)
    await rejects(() => crypto.ed25519Sign(wrong, of(1)), `ed25519Sign seed ${what}`)
    await rejects(() => crypto.ed25519Sign(of(32), wrong), `ed25519Sign message ${what}`)
    check(crypto.decrypt(of(32), of(12), wrong, of(0)) === null, `open ${what}`)
    check(!crypto.ed25519Verify(wrong, of(1), of(64)), `ed25519Verify ${what}`)
    check(crypto.p256PublicKey(wrong) === null, `p256PublicKey ${what}`)
    check(crypto.secp256k1PublicKey(wrong) === null, `secp256k1PublicKey ${what}`)
    await rejects(() => crypto.secp256k1Sign(wrong, of(32)), `secp256k1Sign scalar ${what}`)
    await rejects(() => crypto.secp256k1Sign(of(32), wrong), `secp256k1Sign digest ${what}`)
  }
}

function ownsItsResults(crypto: Crypto): void {
  const [key, nonce, text, associated] = [of(32), of(12), of(40), of(9)]
  const results = [
    crypto.sha256(text),
    crypto.hmacSha256(key, text),
    crypto.encrypt(key, nonce, text, associated),
    crypto.decrypt(key, nonce, crypto.encrypt(key, nonce, text, associated), associated),
    crypto.ed25519PublicKey(key),
    crypto.ed25519Sign(key, text),
    crypto.p256PublicKey(key),
    crypto.secp256k1PublicKey(key),
    crypto.secp256k1Sign(key, key),
  ]
  const before = results.map((result) => hex(result ?? of(0)))
  const given = [key, nonce, text, associated]
  for (const [at, argument] of given.entries()) {
    sameBytes(argument, of([32, 12, 40, 9][at] as number), 'an argument')
    argument.fill(0)
  }
  for (const [at, result] of results.entries()) {
    check(hex(result ?? of(0)) === before[at], 'a result changed with an argument')
    check(result?.constructor === Uint8Array, 'a result is not a plain Uint8Array')
  }
}

const some = (max: number) => fc.uint8Array({ maxLength: max })
const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

function agreesOnHashes(crypto: Crypto): void {
  const property = fc.property(some(150), some(300), (key, message) => {
    sameBytes(crypto.sha256(message), nobleCrypto.sha256(message), 'sha256')
    sameBytes(crypto.hmacSha256(key, message), nobleCrypto.hmacSha256(key, message), 'hmacSha256')
  })
  fc.assert(property, { numRuns: 200 })
}

function agreesOnSealing(crypto: Crypto): void {
  const property = fc.property(exactly(32), exactly(12), some(300), some(100), (key, nonce, text, associated) => {
    const sealed = crypto.encrypt(key, nonce, text, associated)
    sameBytes(sealed, nobleCrypto.encrypt(key, nonce, text, associated), 'seal')
    sameBytes(crypto.decrypt(key, nonce, sealed, associated), text, 'open')
    check(crypto.decrypt(key, nonce, flipped(sealed, text.length), associated) === null, 'opened what was changed')
  })
  fc.assert(property, { numRuns: 200 })
}

function agreesOnCurves(crypto: Crypto): void {
  const property = fc.property(exactly(32), some(300), exactly(64), (seed, message, noise) => {
    const publicKey = nobleCrypto.ed25519PublicKey(seed)
    const signature = nobleCrypto.ed25519Sign(seed, message)
    sameBytes(crypto.ed25519PublicKey(seed), publicKey, 'ed25519PublicKey')
    sameBytes(crypto.ed25519Sign(seed, message), signature, 'ed25519Sign')
    check(crypto.ed25519Verify(publicKey, message, signature), 'ed25519Verify refused a signature of noble')
    check(!crypto.ed25519Verify(publicKey, message, noise), 'ed25519Verify took noise')
    check(!crypto.ed25519Verify(noise.slice(0, 32), message, signature), 'ed25519Verify took a random key')
    const point = nobleCrypto.p256PublicKey(seed)
    check(hex(crypto.p256PublicKey(seed) ?? of(0)) === hex(point ?? of(0)), 'p256PublicKey')
  })
  fc.assert(property, { numRuns: 25 })
}

function agreesOnDigests(crypto: Crypto): void {
  const order = secp256k1.Point.Fn.ORDER
  const numbers = [0n, 1n, order / 2n, order - 1n, order, order + 1n, 2n ** 256n - 1n].map((one) =>
    bytes(one.toString(16).padStart(64, '0')),
  )
  const scalar = fc
    .oneof(exactly(32), fc.constantFrom(...numbers))
    .filter((one) => secp256k1.utils.isValidSecretKey(one))
  const property = fc.property(scalar, fc.oneof(exactly(32), fc.constantFrom(...numbers)), (key, digest) => {
    sameBytes(crypto.secp256k1PublicKey(key), nobleCrypto.secp256k1PublicKey(key) ?? of(0), 'secp256k1PublicKey')
    sameBytes(crypto.secp256k1Sign(key, digest), nobleCrypto.secp256k1Sign(key, digest), 'secp256k1Sign')
    const mixed = nobleCrypto.secp256k1Sign(key, digest, key)
    sameBytes(crypto.secp256k1Sign(key, digest, key), mixed, 'secp256k1Sign with extra input')
  })
  fc.assert(property, { numRuns: 300 })
}

/** Bytes that are easy to tell apart from zeros. */
function of(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 7 + 1) % 256)
}

function flipped(sealed: Uint8Array, bit: number): Uint8Array {
  return sealed.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16))
}
