import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { honeytokenNotFound } from '../errors.ts'
import { honeytokenKind } from '../records.ts'

export const deleteHoneytoken = operation({
  name: 'risk.deleteHoneytoken',
  summary: 'Make a honeytoken a usual secret again. Its value stays.',
  http: {
    method: 'DELETE',
    path: '/v1/risk/honeytokens/{honeytoken_id}',
    status: 200,
    id: 'deleteHoneytoken',
    tag: 'Risk Engine',
  },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'risk.honeytoken_delete',
    resource: 'honeytoken',
    about: ({ honeytoken_id }) => ({ id: honeytoken_id }),
  },
  input: z.object({ honeytoken_id: fields.id() }),
  output: z.object({ deleted: z.boolean() }),
  errors: [honeytokenNotFound],
  run: ({ unit }, { honeytoken_id }) => {
    unit.delete(honeytokenKind, unit.require(honeytokenKind, honeytoken_id, honeytokenNotFound))
    return { deleted: true }
  },
})
