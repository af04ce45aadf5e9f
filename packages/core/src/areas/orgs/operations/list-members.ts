import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { userKind } from '../records.ts'
import { MemberBody, memberBody } from '../schemas.ts'

export const listMembers = operation({
  name: 'orgs.listMembers',
  summary: 'List the members of your organisation.',
  http: { method: 'GET', path: '/v1/org/members', status: 200, id: 'listOrgMembers', tag: 'Organization' },
  command: { name: 'org members', columns: ['email', 'role', 'id'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'member.list', resource: 'member' },
  input: z.object({}),
  output: z.object({ members: z.array(MemberBody) }),
  errors: [],
  run: ({ unit }) => ({ members: unit.list(userKind, 'created').map(memberBody) }),
})
