import { base64url } from '../../kernel/bytes.ts'
import { minute, second } from '../../kernel/time.ts'
import { type Actor, actorOf, auditEvent, type Context } from '../../operations/index.ts'
import { isBlocked } from '../credentials/index.ts'
import { type User, userKind } from '../orgs/index.ts'
import { type App, appKind } from '../platform/index.ts'
import { type Consent, consentKind, type Grant, grantKind } from './records.ts'
import type { AuthorizeRequest } from './request.ts'
import { tokenOf } from './tokens.ts'

const codeLifeMs = 5 * minute
/** Sign-ins of one app and user that can go on at the same time. The oldest ends when another one begins. */
const grantsMax = 50

/** Stages a grant with a code for it. */
export function newGrant(context: Context, user: User, consent: Consent, asked: AuthorizeRequest) {
  const { unit, now, newId, random } = context
  const { scopes, redirectUri, nonce, challenge } = asked
  const grant: Grant = {
    ...{ id: newId(), org: consent.org, userId: user.id, appId: consent.appId, consentId: consent.id },
    ...{ epoch: user.epoch, scopes, redirectUri, nonce, challenge, secret: base64url(random.bytes(32)) },
    ...{ isCodeUsed: false, refreshes: 0, createdAt: now, endsAt: now + codeLifeMs },
  }
  const others = unit.list(grantKind, 'consent', consent.id)
  for (const old of others.slice(0, Math.max(0, others.length + 1 - grantsMax))) unit.delete(grantKind, old)
  unit.put(grantKind, grant)
  return tokenOf(context, grant, 'code', { number: 0, endsAt: grant.endsAt })
}

/**
 * The user and the app of a grant. Null: the app, the consent or the user is no longer valid. The unit enters the organisation of
 * the user.
 */
export function holdersOf({ unit, now }: Pick<Context, 'unit' | 'now'>, grant: Grant): { user: User; app: App } | null {
  const app = unit.get(appKind, grant.appId)
  const consent = unit.get(consentKind, grant.consentId)
  unit.enter(grant.org)
  const user = unit.get(userKind, grant.userId)
  if (!app?.isActive || !consent || user?.status !== 'active') return null
  if (isBlocked(user, now) || user.epoch !== grant.epoch) return null
  return { user, app }
}

/** Stages the end of a grant and of everything that was issued from it. */
export function endGrant(context: Context, grant: Grant, action: string): void {
  const { unit } = context
  unit.enter(grant.org)
  unit.delete(grantKind, grant)
  stageEvent(context, grant, action)
}

/** Stages an event of a grant in the trail of its user. The actor is the app, because no user is signed in. */
export function stageEvent({ unit, origin }: Context, { appId, id, userId, scopes }: Grant, action: string): void {
  const by: Actor = { ...actorOf({ caller: { kind: 'anonymous' }, origin }), type: 'platform_app', id: appId }
  const details = { app_id: appId, grant_id: id, user_id: userId, scopes: [...scopes] }
  unit.audit(auditEvent(by, { action, resource: { type: 'platform_app', id: appId }, details }))
}

export const accessSeconds = (15 * minute) / second
