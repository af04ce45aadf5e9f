import { PawlError, type PawlHttpClient } from '@pawl/core/client'
import { parseEnv } from '@pawl/core/dotenv'
import { UsageError } from '../terminal.ts'
import { type Connection, clientAt } from './connection.ts'

/** Where an environment is kept as one secret, unless somebody says otherwise. */
export const defaultPath = 'config/env'

const atOnce = 8

/**
 * The secret at a path and those below it, as an environment: each under the last part of its path, as in `STRIPE_KEY`
 * for `api-keys/stripe-key`, and a bundle as what is in it. Two of one name are an error: nobody could say which one counts.
 */
export async function environmentAt(
  place: Connection,
  vaultId: string,
  prefix: string,
): Promise<ReadonlyMap<string, string>> {
  const { secrets: here } = clientAt(place)
  const { secrets } = await here.list({ vault_id: vaultId, prefix })
  const paths = secrets.map(({ path }) => path).filter((path) => isAtOrBelow(path, prefix))
  if (paths.length === 0) {
    throw new PawlError(
      'not_found',
      'secret_not_found',
      `No secret that you may read exists at or below ${prefix}.`,
      undefined,
    )
  }
  const variables = new Map<string, string>()
  const origins = new Map<string, string>()
  for (let at = 0; at < paths.length; at += atOnce) {
    const read = await Promise.all(paths.slice(at, at + atOnce).map((path) => readAt(here, vaultId, path)))
    for (const { path, type, value } of read) {
      for (const [name, text] of variablesOf(path, type, value.reveal())) {
        const other = origins.get(name)
        if (other !== undefined) throw new UsageError(`both ${other} and ${path} set ${name}. Use a narrower --prefix`)
        origins.set(name, path)
        variables.set(name, text)
      }
    }
  }
  return variables
}

/** Reads a secret. Of many, an error names the one that cannot be read. */
export async function readAt(secrets: PawlHttpClient['secrets'], vault_id: string, path: string) {
  try {
    return await secrets.get({ vault_id, path })
  } catch (error) {
    if (!(error instanceof PawlError) || error.kind === 'unavailable') throw error
    throw new PawlError(error.kind, error.code, `${path}: ${error.message}`, error.data)
  }
}

function isAtOrBelow(path: string, prefix: string): boolean {
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
