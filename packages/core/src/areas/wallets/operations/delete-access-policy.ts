import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { walletAccessKind } from '../access-records.ts'
import { accessPolicyNotFound } from '../errors.ts'

export const deleteAccessPolicy = operation({
  name: 'wallets.deleteAccessPolicy',
  summary: 'Take access to your wallets back. From then on, no payment under the policy is signed.',
  http: {
    method: 'DELETE',
    path: '/v1/treasury/wallets/access-policies/{id}',
    status: 204,
    id: 'deleteWalletAccessPolicy',
    tag: 'Wallet Access',
  },
  command: { name: 'wallet take-access' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'wallet_access.delete', resource: 'wallet_access', about: ({ id }) => ({ id }) },
  input: z.object({ id: fields.id() }),
  output: z.undefined(),
  errors: [accessPolicyNotFound],
  run: (context, { id }) => {
    const { unit, now } = context
    const access = unit.get(walletAccessKind, id)
    if (!access?.isActive || access.ownerId !== signedIn(context).id) throw accessPolicyNotFound()
    unit.put(walletAccessKind, { ...access, isActive: false, updatedAt: now })
    return undefined
  },
})
