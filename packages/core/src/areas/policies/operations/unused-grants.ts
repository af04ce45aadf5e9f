import * as z from 'zod'
import { compileGlob } from '../../../kernel/globs.ts'
import { day, rfc3339 } from '../../../kernel/time.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import type { AuditDraft } from '../../../records/index.ts'
import { type KeyGroup, type KeysFound, newestByKey } from '../../audit/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { opens } from '../access.ts'
import { metBy, type Permission, type Policy, permissions } from '../policy.ts'
import { policyKind } from '../records.ts'
import { permissionShape } from '../shapes.ts'

const daysDefault = 30
/** A call looks at no more agents, and at no more events for all of them together. */
const agentsMax = 100
const eventsMax = 50_000

const GrantBody = z.object({
  policy_id: fields.id(),
  principal_id: fields.id().describe('ID of the agent.'),
  secret_path_pattern: z.string(),
  unused: z
    .array(z.enum(permissions).meta(permissionShape))
    .describe('Permissions of the policy that the agent did not use.'),
  last_used_at: fields.shownTime().optional().describe('Time of the last use of another permission of the policy.'),
})

export const unusedGrants = operation({
  name: 'policies.unused',
  summary:
    'List the permissions that policies of a vault give to agents, and that the agents did not use. Policies that are newer than the period are not listed.',
  http: {
    method: 'GET',
    path: '/v1/vaults/{vault_id}/unused-grants',
    status: 200,
    id: 'listUnusedGrants',
    tag: 'Policies',
  },
  command: { columns: ['principal_id', 'secret_path_pattern', 'unused', 'last_used_at', 'policy_id'] },
  effect: 'read',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: { action: 'policy.unused', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({
    vault_id: fields.id(),
    days: fields.optional(fields.count(3_650, 1)).describe(`Length of the period in days. Default: ${daysDefault}.`),
  }),
  output: z.object({
    grants: z.array(GrantBody),
    since: fields
      .shownTime()
      .describe('Beginning of the period. It is never before the oldest audit event that is kept.'),
    is_partial: z
      .boolean()
      .describe(
        'True if an agent, or the vault, has more events than one call reads. Some agents may then have more grants.',
      ),
  }),
  errors: [vaultNotFound],
  run: (context, { vault_id, days = daysDefault }) => {
    const { unit, now, settings } = context
    const since = now - Math.min(days * day, settings.auditKeepMs ?? Number.POSITIVE_INFINITY)
    const old = unit.list(policyKind, 'vault', vault_id).filter((one) => opens(one, now) && one.createdAt <= since)
    const ofAgents = old.filter(({ principal }) => principal.kind === 'agent')
    const agents = [...new Set(ofAgents.map(({ principal }) => principal.id))]
    const looked = agents.slice(0, agentsMax).map((id) => ofAgents.filter(({ principal }) => principal.id === id))
    const used = newestByKey(context, {
      org: signedIn(context).org,
      askedBy: signedIn(context).id,
      groups: looked.map((policies) => usesOf(vault_id, policies)),
      from: since,
      eventsMax,
    })
    return {
      grants: looked.flatMap((policies, at) => unusedOf(policies, used[at])),
      since: rfc3339(since),
      is_partial: agents.length > agentsMax || used.some(({ isPartial }) => isPartial),
    }
  },
})

/** The events of an agent that may be uses of its policies. */
function usesOf(vault: string, policies: readonly Policy[]): KeyGroup {
  return {
    terms: { actor: policies[0]?.principal.id, vault },
    keys: new Set(policies.flatMap((policy) => policy.permissions.map((one) => keyOf(policy, one)))),
    keysOf: (draft) => usedBy(draft, policies),
  }
}

/** What one agent did not use. Nothing if not all of its events were read: an older event may be a use. */
function unusedOf(policies: readonly Policy[], used: KeysFound | undefined) {
  if (!used || used.isPartial) return []
  return policies.flatMap((policy) => {
    const times = policy.permissions.flatMap((one) => used.newest.get(keyOf(policy, one)) ?? [])
    const unused = policy.permissions.filter((one) => !used.newest.has(keyOf(policy, one)))
    if (unused.length === 0) return []
    return {
      policy_id: policy.id,
      principal_id: policy.principal.id,
      secret_path_pattern: policy.pattern,
      unused: [...unused],
      last_used_at: times.length === 0 ? undefined : rfc3339(Math.max(...times)),
    }
  })
}

function keyOf({ id }: Policy, permission: Permission): string {
  return `${id} ${permission}`
}

/** The grants that an event may rest on. The trail does not name the policy that decided, so each that allows it counts. */
function usedBy({ action, details }: AuditDraft, policies: readonly Policy[]): string[] {
  const need = needs[action]
  const { path, outcome } = details
  if (need === undefined || typeof path !== 'string' || outcome !== undefined) return []
  return policies.flatMap((policy) => {
    const met = metBy[need].find((one) => policy.permissions.includes(one))
    return met && compileGlob(policy.pattern)?.matches(path) ? [keyOf(policy, met)] : []
  })
}

/** The permission that the operation with this event needs. */
const needs: Readonly<Record<string, Permission | undefined>> = {
  'secret.read': 'read',
  'secret.list_versions': 'read',
  'secret.write': 'write',
  'secret.delete': 'delete',
  'secret.rotate': 'rotate',
  'secret.version_disable': 'rotate',
}
