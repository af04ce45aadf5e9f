import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { auditEvent, type Context, fields, type UserCaller } from '../../operations/index.ts'
import type { User } from '../orgs/index.ts'
import { keyChains } from '../signers/index.ts'
import { findActive, newWallet, walletKeysVault } from './keys.ts'
import type { Wallet } from './records.ts'
import { chainField, keyChainOf } from './schemas.ts'

/** Names of several networks can mean one wallet. */
const chainsMax = 4 * keyChains.length

/** Chains for which a sign-in makes wallets. */
export function provisionField() {
  return fields
    .optional(z.array(chainField(), 'must be a list').max(chainsMax, `must have at most ${chainsMax} entries`))
    .describe(
      'Chains for which the sign-in creates your missing wallets, such as ethereum and base. Default: none. A sign-in that needs a second factor creates none.',
    )
}

/**
 * Stages the wallets that a user lacks on these chains, in the unit of the sign-in, so a user who gets a token has them. Returns
 * what is made. The user is the caller of a sign-in only after it, so the wallets are made in the name of the user.
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
    throw invalidField('auto_provision_chains', 'must be names of chains of GET /v1/chains')
  }
}

function callerOf({ id, role, authMethod }: User, org: string): UserCaller {
  return { kind: 'user', id, org, role, authMethod, keyScopes: [], session: null, delegation: null }
}
