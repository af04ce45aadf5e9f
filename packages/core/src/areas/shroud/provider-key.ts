import { PawlError } from '../../kernel/errors.ts'
import type { Secret } from '../../kernel/secret.ts'
import { auditEvent, type Context, visible } from '../../operations/index.ts'
import { currentVersion, findSecret, readValue, type SecretEntry, secretAt, secretKind } from '../secrets/index.ts'
import { namesOf } from './providers.ts'

// The key of a provider: given with the request, or read from a vault as the agent, like any other read of a secret.

const reference = /^vault:\/\/([0-9a-f-]{36})\/(.+)$/

/** The key for a provider, or null. A key that the agent may not read counts as missing. */
export function providerKey(context: Context, provider: string, given: Secret<string> | null): Secret<string> | null {
  if (given === null) return storedKey(context, provider)
  const [, vaultId, path] = reference.exec(given.reveal()) ?? []
  if (vaultId === undefined || path === undefined) return given.reveal().startsWith('vault://') ? null : given
  return readAs(context, vaultId, path)
}

function storedKey(context: Context, provider: string): Secret<string> | null {
  for (const vaultId of visible(context, 'vault')) {
    for (const name of namesOf(provider)) {
      const path = `providers/${name}/api-key`
      const secret = context.unit.find(secretKind, 'path', vaultId, path)
      const key = secret && isThere(secret) ? readAs(context, vaultId, path) : null
      if (key) return key
    }
  }
  return null
}

function isThere({ deletedAt, current }: SecretEntry): boolean {
  return deletedAt === null && current !== null
}

const unreadable: readonly string[] = ['denied', 'not_found', 'gone', 'invalid']

function readAs(context: Context, vaultId: string, path: string): Secret<string> | null {
  try {
    secretAt(vaultId, path).authorize(context, 'read')
    const secret = findSecret(context, vaultId, path)
    const version = currentVersion(context, secret)
    const value = readValue(context, secret, version)
    const details = { vault_id: vaultId, path, version: version.number, by: 'shroud' }
    context.unit.audit(
      auditEvent(context, { action: 'secret.read', resource: { type: 'secret', id: secret.id }, details }),
    )
    return value
  } catch (error) {
    if (error instanceof PawlError && unreadable.includes(error.kind)) return null
    throw error
  }
}
