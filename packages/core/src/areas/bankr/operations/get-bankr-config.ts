import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { bankrConfigKind } from '../records.ts'
import { ConfigBody, configBody } from '../schemas.ts'

export const getBankrConfig = operation({
  name: 'bankr.getConfig',
  summary: 'See whether the organisation has a partner key of Bankr. The key itself is never shown.',
  http: { method: 'GET', path: '/v1/org/bankr-config', status: 200, id: 'getOrgBankrConfig', tag: 'Organization' },
  command: { name: 'bankr get-config' },
  metered: false,
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'bankr_config.read', resource: 'bankr_config' },
  input: z.object({}),
  output: ConfigBody,
  errors: [],
  run: ({ unit }) => configBody(unit.get(bankrConfigKind, 'org')),
})
