import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { FreezeBody, freezeBody } from '../freeze.ts'
import { orgFreezeKind } from '../records.ts'

export const getOrgFreeze = operation({
  name: 'guardrails.orgFreeze',
  summary: 'Get whether the organisation is frozen.',
  http: { method: 'GET', path: '/v1/org/freeze', status: 200, id: 'getOrgFreeze', tag: 'Organization' },
  command: { name: 'org frozen' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'org.freeze_read', resource: 'org' },
  input: z.object({}),
  output: FreezeBody,
  errors: [],
  run: ({ unit }) => freezeBody(unit.get(orgFreezeKind, 'org')),
})
