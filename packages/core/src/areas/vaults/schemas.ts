import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { isInThree } from './custody.ts'
import { custodyThreshold } from './key-shares.ts'
import type { Vault } from './records.ts'

/** The SHA-256 of the key of a client. */
export function fingerprintField() {
  return z.string('must be a string').regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the key: 64 lowercase hex digits')
}

/** A vault in responses. */
export const VaultBody = z
  .object({
    id: fields.id(),
    name: z.string(),
    description: z.string(),
    created_by: fields.id(),
    created_by_type: z.enum(['user', 'agent']),
    created_at: fields.shownTime(),
    made_by_agent: z
      .boolean()
      .optional()
      .describe(
        'Whether a removed agent made the vault. No command and no MCP session chooses such a vault as its default.',
      ),
    cmek_enabled: z.boolean(),
    cmek_fingerprint: z.string().optional(),
    mpc_custody: z.string().optional(),
    mpc_threshold: fields.count().optional(),
    mpc_providers: z.array(z.string()).optional(),
    key_store: z
      .string()
      .optional()
      .describe('The key store of the organisation that has the wrapping key. Left out for that of the server.'),
    platform_locked: z
      .boolean()
      .optional()
      .describe('Whether a platform app made the vault. Only the user it was made for opens it.'),
  })
  .meta({ id: 'Vault' })

export type VaultBody = z.infer<typeof VaultBody>

export function vaultBody(vault: Vault): VaultBody {
  const { id, name, description, createdBy, createdAt, cmekFingerprint } = vault
  return {
    id,
    name,
    description,
    created_by: createdBy.id,
    created_by_type: createdBy.kind,
    created_at: rfc3339(createdAt),
    made_by_agent: vault.madeByAgent,
    cmek_enabled: cmekFingerprint !== undefined,
    cmek_fingerprint: cmekFingerprint,
    platform_locked: vault.connection === undefined ? undefined : true,
    ...keysBody(vault),
  }
}

/** Where the keys of a vault are, and between whom they are split. */
function keysBody(vault: Vault): Partial<VaultBody> {
  const { keyStores, isSplit } = vault
  if (isInThree(vault)) return custodyBody('2-of-3', keyStores ?? [])
  return { ...(isSplit ? custodyBody('2-of-2', ['server', 'client']) : {}), key_store: keyStores?.[0] }
}

function custodyBody(mode: string, holders: readonly string[]): Partial<VaultBody> {
  return { mpc_custody: mode, mpc_threshold: custodyThreshold, mpc_providers: [...holders] }
}

/** How many parties hold shares of the data keys, and how many of them are needed. */
export function custodyField() {
  return z.enum(['2-of-2', '2-of-3'], 'must be 2-of-2 or 2-of-3').describe('Custody of the data keys of new values.')
}

export function keyStoreField() {
  return z.string('must be a string').max(keyStoreNameMax, 'must be the name of a key store')
}

/** The three key stores of custody 2-of-3. */
export function providersField() {
  return z
    .array(keyStoreField(), 'must be a list of key stores')
    .max(8, 'must name three key stores')
    .describe('Custody 2-of-3: the three key stores. Default: those of the organisation, if there are three.')
}

const keyStoreNameMax = 64

/** The key stores of a vault, and how far the last change of its key is. */
export const KeyStateBody = z
  .object({
    key_stores: z
      .array(z.object({ name: z.string(), status: z.enum(['ok', 'unavailable']) }))
      .describe('Key stores that the vault needs: of its key, and of earlier keys until all values have the new one.'),
    key_number: fields.count(),
    change: z
      .object({
        status: z.enum(['running', 'waiting', 'completed']),
        total_values: fields.count().describe('Number of values, with older versions of secrets.'),
        processed: fields.count(),
        started_at: fields.shownTime(),
        completed_at: fields.shownTime().optional(),
        error: z.string().optional(),
      })
      .optional()
      .describe('The last change of the key. It waits while a key store is not available.'),
  })
  .meta({ id: 'VaultKeyState' })

export type KeyStateBody = z.infer<typeof KeyStateBody>
