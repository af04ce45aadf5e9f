import type { Secret } from '../../kernel/secret.ts'
import type { Context } from '../../operations/index.ts'
import { type Agent, agentKind, noteActive } from '../agents/index.ts'
import { type ApiKey, isBlocked, isLiveKey, lookUpKey, noteUsed } from '../credentials/index.ts'
import { type User, userKind } from '../orgs/index.ts'
import { type App, appKind } from '../platform/index.ts'
import { stageFailure, stageSuccess } from './events.ts'
import { takesKeys } from './sessions.ts'

/** A valid key and its holder. */
export type Redeemed = { readonly key: ApiKey } & (
  | { readonly user: User }
  | { readonly agent: Agent }
  | { readonly app: App }
)

/**
 * Checks a key that a caller wants to exchange, enters its organisation and stages the audit event. Returns null if the
 * key is refused, for any reason. The caller must commit the unit in that case too.
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
  stageSuccess(context, key.principal, 'api_key', key.id)
  return redeemed
}

function withHolder({ unit, now }: Context, key: ApiKey): Redeemed | null {
  const { kind, id } = key.principal
  if (kind === 'app') {
    const app = unit.get(appKind, id)
    return app?.isActive ? { key, app } : null
  }
  if (kind === 'user') {
    const user = unit.get(userKind, id)
    return user?.status === 'active' && !isBlocked(user, now) ? { key, user } : null
  }
  const agent = unit.get(agentKind, id)
  return agent && takesKeys(agent, now) ? { key, agent } : null
}
