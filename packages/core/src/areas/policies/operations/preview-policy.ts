import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { compileGlob } from '../../../kernel/globs.ts'
import { type Context, fields, operation, type Principal } from '../../../operations/index.ts'
import type { SecretEntry } from '../../secrets/index.ts'
import { vaultAt, vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { changedPolicy, changeFields } from '../changed-policy.ts'
import { policyNotFound } from '../errors.ts'
import { findPolicy } from '../find-policy.ts'
import { policyFrom } from '../new-policy.ts'
import { type Policy, permissions } from '../policy.ts'
import { knownAs, situation } from '../principals.ts'
import { boundedSecrets, type Reached, reachOf } from '../reach.ts'
import { checkConditions, patternField } from '../schemas.ts'

const shownMax = 100

const ChangeBody = z.object({
  permission: z.enum(permissions),
  count: fields.count(),
  paths: z.array(z.string()),
})

const input = z.object({
  vault_id: fields.id(),
  policy_id: fields.optional(fields.id()).describe('Policy to change. Without any other field, to delete.'),
  secret_path_pattern: fields.optional(patternField()).describe('Path pattern of a new policy.'),
  principal_type: fields.optional(z.enum(['user', 'agent'], 'must be user or agent')),
  principal_id: fields.optional(fields.id()).describe('ID of the user or the agent of a new policy.'),
  ...changeFields,
})

type Given = z.output<typeof input>

export const previewPolicy = operation({
  name: 'policies.preview',
  summary:
    'Show which secrets a pattern matches, and what a change of policy gives and takes away, without storing it.',
  http: {
    method: 'POST',
    path: '/v1/vaults/{vault_id}/policies/preview',
    status: 200,
    id: 'previewPolicy',
    tag: 'Policies',
  },
  effect: 'read',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: {
    action: 'policy.preview',
    resource: 'vault',
    about: ({ vault_id, policy_id, secret_path_pattern }) => ({
      id: vault_id,
      policy_id,
      pattern: secret_path_pattern,
    }),
  },
  input,
  output: z.object({
    secrets: fields.count().describe('Secrets of the vault.'),
    matches: fields.count().describe('Secrets that the pattern matches.'),
    paths: z.array(z.string()).describe('Up to 100 of these.'),
    gained: z.array(ChangeBody).describe('What the principal may do after the change and not before.'),
    lost: z.array(ChangeBody).describe('What the principal may do before the change and not after.'),
    is_partial: z.boolean().describe('True when the vault has more secrets than were looked at.'),
  }),
  errors: [vaultNotFound, policyNotFound],
  run: (context, given) => {
    checkConditions(given)
    const before = given.policy_id === undefined ? null : findPolicy(context, { ...given, policy_id: given.policy_id })
    const after = before ? changeOf(before, given) : draftOf(context, given)
    const { secrets, more } = boundedSecrets(context, given.vault_id)
    const pattern = after?.pattern ?? before?.pattern ?? given.secret_path_pattern ?? ''
    const glob = compileGlob(pattern)
    const matching = secrets.filter(({ path }) => glob?.matches(path))
    return {
      secrets: secrets.length,
      matches: matching.length,
      paths: matching.slice(0, shownMax).map(({ path }) => path),
      ...effectOf(context, given.vault_id, before, after, secrets),
      is_partial: more,
    }
  },
})

/** The policy after the change; null: it is deleted. */
function changeOf(policy: Policy, { vault_id: _, policy_id: __, ...change }: Given): Policy | null {
  const isDeleted = Object.values(change).every((value) => value === undefined)
  return isDeleted ? null : changedPolicy(policy, change)
}

/** The new policy; null while it has no principal or no permission, so that a pattern alone can be looked at. */
function draftOf(context: Context, given: Given): Policy | null {
  const { vault_id, secret_path_pattern, principal_type, principal_id, permissions } = given
  if (secret_path_pattern === undefined) throw invalidField('secret_path_pattern', 'is missing')
  if (!principal_type || !principal_id || !permissions) return null
  const principal: Principal = { kind: principal_type, id: principal_id }
  return policyFrom(context, principal, {
    vault_id,
    secret_path_pattern,
    permissions,
    effect: given.effect,
    priority: given.priority,
    conditions: given.conditions ?? undefined,
    attribute_conditions: given.attribute_conditions ?? undefined,
    expires_at: given.expires_at ?? undefined,
  })
}

/** What one principal gains and loses, asked of the rules with and without the change. */
function effectOf(
  context: Context,
  vaultId: string,
  before: Policy | null,
  after: Policy | null,
  secrets: readonly SecretEntry[],
) {
  const principal = (after ?? before)?.principal
  if (!principal) return { gained: [], lost: [] }
  const vault = context.unit.require(vaultKind, vaultId, vaultNotFound)
  const now = situation(context, vault, undefined, undefined)
  const others = (policies: readonly Policy[]) => policies.filter(({ id }) => id !== before?.id)
  const stored = knownAs(context, principal, now)
  const changed = knownAs(context, principal, now, (stored) => [...others(stored()), ...(after ? [after] : [])])
  const [was, will] = [reachOf(stored, secrets), reachOf(changed, secrets)]
  return { gained: differenceOf(will, was), lost: differenceOf(was, will) }
}

function differenceOf(one: Reached, other: Reached): z.infer<typeof ChangeBody>[] {
  return permissions.flatMap((permission) => {
    const paths = [...one[permission]].filter((path) => !other[permission].has(path))
    return paths.length === 0 ? [] : [{ permission, count: paths.length, paths: paths.slice(0, shownMax) }]
  })
}
