import { invalidField } from '../../kernel/errors.ts'
import { type Context, checkOutgoingUrl } from '../../operations/index.ts'

interface Given {
  readonly oidc_jwks_url?: string | null | undefined
  readonly logo_url?: string | null | undefined
  readonly api_key_expires_at?: number | null | undefined
}

/** Refuses what an app must not say. Browsers of users load the logo, so it has a public place too. */
export function checkApp(context: Context, given: Given): void {
  for (const field of ['oidc_jwks_url', 'logo_url'] as const) {
    const url = given[field]
    if (url) checkOutgoingUrl(context, field, url)
  }
  if (typeof given.api_key_expires_at === 'number' && given.api_key_expires_at <= context.now) {
    throw invalidField('api_key_expires_at', 'must be in the future')
  }
}
