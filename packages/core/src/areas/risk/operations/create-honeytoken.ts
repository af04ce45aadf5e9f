import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { pathField } from '../../secrets/index.ts'
import { isSystemVault, vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { honeytokenExists, tooManyHoneytokens } from '../errors.ts'
import { type Honeytoken, honeytokenKind } from '../records.ts'
import { HoneytokenBody, honeytokenBody } from '../schemas.ts'

const honeytokensMax = 1_000

export const createHoneytoken = operation({
  name: 'risk.createHoneytoken',
  summary:
    'Make a path a honeytoken. A caller who reads its value gets it, and cannot sign in again until it is cleared.',
  http: { method: 'POST', path: '/v1/risk/honeytokens', status: 201, id: 'createHoneytoken', tag: 'Risk Engine' },
  command: { positionals: ['secret_path'], columns: ['honeytoken.id', 'honeytoken.secret_path'] },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'risk.honeytoken_create',
    resource: 'honeytoken',
    about: ({ vault_id, secret_path: path }, made) => ({ id: made?.honeytoken.id, vault_id, path }),
  },
  input: z.object({
    vault_id: fields.id(),
    secret_path: pathField().describe('Path of the secret. The secret can be created later.'),
    notes: fields.optional(fields.plainText(1_000)).describe('Note for the people of your organisation.'),
  }),
  output: z.object({ honeytoken: HoneytokenBody }),
  errors: [vaultNotFound, honeytokenExists, tooManyHoneytokens],
  run: (context, { vault_id: vaultId, secret_path: path, notes = '' }) => {
    const { unit, now, newId } = context
    if (isSystemVault(unit.require(vaultKind, vaultId, vaultNotFound))) throw vaultNotFound()
    if (unit.find(honeytokenKind, 'place', vaultId, path)) throw honeytokenExists()
    if (unit.list(honeytokenKind, 'created').length >= honeytokensMax) throw tooManyHoneytokens({ max: honeytokensMax })
    const token: Honeytoken = {
      ...{ id: newId(), vaultId, path, notes, createdBy: signedIn(context).id, createdAt: now },
      ...{ triggeredCount: 0, lastTriggeredAt: null },
    }
    unit.put(honeytokenKind, token)
    return { honeytoken: honeytokenBody(unit.org ?? '', token) }
  },
})
