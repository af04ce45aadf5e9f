import * as z from 'zod'
import { monthOf, rfc3339 } from '../../../kernel/time.ts'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { walk } from '../../../records/index.ts'
import { accountOf, requestsIn, tierOf } from '../../billing/index.ts'
import { type DirectoryEntry, directoryKind, orgKind, userKind } from '../../orgs/index.ts'

const usersAtOnce = 100

const UserBody = z
  .object({
    id: fields.id(),
    email: z.string(),
    display_name: z.string(),
    role: z.string(),
    auth_method: z.string(),
    org_id: fields.id(),
    org_name: z.string(),
    billing_tier: z.string(),
    created_at: fields.shownTime(),
    free_tier_override: z.int().optional(),
    is_sponsored: z.boolean(),
    current_month_requests: z.int().describe('Of the organisation.'),
  })
  .meta({ id: 'AdminUser' })

export const listUsers = operation({
  name: 'admin.listUsers',
  summary: 'List the users of all organisations. For the operator.',
  http: { method: 'GET', path: '/v1/admin/users', status: 200, id: 'adminListUsers', tag: 'Admin' },
  command: {
    name: 'admin users',
    columns: ['email', 'role', 'org_name', 'billing_tier', 'current_month_requests', 'id'],
  },
  effect: 'read',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'user.list', resource: 'user' },
  input: z.object({
    limit: fields.optional(fields.count(1_000, 1)).describe('Maximum number of users. Default: 100.'),
    offset: fields.optional(fields.count()).describe('Number of users to skip. Default: 0.'),
  }),
  output: z.object({ users: z.array(UserBody), total: z.int().describe('Number of all users.') }),
  errors: [],
  run: (context, { limit = usersAtOnce, offset = 0 }) => {
    const entries = context.unit.waitFor(() => allUsers(context))
    const shown = entries.slice(offset, offset + limit)
    const orgs = new Map([...new Set(shown.map(({ org }) => org))].map((org) => [org, orgFacts(context, org)]))
    return { users: shown.flatMap((entry) => userBody(context, entry, orgs)), total: entries.length }
  },
})

/** Of each organisation, in the order of their IDs. */
async function allUsers({ reading }: Context): Promise<readonly Pick<DirectoryEntry, 'id' | 'org'>[]> {
  const users: Pick<DirectoryEntry, 'id' | 'org'>[] = []
  for await (const { id, kind, org } of walk(() => reading(), directoryKind, 'org')) {
    if (kind === 'user') users.push({ id, org })
  }
  return users
}

function orgFacts(context: Context, org: string) {
  const { unit, now } = context
  const account = accountOf(unit, org)
  return {
    org_name: unit.get(orgKind, org)?.name ?? '',
    billing_tier: tierOf(context, account).name,
    ...(account.requestsMax !== null && { free_tier_override: account.requestsMax }),
    is_sponsored: account.isSponsored,
    current_month_requests: requestsIn(unit, org, monthOf(now)),
  }
}

function userBody(
  { unit }: Context,
  { id, org }: Pick<DirectoryEntry, 'id' | 'org'>,
  orgs: ReadonlyMap<string, ReturnType<typeof orgFacts>>,
): z.infer<typeof UserBody>[] {
  const user = unit.reading(org).get(userKind, id)
  const facts = orgs.get(org)
  // Deleted between the list and this read.
  if (!user || !facts) return []
  const { email, displayName, role, authMethod, createdAt } = user
  return [
    {
      ...{ id, email, display_name: displayName, role, auth_method: authMethod, org_id: org, ...facts },
      created_at: rfc3339(createdAt),
    },
  ]
}
