import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { endAllJob } from '../end.ts'
import { bankrConfigNotFound } from '../errors.ts'
import { bankrConfigKind } from '../records.ts'

export const deleteBankrConfig = operation({
  name: 'bankr.deleteConfig',
  summary: 'Delete the partner key of Bankr. All leases of the organisation end.',
  http: {
    method: 'DELETE',
    path: '/v1/org/bankr-config',
    status: 204,
    id: 'deleteOrgBankrConfig',
    tag: 'Organization',
  },
  command: { name: 'bankr delete-config' },
  metered: false,
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'bankr_config.delete', resource: 'bankr_config' },
  input: z.object({}),
  output: z.undefined(),
  errors: [bankrConfigNotFound],
  run: (context) => {
    const { unit, jobs } = context
    const config = unit.require(bankrConfigKind, 'org', bankrConfigNotFound)
    unit.delete(bankrConfigKind, config)
    context.waitForJob(jobs.stage(unit, endAllJob, { org: unit.org ?? '', partnerKey: config.partnerKey }))
    return undefined
  },
})
