import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { walletAccessKind } from '../access-records.ts'
import { WalletAccessBody, walletAccessBody } from '../access-schemas.ts'

export const listAccessPolicies = operation({
  name: 'wallets.listAccessPolicies',
  summary: 'List who can use your wallets, and the policies that name you.',
  http: {
    method: 'GET',
    path: '/v1/treasury/wallets/access-policies',
    status: 200,
    id: 'listWalletAccessPolicies',
    tag: 'Wallet Access',
  },
  command: { name: 'wallet access', columns: ['id', 'scope_type', 'principal_type', 'principal_id'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'wallet_access.list', resource: 'wallet_access' },
  input: z.object({
    scope_type: fields.optional(z.enum(['wallet', 'org', 'platform_app'])).describe('Only policies of this scope.'),
    scope_id: fields.optional(fields.id()).describe('Only policies for this wallet.'),
  }),
  output: z.object({ policies: z.array(WalletAccessBody) }),
  errors: [],
  run: (context, { scope_type, scope_id }) => {
    const { id, org } = signedIn(context)
    const all = [
      ...context.unit.list(walletAccessKind, 'owner', id),
      ...context.unit.list(walletAccessKind, 'principal', id),
    ]
    const shown = all.filter(({ isActive }) => isActive).map((one) => walletAccessBody(one, org))
    const isWanted = (one: (typeof shown)[number]) =>
      (scope_type === undefined || one.scope_type === scope_type) &&
      (scope_id === undefined || one.scope_id === scope_id)
    return { policies: shown.filter(isWanted) }
  },
})
