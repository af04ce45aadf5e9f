import { Secret } from '../../kernel/secret.ts'
import { day, second } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { federationKeys } from '../auth/index.ts'
import type { User } from '../orgs/index.ts'
import type { App } from '../platform/index.ts'
import { accessSeconds } from './grants.ts'
import { type Grant, grantKind } from './records.ts'
import { tokenOf } from './tokens.ts'

/** A refresh token that is not used ends after this time. */
const refreshLifeMs = 30 * day

/** Stages the next tokens of a grant, and returns them. */
export function issue(context: Context, grant: Grant, { user, app }: { readonly user: User; readonly app: App }) {
  const { unit, now } = context
  const isOffline = grant.scopes.includes('offline_access')
  const accessEnds = now + accessSeconds * second
  const next: Grant = {
    ...{ ...grant, isCodeUsed: true, refreshes: grant.refreshes + 1 },
    endsAt: isOffline ? now + refreshLifeMs : accessEnds,
  }
  unit.put(grantKind, next)
  const access = tokenOf(context, next, 'access', { number: next.refreshes, endsAt: accessEnds })
  return {
    access_token: access,
    token_type: 'Bearer' as const,
    expires_in: accessSeconds,
    scope: next.scopes.join(' '),
    ...(isOffline && {
      refresh_token: tokenOf(context, next, 'refresh', { number: next.refreshes, endsAt: next.endsAt }),
    }),
    ...(next.scopes.includes('openid') && { id_token: idToken(context, next, user, app) }),
  }
}

/** Who signed in, signed with a published key (OpenID Connect Core, section 2). */
function idToken(context: Context, { scopes, nonce, createdAt }: Grant, user: User, app: App): Secret<string> {
  const { unit, now, settings } = context
  const iat = Math.floor(now / second)
  const claims = {
    ...{ iss: settings.publicUrl, sub: user.id, aud: app.slug, iat, exp: iat + accessSeconds },
    auth_time: Math.floor(createdAt / second),
    ...(nonce !== null && { nonce }),
    ...(scopes.includes('email') && { email: user.email, email_verified: user.emailVerified }),
    ...(scopes.includes('profile') && user.displayName !== '' && { name: user.displayName }),
  }
  return Secret.of(unit.waitFor(() => federationKeys(context).sign(claims)))
}
