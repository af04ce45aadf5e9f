import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { cmekRotationNotFound } from '../errors.ts'
import { cmekRotationKind } from '../records.ts'
import { CmekRotationBody, cmekRotationBody } from '../schemas.ts'

export const getCmekRotation = operation({
  name: 'cmek.getRotation',
  summary: 'Get the progress of a rotation.',
  http: {
    method: 'GET',
    path: '/v1/vaults/{vault_id}/cmek-rotate/{job_id}',
    status: 200,
    id: 'getCmekRotationJob',
    tag: 'CMEK',
  },
  effect: 'read',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: { action: 'cmek.rotation_read', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id(), job_id: fields.id() }),
  output: CmekRotationBody,
  errors: [vaultNotFound, cmekRotationNotFound],
  run: ({ unit, now }, { vault_id, job_id }) => {
    const rotation = unit.require(cmekRotationKind, job_id, cmekRotationNotFound)
    if (rotation.vaultId !== vault_id) throw cmekRotationNotFound()
    return cmekRotationBody(rotation, now)
  },
})
