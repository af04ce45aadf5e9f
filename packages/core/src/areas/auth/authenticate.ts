import { second } from '../../kernel/time.ts'
import {
  type Caller,
  type Holder,
  notAuthenticated,
  type Origin,
  type Principal,
  type Services,
  type Session,
} from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'
import { agentKind, isLive, noteActive } from '../agents/index.ts'
import {
  type ApiKey,
  apiKeyKind,
  type Blockable,
  findKey,
  isBlocked,
  isLiveKey,
  looksLikeKey,
  noteUsed,
  suspects,
} from '../credentials/index.ts'
import { directoryKind, userKind } from '../orgs/index.ts'
import { appKind } from '../platform/index.ts'
import { proofFor } from './dpop.ts'
import { revokedTokenKind, tokens } from './tokens.ts'

const anonymous: Caller = { kind: 'anonymous' }

/**
 * Identifies the caller by a token, an API key, or trust within the process. Verified signatures are cached. Whether
 * the principal is enabled and the credential is valid is read for every request.
 */
export function authenticate(services: Services, unit: Reads, origin: Origin, now: number): Caller {
  if (origin.trusted) return trustedCaller(services, unit, origin.trusted, now)
  const bearer = origin.bearer
  if (!bearer) return anonymous
  return looksLikeKey(bearer)
    ? keyCaller(services, unit, origin, bearer, now)
    : tokenCaller(services, unit, origin, bearer, now)
}

function trustedCaller(services: Services, unit: Reads, trusted: NonNullable<Origin['trusted']>, now: number): Caller {
  const principal: Principal =
    'user' in trusted ? { kind: 'user', id: trusted.user } : { kind: 'agent', id: trusted.agent }
  const entry = unit.get(directoryKind, principal.id)
  if (entry?.kind !== principal.kind) throw refused()
  const isQuestion = trusted.isQuestion === true
  return load(services, unit, { principal, org: entry.org, epoch: null, session: null, isQuestion }, now)
}

function keyCaller(services: Services, unit: Reads, origin: Origin, text: string, now: number): Caller {
  const key = findKey(services, unit, text, now)
  if (!key) throw refused()
  unit.enter(key.org)
  const { principal } = key
  const proof = proofFor(services, unit, origin, { principal, credential: text, boundTo: null }, now)
  const session = { tokenId: null, expiresAt: key.expiresAt, keyId: key.id, proof }
  const caller = load(services, unit, { principal, org: key.org, epoch: null, session, key }, now)
  noteUsed(services, key, now)
  return caller
}

function tokenCaller(services: Services, unit: Reads, origin: Origin, token: string, now: number): Caller {
  const verified = unit.waitFor(() => tokens(services).verify(token, now))
  if (!verified) throw refused()
  const { claims, principal } = verified
  unit.enter(claims.org)
  if (unit.get(revokedTokenKind, claims.sid)) {
    throw notAuthenticated({ reason: 'This token has been revoked.' })
  }
  const key = claims.key_id === null ? null : requireLiveKey(unit, claims.key_id, now)
  const boundTo = claims.cnf?.jkt ?? null
  const proof = proofFor(services, unit, origin, { principal, credential: token, boundTo }, now)
  const isDevice = claims.device === true
  const [tokenId, expiresAt, keyId] = [claims.sid, claims.session_exp * second, claims.key_id]
  const session = { tokenId, expiresAt, keyId, proof, ...(isDevice && { isDevice }) }
  return load(services, unit, { principal, org: claims.org, epoch: claims.epoch, session, key }, now)
}

/** A token that was exchanged for a key ends with the key. */
function requireLiveKey(unit: Reads, keyId: string, now: number): ApiKey {
  const key = unit.get(apiKeyKind, keyId)
  if (!key || !isLiveKey(key, now)) throw refused()
  return key
}

interface Shown {
  readonly principal: Holder
  readonly org: string
  /** Null for credentials without an epoch: API keys, and callers within the process. */
  readonly epoch: number | null
  readonly session: Session | null
  /** The credential is this API key, or was exchanged for it: it proves no password, and has no other scopes. */
  readonly key?: ApiKey | null
  /** Nobody calls: somebody asks about the principal, and that is no activity of it. */
  readonly isQuestion?: boolean
}

function load(services: Services, unit: Reads, shown: Shown, now: number): Caller {
  unit.enter(shown.org)
  if (shown.principal.kind === 'app') return appCaller(unit, shown)
  if (suspects(services).has(shown.principal.id)) throw refused()
  return shown.principal.kind === 'user' ? userCaller(unit, shown, now) : agentCaller(services, unit, shown, now)
}

/** Whether the credential ended with its epoch. One without an epoch is a new sign-in each time, so a block refuses it. */
function hasEnded({ epoch }: Shown, principal: Blockable & { readonly epoch: number }, now: number): boolean {
  return epoch === null ? isBlocked(principal, now) : epoch !== principal.epoch
}

function appCaller(unit: Reads, { principal, org, epoch, session }: Shown): Caller {
  const app = unit.get(appKind, principal.id)
  if (!app?.isActive || (epoch !== null && epoch !== app.epoch)) throw refused()
  return { kind: 'app', id: app.id, org, session }
}

function userCaller(unit: Reads, shown: Shown, now: number): Caller {
  const { principal, org, session, key } = shown
  const user = unit.get(userKind, principal.id)
  if (user?.status !== 'active' || hasEnded(shown, user, now)) throw refused()
  const authMethod = key ? 'api_key' : user.authMethod
  const keyScopes = key?.scopes ?? []
  return { kind: 'user', id: user.id, org, role: user.role, authMethod, keyScopes, session, delegation: null }
}

function agentCaller(services: Services, unit: Reads, shown: Shown, now: number): Caller {
  const { principal, org, session } = shown
  const agent = unit.get(agentKind, principal.id)
  if (!agent || !isLive(agent, now) || hasEnded(shown, agent, now)) throw refused()
  if (!shown.isQuestion) noteActive(services, org, agent, now)
  const { id, authMethod, environment, scopes, vaultIds } = agent
  const readsKeys = !agent.intentsApiEnabled
  return { kind: 'agent', id, org, authMethod, environment, scopes, vaultIds, readsKeys, session }
}

function refused() {
  return notAuthenticated({ reason: 'The credential is unknown, expired or has been revoked.' })
}
