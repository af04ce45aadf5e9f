import type { Secret } from '../../kernel/secret.ts'
import type { Context } from '../../operations/index.ts'
import { type Agent, agentKind, noteActive } from '../agents/index.ts'
import { type ApiKey, isLiveKey, lookUpKey, noteUsed } from '../credentials/index.ts'
import { type User, userKind } from '../orgs/index.ts'
import { stageFailure, stageSuccess } from './events.ts'
import { takesKeys } from './sessions.ts'

/** A live key and who it belongs to. */
export type Redeemed = { readonly key: ApiKey } & ({ readonly user: User } | { readonly agent: Agent })

/**
 * Takes a key that was sent to be exchanged, enters its organisation, and stages the event that tells of it. Null for
 * every reason there can be; what was staged is then worth keeping.
 */
export function redeemKey(
  context: Context,
  text: Secret<string>,
  accepts: (redeemed: Redeemed) => boolean = () => true,
): Redeemed | null {
  const { unit, now } = context
  const key = lookUpKey(context, unit, text.reveal())
  if (!key) return null
  unit.enter(key.org)
  const redeemed = isLiveKey(key, now) ? withHolder(context, key) : null
  if (!redeemed || !accepts(redeemed)) {
    stageFailure(context, key.principal, 'api_key')
    return null
  }
  noteUsed(context, key, now)
  if ('agent' in redeemed) noteActive(context, key.org, redeemed.agent, now)
  stageSuccess(context, key.principal, 'api_key')
  return redeemed
}

function withHolder({ unit, now }: Context, key: ApiKey): Redeemed | null {
  const { kind, id } = key.principal
  if (kind === 'user') {
    const user = unit.get(userKind, id)
    return user?.status === 'active' ? { key, user } : null
  }
  const agent = unit.get(agentKind, id)
  return agent && takesKeys(agent, now) ? { key, agent } : null
}
