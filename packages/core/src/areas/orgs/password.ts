import { base64url, equalBytes, fromBase64url, utf8 } from '../../kernel/bytes.ts'
import { fields, type Services } from '../../operations/index.ts'
import type { Argon2Cost } from '../../ports/crypto.ts'

const charactersMin = 12
export const passwordBytesMax = 1_024

/** A password that a user chooses. `passwordProblem` has the rules that no schema can say. */
export function newPasswordField() {
  return fields.secretText(passwordBytesMax).meta({ minLength: charactersMin })
}

/** Returns the problem of a new password for its user, or null if it is accepted. */
export function passwordProblem(password: string): string | null {
  if ([...password].length < charactersMin) return `must have at least ${charactersMin} characters`
  if (utf8(password).length > passwordBytesMax) return `must have at most ${passwordBytesMax} bytes`
  const classes = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}\s]/u]
  if (!classes.every((one) => one.test(password))) {
    return 'must have an upper-case letter, a lower-case letter, a digit and a symbol'
  }
  if (/(.)\1\1/u.test(password)) return 'must not repeat a character three times in a row'
  if (hasSequence(password)) return 'must not have three characters in sequence, such as abc or 321'
  return null
}

function hasSequence(password: string): boolean {
  const codes = [...password.toLowerCase()].map((char) => (/[a-z0-9]/.test(char) ? char.charCodeAt(0) : Number.NaN))
  return codes.some((code, at) => {
    const step = (codes[at + 1] ?? Number.NaN) - code
    return Math.abs(step) === 1 && (codes[at + 2] ?? Number.NaN) - (codes[at + 1] ?? Number.NaN) === step
  })
}

// argon2id$m=…,t=…,p=…$salt$hash. The hash contains its cost, so the cost can be raised and older hashes still verify.

export async function hashPassword(services: Services, password: string): Promise<string> {
  const salt = services.random.bytes(16)
  const cost = services.settings.passwordCost
  const hash = await services.crypto.argon2id(utf8(password), salt, cost)
  return formatHash(cost, salt, hash)
}

/** Takes the same time with and without a hash, so that the time does not show whether the account exists. */
export async function isPassword(services: Services, password: string, hash: string | null): Promise<boolean> {
  const parts = pattern.exec(hash ?? formatHash(services.settings.passwordCost, new Uint8Array(16), new Uint8Array(32)))
  const [memoryKib, passes, lanes] = [Number(parts?.[1]), Number(parts?.[2]), Number(parts?.[3])]
  const salt = fromBase64url(parts?.[4] ?? '') ?? new Uint8Array(0)
  const wanted = fromBase64url(parts?.[5] ?? '') ?? new Uint8Array(0)
  const found = await services.crypto.argon2id(utf8(password), salt, { memoryKib, passes, lanes })
  return equalBytes(found, wanted) && hash !== null
}

const pattern = /^argon2id\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/

function formatHash({ memoryKib, passes, lanes }: Argon2Cost, salt: Uint8Array, hash: Uint8Array): string {
  return `argon2id$m=${memoryKib},t=${passes},p=${lanes}$${base64url(salt)}$${base64url(hash)}`
}
