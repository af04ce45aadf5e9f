import * as z from 'zod'
import { denied, fields, operation } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { signerExists, treasuryFull, treasuryNotFound } from '../errors.ts'
import { treasuryKind } from '../records.ts'
import { addressField, SignerBody, signerBody, treasuryRef } from '../schemas.ts'
import { addSigner as stageSigner } from '../signers.ts'

export const addSigner = operation({
  name: 'treasury.addSigner',
  summary: 'Add an owner of the Safe to the signers. The contract itself learns of owners only by a transaction.',
  http: {
    method: 'POST',
    path: '/v1/treasury/{treasury_id}/signers',
    status: 201,
    id: 'addTreasurySigner',
    tag: 'Treasury',
  },
  command: { name: 'treasury add-signer', positionals: ['treasury_id', 'signer_address'] },
  effect: 'write',
  access: { permission: 'manage', resource: ({ treasury_id }) => treasuryAt(treasury_id), signedIn: ['user'] },
  audit: {
    action: 'treasury.signer_add',
    resource: 'treasury',
    about: ({ treasury_id }, made) => ({
      ...{ id: treasury_id, signer: made?.id, signer_type: made?.signer_type, signer_id: made?.signer_id },
      signer_address: made?.signer_address,
    }),
  },
  input: z.object({
    ...treasuryRef,
    signer_type: fields.optional(z.enum(['user', 'agent'], 'must be user or agent')),
    signer_id: fields
      .optional(fields.id())
      .describe('User or agent. Default: the agent with this address, else unknown.'),
    signer_address: fields
      .optional(addressField())
      .describe('Default: the address of the signing key of the agent, or of the wallet of the user.'),
  }),
  output: SignerBody,
  errors: [treasuryNotFound, signerExists, treasuryFull, denied],
  run: (context, { treasury_id, ...wanted }) =>
    signerBody(stageSigner(context, context.unit.require(treasuryKind, treasury_id, treasuryNotFound), wanted)),
})
