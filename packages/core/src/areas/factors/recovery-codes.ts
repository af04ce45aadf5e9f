import { base32nopad } from '@scure/base'
import { base64url, equalBytes, fromBase64url, utf8 } from '../../kernel/bytes.ts'
import type { Context } from '../../operations/index.ts'
import type { Totp } from '../credentials/index.ts'

// A recovery code has 50 random bits, so it is hashed like a password. All codes of a user share one salt. So an attempt costs
// one hash, for any number of codes.

const codesCount = 8
const codeBytes = 7
const saltBytes = 16
const half = 5

export interface NewRecoveryCodes extends Pick<Totp, 'recoveryHashes' | 'recoverySalt'> {
  readonly codes: readonly string[]
}

export function newRecoveryCodes(context: Context): NewRecoveryCodes {
  const { unit } = context
  const { random } = unit
  const salt = random.bytes(saltBytes)
  const codes = Array.from({ length: codesCount }, () => shown(base32nopad.encode(random.bytes(codeBytes))))
  const recoveryHashes = unit.waitFor(() => Promise.all(codes.map((code) => hashOf(context, code, salt))))
  return { codes, recoveryHashes, recoverySalt: base64url(salt) }
}

/** The hashes that are left once this code is used. Null if it is none of them. */
export function withoutRecoveryCode(context: Context, totp: Totp, text: string): readonly string[] | null {
  const code = text.toLowerCase()
  const salt = fromBase64url(totp.recoverySalt)
  if (!salt || !/^[a-z2-7]{5}-[a-z2-7]{5}$/.test(code)) return null
  const hash = context.unit.waitFor(() => hashOf(context, code, salt))
  const left = totp.recoveryHashes.filter((one) => !equalBytes(utf8(one), utf8(hash)))
  return left.length < totp.recoveryHashes.length ? left : null
}

function shown(text: string): string {
  const code = text.toLowerCase()
  return `${code.slice(0, half)}-${code.slice(half, 2 * half)}`
}

async function hashOf({ crypto, settings }: Context, code: string, salt: Uint8Array): Promise<string> {
  return base64url(await crypto.argon2id(utf8(code), salt, settings.passwordCost))
}
