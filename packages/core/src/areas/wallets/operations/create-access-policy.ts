import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { uuidPattern } from '../../../kernel/ids.ts'
import { agentFields, type Context, fields, operation, signedIn } from '../../../operations/index.ts'
import { userKind } from '../../orgs/index.ts'
import { type WalletAccess, walletAccessKind, walletPermissions } from '../access-records.ts'
import { WalletAccessBody, walletAccessBody } from '../access-schemas.ts'
import { accessPoliciesFull } from '../errors.ts'
import { walletKind } from '../records.ts'

const policiesMax = 100
const { chainName, decimal } = agentFields

const flag = (what: string) => fields.optional(z.boolean('must be true or false')).describe(what)

const CreateInput = z.object({
  scope_type: z
    .enum(['wallet', 'org'], 'must be wallet or org')
    .describe('wallet: one of your wallets. org: all your wallets in this organisation.'),
  scope_id: fields.optional(fields.id()).describe('ID of the wallet, for the scope wallet.'),
  principal_type: z
    .enum(['user', 'role'], 'must be user or role. Agents and apps cannot use the wallets of people')
    .describe('Who gets access.'),
  principal_id: fields.text(64, 1).describe('ID of the user, or owner, admin or member.'),
  can_sign: flag('Must be false: no operation signs other things than payments with the wallet of a person.'),
  can_view_balance: flag('Default: true.'),
  can_export: flag('Default: false.'),
  can_send: flag('Default: false.'),
  can_swap: flag('Default: false.'),
  allowed_chains: fields
    .optional(z.array(chainName(), 'must be a list').max(100, 'must have at most 100 entries'))
    .describe('Only on these chains. Default: any.'),
  max_value_per_tx_eth: fields.optional(decimal()).describe('Maximum value of one transaction. Default: any.'),
  daily_limit_eth: fields
    .optional(decimal())
    .describe(
      'Maximum of all that the wallets of the owner pay in 24 hours, in the currency of the chain. Default: any.',
    ),
  conditions: fields.optional(fields.freeObject()).describe('Must be empty. The contract reserves it.'),
  expires_at: fields.optional(fields.time()).describe('Default: never.'),
})

type CreateInput = z.output<typeof CreateInput>

export const createAccessPolicy = operation({
  name: 'wallets.createAccessPolicy',
  summary:
    'Let another person of your organisation use your wallets, within limits. They prove who they are themselves.',
  http: {
    method: 'POST',
    path: '/v1/treasury/wallets/access-policies',
    status: 201,
    id: 'createWalletAccessPolicy',
    tag: 'Wallet Access',
  },
  command: { name: 'wallet give-access' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'wallet_access.create',
    resource: 'wallet_access',
    about: ({ principal_type, principal_id }, output) => ({
      principal_type,
      principal_id,
      ...(output && { id: output.id }),
    }),
  },
  input: CreateInput,
  output: WalletAccessBody,
  errors: [accessPoliciesFull],
  run: (context, input) => {
    const { unit, newId, now } = context
    const { id: ownerId, org } = signedIn(context)
    if (unit.list(walletAccessKind, 'owner', ownerId).filter(({ isActive }) => isActive).length >= policiesMax)
      throw accessPoliciesFull({ max: policiesMax })
    if (Object.keys(input.conditions ?? {}).length > 0) throw invalidField('conditions', 'must be empty')
    if (input.can_sign) throw invalidField('can_sign', 'must be false. can_send allows payments')
    const access: WalletAccess = {
      ...{ id: newId(), ownerId, walletId: scopeOf(context, input), principal: principalIn(context, input) },
      permissions: walletPermissions.filter((one) => input[`can_${one}`] ?? one === 'view_balance'),
      chains: [...new Set(input.allowed_chains)],
      ...{ maxValuePerTx: input.max_value_per_tx_eth ?? null, dailyLimit: input.daily_limit_eth ?? null },
      ...{ isActive: true, expiresAt: input.expires_at ?? null, createdAt: now, updatedAt: now },
    }
    unit.put(walletAccessKind, access)
    return walletAccessBody(access, org)
  },
})

/** Only the owner of a wallet can give access to it, in any role. So admins cannot reach the money of other people. */
function scopeOf(context: Context, { scope_type, scope_id }: CreateInput): string | null {
  if (scope_type === 'org') {
    if (scope_id !== undefined) throw invalidField('scope_id', 'must be absent for the scope org')
    return null
  }
  const wallet = scope_id === undefined ? null : context.unit.get(walletKind, scope_id)
  if (wallet?.userId !== signedIn(context).id) throw invalidField('scope_id', 'must be one of your wallets')
  return wallet.id
}

function principalIn(
  context: Context,
  { principal_type: kind, principal_id: given }: CreateInput,
): WalletAccess['principal'] {
  if (kind === 'role') {
    if (!['owner', 'admin', 'member'].includes(given))
      throw invalidField('principal_id', 'must be owner, admin or member')
    return { kind, id: given }
  }
  const id = given.toLowerCase()
  const isPerson = uuidPattern.test(id) && context.unit.get(userKind, id) !== null
  if (!isPerson) throw invalidField('principal_id', 'must be a user of the organisation')
  if (id === signedIn(context).id) throw invalidField('principal_id', 'must be another user')
  return { kind, id }
}
