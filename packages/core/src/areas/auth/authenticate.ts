import {
  type Caller,
  type Engine,
  notAuthenticated,
  type Origin,
  type Principal,
  type Session,
} from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'
import { agentKind, isLive, noteActive } from '../agents/index.ts'
import { type ApiKey, apiKeyKind, findKey, isLiveKey, looksLikeKey, noteUsed } from '../credentials/index.ts'
import { directoryKind, userKind } from '../orgs/index.ts'
import { revokedTokenKind, tokens } from './tokens.ts'

const anonymous: Caller = { kind: 'anonymous' }

/**
 * Identifies the caller by a token, an API key, or trust within the process. Verified signatures are cached. Whether
 * the principal is enabled and the credential is valid is read for every request.
 */
export function authenticate(engine: Engine, unit: Reads, origin: Origin, now: number): Caller {
  if (origin.trusted) return trustedCaller(engine, unit, origin.trusted, now)
  const bearer = origin.bearer
  if (!bearer) return anonymous
  return looksLikeKey(bearer) ? keyCaller(engine, unit, bearer, now) : tokenCaller(engine, unit, bearer, now)
}

function trustedCaller(engine: Engine, unit: Reads, trusted: NonNullable<Origin['trusted']>, now: number): Caller {
  const principal: Principal =
    'user' in trusted ? { kind: 'user', id: trusted.user } : { kind: 'agent', id: trusted.agent }
  const entry = unit.get(directoryKind, principal.id)
  if (entry?.kind !== principal.kind) throw refused()
  return load(engine, unit, { principal, org: entry.org, epoch: null, session: null }, now)
}

function keyCaller(engine: Engine, unit: Reads, text: string, now: number): Caller {
  const key = findKey(engine, unit, text, now)
  if (!key) throw refused()
  const session = { tokenId: null, expiresAt: key.expiresAt }
  const caller = load(engine, unit, { principal: key.principal, org: key.org, epoch: null, session, key }, now)
  noteUsed(engine, key, now)
  return caller
}

function tokenCaller(engine: Engine, unit: Reads, token: string, now: number): Caller {
  const verified = unit.waitFor(() => tokens(engine).verify(token, now))
  if (!verified) throw refused()
  const { claims, principal, session } = verified
  unit.enter(claims.org)
  if (unit.get(revokedTokenKind, claims.sid)) {
    throw notAuthenticated({ reason: 'This token has been revoked.' })
  }
  const key = claims.key_id === null ? null : requireLiveKey(unit, claims.key_id, now)
  return load(engine, unit, { principal, org: claims.org, epoch: claims.epoch, session, key }, now)
}

/** A token that was exchanged for a key ends with the key. */
function requireLiveKey(unit: Reads, keyId: string, now: number): ApiKey {
  const key = unit.get(apiKeyKind, keyId)
  if (!key || !isLiveKey(key, now)) throw refused()
  return key
}

interface Shown {
  readonly principal: Principal
  readonly org: string
  /** Null for credentials without an epoch: API keys, and callers within the process. */
  readonly epoch: number | null
  readonly session: Session | null
  /** The credential is this API key, or was exchanged for it: it proves no password, and has no other scopes. */
  readonly key?: ApiKey | null
}

function load(engine: Engine, unit: Reads, shown: Shown, now: number): Caller {
  unit.enter(shown.org)
  return shown.principal.kind === 'user' ? userCaller(unit, shown) : agentCaller(engine, unit, shown, now)
}

function userCaller(unit: Reads, { principal, org, epoch, session, key }: Shown): Caller {
  const user = unit.get(userKind, principal.id)
  if (user?.status !== 'active' || (epoch !== null && epoch !== user.epoch)) throw refused()
  const authMethod = key ? 'api_key' : user.authMethod
  return { kind: 'user', id: user.id, org, role: user.role, authMethod, keyScopes: key?.scopes ?? [], session }
}

function agentCaller(engine: Engine, unit: Reads, shown: Shown, now: number): Caller {
  const { principal, org, epoch, session } = shown
  const agent = unit.get(agentKind, principal.id)
  if (!agent || !isLive(agent, now) || (epoch !== null && epoch !== agent.epoch)) throw refused()
  noteActive(engine, org, agent, now)
  const { id, authMethod, environment, scopes, vaultIds } = agent
  const readsKeys = !agent.intentsApiEnabled
  return { kind: 'agent', id, org, authMethod, environment, scopes, vaultIds, readsKeys, session }
}

function refused() {
  return notAuthenticated({ reason: 'The credential is unknown, expired or has been revoked.' })
}
