import * as z from 'zod'
import { fields, operation, type Principal, principalOf, signedIn } from '../../../operations/index.ts'
import { governs, vaultKind } from '../../vaults/index.ts'
import { knownAs, situation } from '../principals.ts'
import { boundedSecrets, reachOf } from '../reach.ts'
import { policyKind } from '../records.ts'

const vaultsMax = 100
const shownMax = 50

const ReadableBody = z.object({
  vault_id: fields.id(),
  name: z.string(),
  secrets: fields.count().describe('Secrets of the vault.'),
  readable: fields.count().describe('Secrets that the principal may read.'),
  paths: z.array(z.string()).describe('Up to 50 of these.'),
  because: z.string().optional().describe('Why the principal has no access at all.'),
})

export const listReadable = operation({
  name: 'policies.readable',
  summary: 'List what a user or an agent can read, in the vaults that the caller manages.',
  http: { method: 'POST', path: '/v1/policies/readable', status: 200, id: 'listReadable', tag: 'Policies' },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: {
    action: 'policy.readable',
    resource: 'policy',
    about: ({ principal_type, principal_id }) => ({ principal: `${principal_type}:${principal_id}` }),
  },
  input: z.object({
    principal_type: z.enum(['user', 'agent'], 'must be user or agent').describe('Whether it is a user or an agent.'),
    principal_id: fields.id().describe('ID of the user or the agent.'),
  }),
  output: z.object({ vaults: z.array(ReadableBody), is_partial: z.boolean() }),
  errors: [],
  run: (context, { principal_type, principal_id }) => {
    const { unit } = context
    const principal: Principal = { kind: principal_type, id: principal_id }
    const self = principalOf(signedIn(context))
    const isSelf = self.kind === principal.kind && self.id === principal.id
    const named = unit.list(policyKind, 'principal', principal.kind, principal.id).map(({ vaultId }) => vaultId)
    const own = unit.list(vaultKind, 'creator', principal.kind, principal.id).map(({ id }) => id)
    const open = [...new Set([...own, ...named])].filter((id) => isSelf || governs(context, id))
    const found = open.slice(0, vaultsMax).flatMap((id) => unit.get(vaultKind, id) ?? [])
    const read = found.map((vault) => ({
      vault,
      known: knownAs(context, principal, situation(context, vault, undefined, undefined)),
      all: boundedSecrets(context, vault.id),
    }))
    const vaults = read.map(({ vault, known, all: { secrets } }) => {
      const readable = [...reachOf(known, secrets).read]
      return {
        vault_id: vault.id,
        name: vault.name,
        secrets: isSelf && !governs(context, vault.id) ? readable.length : secrets.length,
        readable: readable.length,
        paths: readable.slice(0, shownMax),
        because: typeof known === 'string' ? known : undefined,
      }
    })
    return { vaults, is_partial: open.length > vaultsMax || read.some(({ all }) => all.more) }
  },
})
