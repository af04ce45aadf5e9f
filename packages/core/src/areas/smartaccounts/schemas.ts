import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { SmartAccount } from './records.ts'

/** One account in the field `smart_accounts` of an agent. */
export const SmartAccountBody = z
  .object({
    id: fields.id(),
    chain: z.string(),
    chain_id: z.int(),
    safe_address: z.string(),
    nonce: z.string().optional(),
    init_data: fields.shownObject().optional(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'AgentSmartAccount' })

export function smartAccountBody(one: SmartAccount): z.infer<typeof SmartAccountBody> {
  const { id, chain, chainId, safeAddress, nonce, initData, createdAt } = one
  return {
    ...{ id, chain, chain_id: chainId, safe_address: safeAddress },
    ...(nonce !== null && { nonce }),
    ...(initData !== null && { init_data: { ...initData } }),
    created_at: rfc3339(createdAt),
  }
}
