import { base64url, equalBytes, fromBase64url, utf8 } from '../../kernel/bytes.ts'
import { brokenRules, passwordCharactersMin, wordList } from '../../kernel/password-rules.ts'
import { fields, type Services } from '../../operations/index.ts'
import type { Argon2Cost } from '../../ports/crypto.ts'

export const passwordBytesMax = 1_024

/** A password that a user chooses. `passwordProblem` has the rules that no schema can say. */
export function newPasswordField() {
  return fields.secretText(passwordBytesMax).meta({ minLength: passwordCharactersMin })
}

/** Returns the problem of a new password for its user, or null if it is accepted. */
export function passwordProblem(password: string): string | null {
  if (utf8(password).length > passwordBytesMax) return `must have at most ${passwordBytesMax} bytes`
  const broken = brokenRules(password)
  return broken.length === 0 ? null : `must have ${wordList(broken)}`
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
