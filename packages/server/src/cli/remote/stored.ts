import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '../../host/config-error.ts'
import type { Environment } from '../../host/index.ts'
import { writeSecretFile } from './secret-file.ts'

// What the CLI stores for its user: files that only this user can read.

/** A login: the user and the server. */
export interface Login {
  readonly url: string
  readonly who: string
  readonly key: string
  /** The ID of the key, if the sign-in made it for this machine. Signing out then revokes it. */
  readonly keyId?: string
}

/** Settings by the names that users type. */
export interface Preferences {
  readonly 'api-url'?: string
  readonly 'output-format'?: string
  readonly 'default-vault'?: string
  /** Vaults by the folder that uses them. */
  readonly links?: Readonly<Record<string, string>>
}

/** Each entry has its own file, so that access to one does not give access to the other. */
interface Kept {
  readonly login: Login
  readonly config: Preferences
}

export function readKept<Name extends keyof Kept>(env: Environment, name: Name): Kept[Name] | null {
  const path = fileOf(env, name)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return null
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw new ConfigError(`Other users can read ${path}, so Pawl does not use it. Run: chmod 600 ${path}`)
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new ConfigError(`${path} is damaged. Remove it and sign in again.`)
  }
}

/** Replaces the file atomically. */
export function keep<Name extends keyof Kept>(env: Environment, name: Name, value: Kept[Name]): void {
  mkdirSync(folderOf(env), { recursive: true, mode: 0o700 })
  writeSecretFile(fileOf(env, name), `${JSON.stringify(value, null, 2)}\n`, true)
}

export function forget(env: Environment, name: keyof Kept): void {
  rmSync(fileOf(env, name), { force: true })
}

function fileOf(env: Environment, name: keyof Kept): string {
  return join(folderOf(env), `${name}.json`)
}

function folderOf({ PAWL_CONFIG_DIR: own, XDG_CONFIG_HOME: shared, HOME: home = homedir() }: Environment): string {
  return own ?? join(shared || join(home, '.config'), 'pawl')
}
