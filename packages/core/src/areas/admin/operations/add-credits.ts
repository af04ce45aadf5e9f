import * as z from 'zod'
import { microsOf } from '../../../kernel/usd.ts'
import { fields, forTheTrail, operation } from '../../../operations/index.ts'
import { accountOf, balanceOf, addCredits as stageCredits, usdText } from '../../billing/index.ts'
import { orgRef, requireOrg, tellOrg } from '../account.ts'
import { orgNotFound } from '../errors.ts'

const action = 'org.add_credits'
const usdMax = 100_000

export const addCredits = operation({
  name: 'admin.addCredits',
  summary: 'Give an organisation prepaid credits, without a payment. They end after twelve months. For the operator.',
  http: {
    method: 'POST',
    path: '/v1/admin/orgs/{org_id}/credits',
    status: 201,
    id: 'adminAddCredits',
    tag: 'Admin',
  },
  command: { name: 'admin add-credits', positionals: ['org_id', 'amount_usd'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action, resource: 'org', about: ({ org_id, amount_usd }) => ({ id: org_id, amount_usd }) },
  input: z.object({
    ...orgRef,
    amount_usd: fields.count(usdMax, 1).describe('US dollars, a whole number.'),
    description: fields
      .optional(fields.plainText(255, 1))
      .describe('What the ledger says. Default: Credits of the operator.'),
  }),
  output: z.object({ org_id: fields.id(), balance_usd: z.string() }),
  // A call that is sent again must not give credits again.
  idempotent: true,
  errors: [orgNotFound],
  run: (context, { org_id: id, amount_usd, description = 'Credits of the operator.' }) => {
    requireOrg(context, id)
    const { unit, now } = context
    const before = usdText(balanceOf(accountOf(unit, id), now))
    stageCredits(context, id, { micros: microsOf(amount_usd), type: 'grant', description })
    const after = usdText(balanceOf(accountOf(unit, id), now))
    forTheTrail(context, { before, after })
    tellOrg(context, id, action, { amount_usd, before, after })
    return { org_id: id, balance_usd: after }
  },
})
