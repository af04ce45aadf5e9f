import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { Vault } from './records.ts'

/** A vault in responses. */
export const VaultBody = z
  .object({
    id: fields.id(),
    name: z.string(),
    description: z.string(),
    created_by: fields.id(),
    created_by_type: z.enum(['user', 'agent']),
    created_at: fields.shownTime(),
    cmek_enabled: z.boolean(),
    cmek_fingerprint: z.string().optional(),
    mpc_custody: z.string().optional(),
    mpc_threshold: fields.count().optional(),
    mpc_providers: z.array(z.string()).optional(),
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
    cmek_enabled: cmekFingerprint !== undefined,
    cmek_fingerprint: cmekFingerprint,
    ...(vault.isSplit ? { mpc_custody: '2-of-2', mpc_threshold: 2, mpc_providers: ['server', 'client'] } : {}),
  }
}

/** Who holds the shares of the data keys. */
export function custodyField() {
  return z.enum(['2-of-2', '2-of-3'], 'must be 2-of-2 or 2-of-3').describe('Custody of the data keys of new values.')
}
