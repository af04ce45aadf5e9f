import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, operation, serviceNotConfigured } from '../../../operations/index.ts'
import { requireService } from '../../wallets/index.ts'
import { endAllJob } from '../end.ts'
import { bankrConfigKind } from '../records.ts'
import { ConfigBody, configBody, walletIdField } from '../schemas.ts'

const keyBytesMax = 512

export const setBankrConfig = operation({
  name: 'bankr.setConfig',
  summary: 'Set the partner key of Bankr for the organisation. Another key ends all leases of the one before.',
  http: { method: 'PUT', path: '/v1/org/bankr-config', status: 200, id: 'upsertOrgBankrConfig', tag: 'Organization' },
  command: { name: 'bankr set-config' },
  metered: false,
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'bankr_config.update', resource: 'bankr_config' },
  input: z.object({
    partner_key: fields.secretText(keyBytesMax).describe('Partner key of Bankr. It begins with bk_ptr_.'),
    default_wallet_id: fields.optional(walletIdField()).describe('Wallet of leases that name none.'),
  }),
  output: ConfigBody,
  errors: [serviceNotConfigured],
  run: (context, { partner_key, default_wallet_id }) => {
    const { unit, jobs, now } = context
    requireService(context, 'bankr')
    const partnerKey = partner_key.reveal()
    if (!/^bk_ptr_[\x21-\x7e]+$/.test(partnerKey)) throw invalidField('partner_key', 'must begin with bk_ptr_')
    const before = unit.get(bankrConfigKind, 'org')
    if (before && before.partnerKey !== partnerKey) {
      context.waitForJob(jobs.stage(unit, endAllJob, { org: unit.org ?? '', partnerKey: before.partnerKey }))
    }
    const config = { id: 'org' as const, partnerKey, defaultWalletId: default_wallet_id ?? null, updatedAt: now }
    unit.put(bankrConfigKind, config)
    return configBody(config)
  },
})
