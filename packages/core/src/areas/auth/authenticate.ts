import { nilUuid } from '../../kernel/ids.ts'
import { second } from '../../kernel/time.ts'
import {
  type Caller,
  type Engine,
  notAuthenticated,
  type Origin,
  type Principal,
  type Session,
} from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { agentKind, isLive } from '../agents/index.ts'
import { directoryKind, userKind } from '../orgs/index.ts'
import { findKey, looksLikeKey } from './api-keys.ts'
import { revokedTokenKind, verifyToken } from './tokens.ts'

const anonymous: Caller = { kind: 'anonymous' }

/**
 * Who is asking: a token of ours, a key, or somebody inside this process who is trusted. Signatures may be remembered;
 * whether the principal is alive, and whether the credential was revoked, is looked up now, every time.
 */
export async function authenticate(engine: Engine, unit: Unit, origin: Origin, now: number): Promise<Caller> {
  if (origin.trusted) return trustedCaller(unit, origin.trusted, now)
  const bearer = origin.bearer
  if (!bearer) return anonymous
  return looksLikeKey(bearer) ? keyCaller(engine, unit, bearer, now) : tokenCaller(engine, unit, bearer, now)
}

async function trustedCaller(unit: Unit, trusted: NonNullable<Origin['trusted']>, now: number): Promise<Caller> {
  const principal: Principal =
    'user' in trusted ? { kind: 'user', id: trusted.user } : { kind: 'agent', id: trusted.agent }
  const entry = await unit.get(directoryKind, principal.id)
  if (entry?.kind !== principal.kind) throw refused()
  return load(unit, { principal, org: entry.org, epoch: null, session: null }, now)
}

async function keyCaller(engine: Engine, unit: Unit, text: string, now: number): Promise<Caller> {
  const key = await findKey(engine, unit, text, now)
  if (!key) throw refused()
  const session = { tokenId: null, expiresAt: key.expiresAt }
  return load(unit, { principal: key.principal, org: key.org, epoch: null, session }, now)
}

async function tokenCaller(engine: Engine, unit: Unit, token: string, now: number): Promise<Caller> {
  const claims = await verifyToken(engine, token, now)
  if (!claims) throw refused()
  const [kind, id = nilUuid] = claims.sub.split(':')
  if (kind !== 'user' && kind !== 'agent') throw refused()
  unit.enter(claims.org)
  if (await unit.get(revokedTokenKind, claims.jti)) {
    throw notAuthenticated({ reason: 'This token has been revoked.' })
  }
  const session = { tokenId: claims.jti, expiresAt: claims.exp * second }
  return load(unit, { principal: { kind, id }, org: claims.org, epoch: claims.epoch, session }, now)
}

interface Shown {
  readonly principal: Principal
  readonly org: string
  /** Null for what is not bound to one: keys, and callers inside the process. */
  readonly epoch: number | null
  readonly session: Session | null
}

async function load(unit: Unit, shown: Shown, now: number): Promise<Caller> {
  unit.enter(shown.org)
  return shown.principal.kind === 'user' ? userCaller(unit, shown) : agentCaller(unit, shown, now)
}

async function userCaller(unit: Unit, { principal, org, epoch, session }: Shown): Promise<Caller> {
  const user = await unit.get(userKind, principal.id)
  if (user?.status !== 'active' || (epoch !== null && epoch !== user.epoch)) throw refused()
  return { kind: 'user', id: user.id, org, role: user.role, authMethod: user.authMethod, session }
}

async function agentCaller(unit: Unit, { principal, org, epoch, session }: Shown, now: number): Promise<Caller> {
  const agent = await unit.get(agentKind, principal.id)
  if (!agent || !isLive(agent, now) || (epoch !== null && epoch !== agent.epoch)) throw refused()
  const { id, authMethod, environment, scopes, vaultIds } = agent
  const readsKeys = !agent.intentsApiEnabled
  return { kind: 'agent', id, org, authMethod, environment, scopes, vaultIds, readsKeys, session }
}

function refused() {
  return notAuthenticated({ reason: 'The credential is unknown, expired or has been revoked.' })
}
