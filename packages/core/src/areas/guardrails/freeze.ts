import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields, signedIn } from '../../operations/index.ts'
import type { Frozen } from './ledger.ts'

/** Who stops signing, and why. */
export function frozenNow(context: Context, reason: string | undefined): Frozen {
  return { at: context.now, by: signedIn(context).id, reason: reason ?? '' }
}

export const reasonField = () => fields.optional(fields.plainText(500)).describe('Why, in your own words.')

export const FreezeBody = z
  .object({
    frozen: z.boolean().describe('Whether nothing is signed.'),
    frozen_at: fields.shownTime().optional(),
    frozen_by: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Freeze' })

export function freezeBody(frozen: Frozen | null): z.infer<typeof FreezeBody> {
  if (!frozen) return { frozen: false }
  const { at, by, reason } = frozen
  return { frozen: true, frozen_at: rfc3339(at), frozen_by: by, ...(reason !== '' && { reason }) }
}
