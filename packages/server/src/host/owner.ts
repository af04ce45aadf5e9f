import { randomInt } from 'node:crypto'
import { type Pawl, PawlError } from '@pawl/core'
import { type Config, settings } from './config.ts'
import { ConfigError } from './config-error.ts'
import { askControl, type ControlHandlers } from './control.ts'
import { openVault, refuseNoVault, type Vault } from './open.ts'

export interface Owner {
  readonly email: string
  /** The password, if this call made it. It exists in clear only here. */
  readonly madePassword: string | null
  /** Whether this was the first start. */
  readonly isNew: boolean
}

/** Creates the first owner, if there is none. */
export async function ensureOwner(pawl: Pawl, { ownerEmail, ownerPassword }: Config): Promise<Owner> {
  const password = ownerPassword ?? makePassword()
  const { created } = await pawl.firstOwner({ email: ownerEmail, password }).catch(named)
  return { email: ownerEmail, isNew: created, madePassword: created && ownerPassword === null ? password : null }
}

export interface NewPassword {
  readonly email: string
  readonly password: string
}

export function ownerHandlers({ pawl }: Vault): ControlHandlers {
  return { 'reset-owner-password': () => resetIn(pawl) }
}

/** Gives the first owner a new password: through the server that runs here, or directly in the vault if none runs. */
export async function resetOwnerPassword(config: Config): Promise<NewPassword> {
  const done = await askControl<NewPassword>(config.dataDir, 'reset-owner-password')
  if (done) return done
  refuseNoVault(config)
  const { pawl } = await openVault(config)
  try {
    return await resetIn(pawl)
  } finally {
    await pawl.close()
  }
}

async function resetIn(pawl: Pawl): Promise<NewPassword> {
  const password = makePassword()
  const owner = await pawl.setOwnerPassword(password)
  if (!owner) throw new ConfigError('The vault has no owner yet. The first pawl serve creates one.')
  return { ...owner, password }
}

/** Maps an error about the owner to the setting that caused it. */
function named(error: unknown): never {
  const { fields = {} } = (error instanceof PawlError ? error.data : {}) as { fields?: Record<string, string> }
  const names: Record<string, string> = { email: settings.ownerEmail.name, password: settings.ownerPassword.name }
  const problems = Object.entries(fields).map(([field, problem]) => `${names[field] ?? field} ${problem}.`)
  throw problems.length > 0 ? new ConfigError(problems.join('\n')) : error
}

const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ'
const digits = '23456789'

/**
 * About a hundred bits. Letters and digits alternate, so no random result has a repeat or a sequence. No character has a
 * meaning in a shell or in JSON.
 */
export function makePassword(below: (limit: number) => number = randomInt): string {
  const pick = (from: string) => from[below(from.length)] ?? ''
  const pairs = Array.from({ length: 12 }, () => pick(letters) + pick(digits))
  pairs[0] = pick(letters.toLowerCase()) + pick(digits)
  pairs[1] = pick(letters.slice(25)) + pick(digits)
  return [0, 3, 6, 9].map((at) => pairs.slice(at, at + 3).join('')).join('-')
}
