import * as z from 'zod'
import { confirmField, confirmHeader, operation } from '../../../operations/index.ts'
import { FreezeBody, freezeBody } from '../freeze.ts'
import { orgFreezeKind } from '../records.ts'

export const unfreezeOrg = operation({
  name: 'guardrails.unfreezeOrg',
  summary: 'Let the agents of a frozen organisation sign again. Agents that were frozen themselves stay frozen.',
  http: {
    method: 'POST',
    path: '/v1/org/unfreeze',
    status: 200,
    id: 'unfreezeOrg',
    tag: 'Organization',
    headers: confirmHeader,
  },
  command: { name: 'org unfreeze' },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'org.unfreeze', resource: 'org' },
  confirms: { purpose: 'org.unfreeze' },
  input: z.object({ auth_confirm: confirmField() }),
  output: FreezeBody,
  errors: [],
  run: ({ unit }) => {
    const freeze = unit.get(orgFreezeKind, 'org')
    if (freeze) unit.delete(orgFreezeKind, freeze)
    return freezeBody(null)
  },
})
