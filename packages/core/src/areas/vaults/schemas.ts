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
  })
  .meta({ id: 'Vault' })

export type VaultBody = z.infer<typeof VaultBody>

export function vaultBody({ id, name, description, createdBy, createdAt }: Vault): VaultBody {
  return {
    id,
    name,
    description,
    created_by: createdBy.id,
    created_by_type: createdBy.kind,
    created_at: rfc3339(createdAt),
    cmek_enabled: false,
  }
}
