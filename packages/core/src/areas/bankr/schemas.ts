import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { BankrConfig } from './records.ts'

export const ConfigBody = z
  .object({
    configured: z.boolean(),
    partner_key_prefix: z.string().optional(),
    default_wallet_id: z.string().optional(),
    updated_at: fields.shownTime().optional(),
    using_platform_fallback: z.boolean().describe('Always false: each organisation uses its own partner key.'),
  })
  .meta({ id: 'BankrConfigResponse' })

const prefixCharacters = 'bk_ptr_'.length + 4

export function configBody(config: BankrConfig | null): z.infer<typeof ConfigBody> {
  if (!config) return { configured: false, using_platform_fallback: false }
  return {
    configured: true,
    partner_key_prefix: config.partnerKey.slice(0, prefixCharacters),
    ...(config.defaultWalletId !== null && { default_wallet_id: config.defaultWalletId }),
    updated_at: rfc3339(config.updatedAt),
    using_platform_fallback: false,
  }
}

/** The ID of a wallet at Bankr. */
export function walletIdField() {
  return fields.text(128, 1).regex(/^wlt_[A-Za-z0-9_-]+$/, 'must begin with wlt_')
}
