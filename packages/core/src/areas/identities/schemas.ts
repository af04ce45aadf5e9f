import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields } from '../../operations/index.ts'
import { SignInBody, signInBody } from '../auth/index.ts'
import type { User } from '../orgs/index.ts'
import { provisionWallets } from '../wallets/index.ts'
import type { Identity } from './records.ts'

/** A token or the second step, and whose it is. */
export const EnteredBody = SignInBody.extend({
  user_id: fields.id(),
  org_id: fields.id(),
  is_new: z.boolean().describe('Whether the account was created now.'),
}).meta({ id: 'SocialSignIn' })

export type EnteredBody = z.infer<typeof EnteredBody>

/** The one place where an identity becomes a session, so that nothing goes around what must follow (B16). */
export function sessionOf(context: Context, user: User): SignInBody {
  return signInBody(context, user, 'oidc')
}

/** `chains`: the chains for which the user gets wallets after the sign-in. */
export function enteredBody(
  context: Context,
  { user, isNew }: { readonly user: User; readonly isNew: boolean },
  chains: readonly string[] = [],
): EnteredBody {
  const session = sessionOf(context, user)
  if (session.mfa_required !== true) provisionWallets(context, user, chains)
  return { ...session, user_id: user.id, org_id: context.unit.org ?? '', is_new: isNew }
}

export const providerField = () =>
  fields.text(32, 1).describe('Name of the identity provider, as the operator configured it.')

export const FlowBody = z
  .object({
    authorization_url: z.string().describe('Where the browser goes next.'),
    browser_secret: fields.shownSecret().describe('Keep it in the browser, and send it with the code.'),
  })
  .meta({ id: 'IdentityFlow' })

export const IdentityBody = z
  .object({
    id: z.string(),
    provider: z.string(),
    issuer: z.string(),
    email: z.string(),
    created_at: fields.shownTime(),
    last_used_at: fields.shownTime(),
  })
  .meta({ id: 'Identity' })

export function identityBody({ id, provider, issuer, email, createdAt, lastUsedAt }: Identity) {
  return { id, provider, issuer, email, created_at: rfc3339(createdAt), last_used_at: rfc3339(lastUsedAt) }
}
