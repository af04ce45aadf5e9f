import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { vaultNotFound } from '../errors.ts'
import { storesInUse } from '../key-place.ts'
import { keyStoreStatus } from '../key-stores.ts'
import { type KeyChange, keyChangeKind, vaultKeysKind } from '../records.ts'
import { vaultAt } from '../resource.ts'
import { KeyStateBody } from '../schemas.ts'

export const getVaultKey = operation({
  name: 'vaults.getKey',
  summary: 'Get the key stores of a vault, whether they are available, and how far the last change of its key is.',
  http: { method: 'GET', path: '/v1/vaults/{vault_id}/key-store', status: 200, id: 'getVaultKey', tag: 'Vaults' },
  command: {
    columns: ['key_stores', 'key_number', 'change.status', 'change.processed', 'change.total_values', 'change.error'],
  },
  effect: 'read',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: { action: 'vault.key_read', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id() }),
  output: KeyStateBody,
  errors: [vaultNotFound],
  run: (context, { vault_id }): KeyStateBody => {
    const { unit } = context
    const keys = unit.require(vaultKeysKind, vault_id, vaultNotFound)
    const change = unit.get(keyChangeKind, vault_id)
    const names = storesInUse(keys)
    const statuses = unit.waitFor(() => Promise.all(names.map((name) => keyStoreStatus(context, name))))
    const isAway = (_: string, at: number) => statuses[at] !== 'ok'
    return {
      key_stores: names.map((name, at) => ({ name, status: isAway(name, at) ? 'unavailable' : 'ok' })),
      key_number: keys.current,
      ...(change ? { change: changeBody(change, names.filter(isAway)) } : {}),
    }
  },
})

function changeBody(change: KeyChange, away: readonly string[]): NonNullable<KeyStateBody['change']> {
  const { total, processed, startedAt, completedAt } = change
  const counts = { total_values: total ?? 0, processed, started_at: rfc3339(startedAt) }
  if (completedAt !== null) return { status: 'completed', ...counts, completed_at: rfc3339(completedAt) }
  if (away.length === 0) return { status: 'running', ...counts }
  const error = `The key store is not available: ${away.join(', ')}. The change continues when it is back.`
  return { status: 'waiting', ...counts, error }
}
