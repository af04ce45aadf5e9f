import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { FreezeBody, freezeBody, frozenNow, reasonField } from '../freeze.ts'
import { orgFreezeKind } from '../records.ts'

export const freezeOrg = operation({
  name: 'guardrails.freezeOrg',
  summary: 'Stop all signing of all agents of the organisation, at once and on every server.',
  http: { method: 'POST', path: '/v1/org/freeze', status: 200, id: 'freezeOrg', tag: 'Organization' },
  command: { name: 'org freeze' },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'org.freeze', resource: 'org', about: ({ reason }) => ({ reason }) },
  input: z.object({ reason: reasonField() }),
  output: FreezeBody,
  errors: [],
  run: (context, { reason }) => {
    const before = context.unit.get(orgFreezeKind, 'org')
    const freeze = before ?? { id: 'org' as const, ...frozenNow(context, reason) }
    if (!before) context.unit.put(orgFreezeKind, freeze)
    return freezeBody(freeze)
  },
})
