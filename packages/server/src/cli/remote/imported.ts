import { type Env, readEnv } from '@pawl/core/dotenv'
import { type Terminal, UsageError } from '../terminal.ts'

/** A secret from another tool. */
export interface Imported {
  readonly path: string
  readonly value: string
  readonly type?: string
}

type Fields = Readonly<Record<string, unknown>>

/** The secrets of a file: a list of secrets, the output of HashiCorp Vault, nested JSON, or lines of NAME=value. */
export function importedFrom(text: string, file: string, terminal: Terminal): Imported[] {
  const json = /^\s*[[{]/.test(text) ? parsed(text) : null
  if (json === null) return Object.entries(envOf(text, file, terminal)).map(([path, value]) => ({ path, value }))
  const list = Array.isArray(json) ? json : isFields(json) && Array.isArray(json.secrets) ? json.secrets : null
  return list ? list.map(listed) : below('', json)
}

/** The variables of an .env file. Refuses a file with other lines, because their values would be lost. */
export function envOf(text: string, file: string, terminal: Terminal): Env {
  const { env, repeated, unreadable } = readEnv(text)
  // The text of the line can be a secret.
  if (unreadable.length > 0)
    throw new UsageError(`line ${unreadable[0]} of ${file} is not a comment and not NAME=value. Nothing is stored`)
  for (const name of repeated) terminal.error(`pawl: ${file} has ${name} more than once. The last value counts.`)
  return env
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError('the file begins like JSON but is not valid JSON')
  }
}

/** A secret in the output format of Pawl and 1Claw, alone or in a list. */
function listed(entry: unknown): Imported {
  const { path, value, type } = isFields(entry) ? entry : ({} as Fields)
  if (typeof path !== 'string') throw new UsageError('an entry of the list has no path')
  // A list without values is only for reading: 1Claw exports accounts in this form.
  if (typeof value !== 'string')
    throw new UsageError(`${path} has no value. The file is a list of secrets, not an export with values`)
  return { path, value, ...(typeof type === 'string' ? { type } : {}) }
}

/** Nested names become segments of the path. */
function below(path: string, held: unknown): Imported[] {
  if (held === null || held === undefined) return []
  if (!isFields(held)) return [{ path, value: typeof held === 'object' ? JSON.stringify(held) : String(held) }]
  const fields = ofVault(held) ?? held
  return Object.entries(fields).flatMap(([name, one]) => below(path === '' ? name : `${path}/${name}`, one))
}

/** The fields of a secret in the output of `vault kv get -format=json`, for both versions of the KV engine. */
function ofVault({ data, request_id, lease_id }: Fields): Fields | null {
  if (request_id === undefined && lease_id === undefined) return null
  if (!isFields(data)) return null
  return isFields(data.data) && 'metadata' in data ? data.data : data
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
