import * as z from 'zod'
import { AfterCommit, actorOf, fields, operation } from '../../../operations/index.ts'
import { shareRefused } from '../errors.ts'
import { SealBody } from '../schemas.ts'
import { sealOf } from '../seal-of.ts'

const shareBytesMax = 256

/**
 * The engine stores the audit event after the vault is open, because a sealed vault has no trail. An open vault ignores the
 * share, and answers that it is open.
 */
export const unsealVault = operation({
  name: 'seal.unseal',
  summary: 'Enter one share of the root key. The last required share opens the vault.',
  http: { method: 'POST', path: '/v1/unseal', status: 200, id: 'unseal', tag: 'Seal' },
  command: null,
  effect: 'write',
  access: 'public',
  limits: [{ per: 'credential', field: 'share', by: 'person' }],
  whileSealed: true,
  audit: 'none',
  input: z.object({ share: fields.secretText(shareBytesMax) }),
  output: SealBody,
  errors: [shareRefused],
  run: (context, { share }) => new AfterCommit({}, () => sealOf(context).offer(share, actorOf(context).ip)),
})
