import { PawlError, type PawlHttpClient, type SecretReadError } from '@pawl/core/client'
import { parseEnv } from '@pawl/core/dotenv'
import { UsageError } from '../terminal.ts'
import { type Connection, clientAt } from './connection.ts'

/** The default path of an environment that is kept as one secret. */
export const defaultPath = 'config/env'

/** The maximum number of secrets that the server reads in one call. */
const atOnce = 100

/**
 * The secret at a path and those below it, as an environment: each under the last part of its path, as in `STRIPE_KEY`
 * for `api-keys/stripe-key`, and a bundle as what is in it. Two of one name are an error, because the choice is ambiguous.
 */
export async function environmentAt(
  place: Connection,
  vaultId: string,
  prefix: string,
): Promise<ReadonlyMap<string, string>> {
  const { secrets } = clientAt(place)
  const variables = new Map<string, string>()
  const origins = new Map<string, string>()
  let hasRead = false
  for await (const { path, type, value } of readMany(secrets, vaultId, pathsUnder(secrets, vaultId, prefix))) {
    for (const [name, text] of variablesOf(path, type, value.reveal())) {
      const other = origins.get(name)
      if (other !== undefined) throw new UsageError(`both ${other} and ${path} set ${name}. Use a narrower --prefix`)
      origins.set(name, path)
      variables.set(name, text)
    }
    hasRead = true
  }
  if (!hasRead) {
    throw new PawlError(
      'not_found',
      'secret_not_found',
      `No secret that you may read exists at or below ${prefix}.`,
      undefined,
    )
  }
  return variables
}

type Secrets = PawlHttpClient['secrets']

async function* pathsUnder(secrets: Secrets, vault_id: string, prefix: string): AsyncGenerator<string> {
  for await (const { path } of secrets.list.each({ vault_id, prefix })) if (isAtOrBelow(path, prefix)) yield path
}

/** Reads secrets, many at once. An error names the first that cannot be read. */
export async function* readMany(secrets: Secrets, vault_id: string, wanted: Iterable<string> | AsyncIterable<string>) {
  for await (const paths of inGroups(wanted)) {
    const { results } = await secrets.getMany({ vault_id, paths })
    for (const { path, secret, error } of results) {
      if (!secret) throw notRead(path, error)
      yield secret
    }
  }
}

function notRead(path: string, { code, kind, detail }: SecretReadError = unknown): PawlError {
  return new PawlError(kind as PawlError['kind'], code, `${path}: ${detail}`, undefined)
}

const unknown = { code: 'internal', kind: 'internal', detail: 'The server sent no value.' }

async function* inGroups(wanted: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string[]> {
  let group: string[] = []
  for await (const one of wanted) {
    group.push(one)
    if (group.length < atOnce) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

export function isAtOrBelow(path: string, prefix: string): boolean {
  return prefix === '' || prefix.endsWith('/')
    ? path.startsWith(prefix)
    : path === prefix || path.startsWith(`${prefix}/`)
}

function variablesOf(path: string, type: string, value: string): [string, string][] {
  if (type === 'env_bundle') return Object.entries(parseEnv(value))
  const last = path.split('/').at(-1) ?? path
  const name = last.toUpperCase().replace(/[^A-Z0-9_]/g, '_')
  return [[/^[0-9]/.test(name) ? `_${name}` : name, value]]
}
