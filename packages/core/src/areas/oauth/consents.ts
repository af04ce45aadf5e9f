import type { Context } from '../../operations/index.ts'
import type { User } from '../orgs/index.ts'
import { linkUser } from '../platform/index.ts'
import { type Consent, consentKind } from './records.ts'
import type { AuthorizeRequest } from './request.ts'

/** The consent of a user to an app. */
export function consentOf({ unit }: Pick<Context, 'unit'>, appId: string, userId: string): Consent | null {
  return unit.find(consentKind, 'member', appId, userId)
}

/** Stages the consent of the calling user. What they allowed before stays allowed. */
export function giveConsent(context: Context, org: string, user: User, { app, scopes }: AuthorizeRequest): Consent {
  const { unit, now, newId } = context
  const before = consentOf(context, app.id, user.id)
  const isLink = scopes.includes('link')
  const connectionId = isLink ? linkUser(context, app, { org, userId: user.id }).connectionId : null
  const consent: Consent = {
    ...{ id: before?.id ?? newId(), org, userId: user.id, appId: app.id },
    scopes: [...new Set([...(before?.scopes ?? []), ...scopes])],
    connectionId: connectionId ?? before?.connectionId ?? null,
    ...{ createdAt: before?.createdAt ?? now, updatedAt: now },
  }
  unit.put(consentKind, consent)
  return consent
}
