import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { auditEvent, type Context, fields, type UserCaller } from '../../operations/index.ts'
import type { User } from '../orgs/index.ts'
import { keyChains } from '../signers/index.ts'
import { findActive, newWallet, walletKeysVault } from './keys.ts'
import type { Wallet } from './records.ts'
import { chainField, keyChainOf } from './schemas.ts'

/** Several network names can mean the same wallet. */
const chainsMax = 4 * keyChains.length

/** The field of a sign-in that names chains for new wallets. */
export function provisionField() {
  return fields
    .optional(z.array(chainField(), 'must be a list').max(chainsMax, `must have at most ${chainsMax} entries`))
    .describe(
      'Chains for which the sign-in creates missing wallets, such as ethereum and base. Default: none. A sign-in that needs a second factor creates no wallets.',
    )
}

/**
 * Stages the missing wallets of a user on these chains, and returns them. It uses the unit of the sign-in, so a user who gets a token
 * has the wallets. A sign-in has no signed-in caller yet, so the wallets are created in the name of the user.
 */
export function provisionWallets(context: Context, user: User, chains: readonly string[]): readonly Wallet[] {
  const lacks = new Set(chains.map((named) => keyChainNamed(context, named)))
  for (const chain of lacks) if (findActive(context, user.id, chain)) lacks.delete(chain)
  if (lacks.size === 0) return []
  const acting = { ...context, caller: callerOf(user, context.unit.org ?? '') }
  const vault = walletKeysVault(acting)
  const made = [...lacks].map((chain) => newWallet(acting, vault, chain))
  const details = { wallets: made.map(({ id, chain, address }) => ({ id, chain, address })) }
  const resource = { type: 'treasury_wallet', id: '' }
  context.unit.audit(auditEvent(acting, { action: 'treasury_wallet.generate', resource, details }))
  return made
}

function keyChainNamed(context: Context, named: string) {
  try {
    return keyChainOf(context, named)
  } catch {
    throw invalidField('auto_provision_chains', 'must contain only chain names that GET /v1/chains lists')
  }
}

function callerOf({ id, role, authMethod }: User, org: string): UserCaller {
  return { kind: 'user', id, org, role, authMethod, keyScopes: [], session: null, delegation: null }
}
