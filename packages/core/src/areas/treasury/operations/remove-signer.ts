import * as z from 'zod'
import { denied, fields, operation } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { signerNotFound, treasuryNotFound } from '../errors.ts'
import { treasurySignerKind } from '../records.ts'
import { endSigner } from '../remove.ts'
import { treasuryRef } from '../schemas.ts'

export const removeSigner = operation({
  name: 'treasury.removeSigner',
  summary: 'Remove a signer. Its votes on proposals that are not executed end, and so does the access of an agent.',
  http: {
    method: 'DELETE',
    path: '/v1/treasury/{treasury_id}/signers/{signer_id}',
    status: 204,
    id: 'removeTreasurySigner',
    tag: 'Treasury',
  },
  command: { name: 'treasury remove-signer', positionals: ['treasury_id', 'signer_id'] },
  effect: 'write',
  access: { permission: 'manage', resource: ({ treasury_id }) => treasuryAt(treasury_id), signedIn: ['user'] },
  audit: {
    action: 'treasury.signer_remove',
    resource: 'treasury',
    about: ({ treasury_id, signer_id }) => ({ id: treasury_id, signer: signer_id }),
  },
  input: z.object({
    ...treasuryRef,
    signer_id: fields.text(64, 1).describe('ID of the signer, of its user or agent, or its address.'),
  }),
  output: z.undefined(),
  errors: [treasuryNotFound, signerNotFound, denied],
  run: ({ unit }, { treasury_id, signer_id }) => {
    const wanted = signer_id.toLowerCase()
    const signer = unit
      .list(treasurySignerKind, 'treasury', treasury_id)
      .find(({ id, principal, address }) => [id, principal?.id, address.toLowerCase()].includes(wanted))
    if (!signer) throw signerNotFound()
    endSigner(unit, signer)
    return undefined
  },
})
