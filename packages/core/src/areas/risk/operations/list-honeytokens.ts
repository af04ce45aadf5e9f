import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { honeytokenKind } from '../records.ts'
import { HoneytokenBody, honeytokenBody } from '../schemas.ts'

export const listHoneytokens = operation({
  name: 'risk.honeytokens',
  summary: 'List the honeytokens of your organisation, and how often each was read.',
  http: { method: 'GET', path: '/v1/risk/honeytokens', status: 200, id: 'listHoneytokens', tag: 'Risk Engine' },
  command: { columns: ['id', 'secret_path', 'triggered_count', 'last_triggered_at', 'notes'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'risk.honeytoken_list', resource: 'honeytoken' },
  input: z.object({}),
  output: z.object({ honeytokens: z.array(HoneytokenBody) }).meta({ id: 'HoneytokenListResponse' }),
  errors: [],
  run: ({ unit }) => {
    const tokens = unit.list(honeytokenKind, 'created')
    return { honeytokens: tokens.map((token) => honeytokenBody(unit.org ?? '', token)) }
  },
})
