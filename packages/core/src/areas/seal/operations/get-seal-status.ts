import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { SealBody } from '../schemas.ts'
import { sealOf } from '../seal-of.ts'

export const getSealStatus = operation({
  name: 'seal.status',
  summary: 'Report whether the vault is sealed, and how many root shares are missing.',
  http: { method: 'GET', path: '/v1/seal', status: 200, id: 'sealStatus', tag: 'Seal' },
  effect: 'read',
  access: 'public',
  whileSealed: true,
  audit: 'none',
  input: z.object({}),
  output: SealBody,
  errors: [],
  run: (context) => context.unit.waitFor(() => sealOf(context).status()),
})
