import * as z from 'zod'
import { sharesMax } from '../../crypto/root-shares.ts'
import { fields } from '../../operations/index.ts'

export const SealBody = z
  .object({
    sealed: z.boolean(),
    threshold: fields.count(sharesMax).nullable(),
    shares: fields.count(sharesMax).nullable(),
    progress: fields.count(sharesMax),
  })
  .meta({ id: 'SealStatus' })
