import { parseAddress } from '../../kernel/ip.ts'
import { second } from '../../kernel/time.ts'
import { type Context, notAuthenticated, settingsOf } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import { federationScopesExceeded } from './errors.ts'
import { federationKeys } from './federation-keys.ts'
import { federationSettings } from './federation-settings.ts'
import { reachOf } from './sessions.ts'

const lifetimeSecondsDefault = 900

/** The settings of an agent for tokens of other services. */
export function federationOf(agent: Agent) {
  return settingsOf(federationSettings, agent.settings)
}

/** Why a text is no audience; null if it is one. A service that others reach has a name. */
export function audienceProblem(audience: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/.test(audience) || !URL.canParse(audience)) return 'must be an absolute URI'
  const { protocol, hostname } = new URL(audience)
  if (protocol !== 'http:' && protocol !== 'https:') return null
  const isLocal = /(^|\.)localhost\.?$/.test(hostname) || parseAddress(hostname.replace(/^\[|\]$/g, '')) !== null
  return isLocal ? 'must have the name of a host, not an address or localhost' : null
}

/** The scopes of the agent, or those of them that were asked for. */
export function scopesFor(context: Context, agent: Agent, wanted: string | undefined): readonly string[] {
  const { scopes } = reachOf(context, agent)
  const asked = (wanted ?? '').split(' ').filter((scope) => scope !== '')
  if (asked.length === 0) return scopes
  const excess = asked.filter((scope) => !scopes.includes(scope))
  if (excess.length > 0) throw federationScopesExceeded({ excess })
  return [...new Set(asked)]
}

interface Wanted {
  readonly audience: string
  readonly scopes: readonly string[]
  /** End of the credential behind the token, in milliseconds. */
  readonly endsAt: number | null | undefined
}

/** A token that another service verifies with the published keys. It opens nothing here. */
export function federatedToken(
  context: Context,
  agent: Agent,
  { audience, scopes, endsAt }: Wanted,
): { token: string; expiresIn: number } {
  const { unit, now, settings, newId } = context
  const iat = Math.floor(now / second)
  const lifetime = federationOf(agent).federated_token_ttl_seconds ?? lifetimeSecondsDefault
  const ends = [endsAt, agent.expiresAt].map((end) => (end == null ? Number.POSITIVE_INFINITY : end / second))
  const exp = Math.floor(Math.min(iat + lifetime, ...ends))
  if (exp * second <= now) throw notAuthenticated({ reason: 'The session has ended. Sign in again.' })
  const claims = {
    iss: settings.publicUrl,
    sub: `agent:${agent.id}`,
    aud: audience,
    exp,
    iat,
    jti: newId(),
    org: unit.org ?? '',
    scopes: [...scopes],
    vault_ids: [...reachOf(context, agent).vaultIds],
  }
  return { token: unit.waitFor(() => federationKeys(context).sign(claims)), expiresIn: exp - iat }
}
