import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import { base32nopad } from '@scure/base'
import { equalBytes, utf8 } from '../../kernel/bytes.ts'
import { second } from '../../kernel/time.ts'
import type { Unit } from '../../records/index.ts'

// Time-based one-time passwords (RFC 6238) as every authenticator app makes them: SHA-1, six digits, steps of 30 seconds.
// SHA-1 is weak against collisions, which do not matter for an HMAC.

const stepMs = 30 * second
const digits = 6
/** Steps before and after the current one whose codes are accepted, because clocks differ. */
const drift = 1
/** RFC 4226 recommends 160 bits. */
const secretBytes = 20

/** The code of a time step. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = new Uint8Array(8)
  new DataView(counter.buffer).setBigUint64(0, BigInt(step))
  const mac = hmac(sha1, secret, counter)
  const at = (mac[mac.length - 1] ?? 0) & 0x0f
  const number = new DataView(mac.buffer, mac.byteOffset).getUint32(at) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

function stepAt(now: number): number {
  return Math.floor(now / stepMs)
}

/**
 * The step that a code belongs to. Null if it belongs to none that is accepted now. A step is accepted once, so a code
 * that was seen on its way is worth nothing (B14).
 */
export function acceptedStep(secret: string, code: string, now: number, lastStep: number): number | null {
  if (!/^[0-9]{6}$/.test(code)) return null
  const key = base32nopad.decode(secret)
  const current = stepAt(now)
  const steps = Array.from({ length: 2 * drift + 1 }, (_, index) => current - drift + index)
  const matching = steps.filter((step) => equalBytes(utf8(totpCode(key, step)), utf8(code)))
  return matching.find((step) => step > lastStep) ?? null
}

/** What an authenticator app reads from a QR code. */
export function otpauthUri(secret: string, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=30`
}

/** A new secret, in the base32 that people type into their app. */
export function newTotpSecret({ random }: Pick<Unit, 'random'>): string {
  return base32nopad.encode(random.bytes(secretBytes))
}
