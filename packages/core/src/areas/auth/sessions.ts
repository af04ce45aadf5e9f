import type { Json } from '../../kernel/json.ts'
import { day, minute, second } from '../../kernel/time.ts'
import { type Caller, type Context, type Factors, hasSecondFactor, notAuthenticated } from '../../operations/index.ts'
import { type Agent, isLive } from '../agents/index.ts'
import { type ApiKey, type Blockable, isBlocked } from '../credentials/index.ts'
import type { User } from '../orgs/index.ts'
import type { App } from '../platform/index.ts'
import { opens, type Policy, policyKind } from '../policies/index.ts'
import { vaultKind } from '../vaults/index.ts'
import { bindingFor } from './dpop.ts'
import { type Claims, type MintedToken, sessionSecondsMax, tokens } from './tokens.ts'

const userTokenSeconds = 900
const freshMs = 5 * minute
const agentTokenSeconds = 3_600
/** Programs exchange a personal key or the code of a device only once, so the token is valid for long. */
const longTokenSeconds = day / second

/** The basis of a new token: an API key, or a refreshed token. Neither for a password or for trust. */
export interface Grounds {
  readonly key?: ApiKey | null
  readonly parent?: Claims | null
  /** The key that the caller names for the token to be bound to. Default: the key of the proof of the request. */
  readonly dpopKey?: string | null
  /** The user allowed another device to sign in. Its token is valid for a day and cannot allow further devices. */
  readonly isDevice?: boolean
}

export function userToken(context: Context, user: User, grounds: Grounds = {}): MintedToken {
  const { key, parent, dpopKey = null, isDevice = false } = grounds
  refuseBlocked(context, user)
  const principal = { kind: 'user', id: user.id } as const
  const boundTo = parent?.cnf?.jkt ?? bindingFor(context, principal, dpopKey)
  const isLong = isDevice || Boolean(key ?? parent?.key_id)
  return context.unit.waitFor(() =>
    tokens(context).mint({
      principal,
      org: context.unit.org ?? '',
      epoch: user.epoch,
      lifetimeSeconds: isLong ? longTokenSeconds : userTokenSeconds,
      parent: parent ?? null,
      keyId: key?.id ?? null,
      boundTo,
      endsAt: key?.expiresAt ?? null,
      isDevice,
      // Informative. The role, the policies and the key of a user decide at each request. The token does not.
      claims: { scopes: key?.scopes.length ? key.scopes : (parent?.scopes ?? ['*']) },
    }),
  )
}

/** Each way to sign in answers a block as it answers a wrong credential. This holds for one that does not. */
function refuseBlocked({ now }: Context, principal: Blockable): void {
  if (!isBlocked(principal, now)) return
  throw notAuthenticated({ reason: 'The credential is unknown, expired or has been revoked.' })
}

/** A platform app exchanges its key once and works for long, like the programs of a person. */
export function appToken(context: Context, app: App, key: ApiKey): MintedToken {
  const principal = { kind: 'app', id: app.id } as const
  const boundTo = bindingFor(context, principal, null)
  return context.unit.waitFor(() =>
    tokens(context).mint({
      principal,
      org: app.org,
      epoch: app.epoch,
      lifetimeSeconds: longTokenSeconds,
      keyId: key.id,
      boundTo,
      endsAt: key.expiresAt,
    }),
  )
}

export interface AgentToken extends MintedToken {
  readonly agentId: string
  readonly vaultIds: readonly string[]
}

export function agentToken(context: Context, agent: Agent, grounds: Grounds = {}): AgentToken {
  const { unit } = context
  const { key, parent, dpopKey = null } = grounds
  refuseBlocked(context, agent)
  const principal = { kind: 'agent', id: agent.id } as const
  const boundTo = parent?.cnf?.jkt ?? bindingFor(context, principal, dpopKey)
  const { scopes, vaultIds } = reachOf(context, agent)
  const { token, expiresIn } = context.unit.waitFor(() =>
    tokens(context).mint({
      principal,
      org: unit.org ?? '',
      epoch: agent.epoch,
      lifetimeSeconds: agent.tokenTtlSeconds ?? agentTokenSeconds,
      parent: parent ?? null,
      keyId: key?.id ?? null,
      boundTo,
      endsAt: earliest(key?.expiresAt ?? null, agent.expiresAt),
      claims: agentClaims(agent, scopes, vaultIds),
    }),
  )
  return { token, expiresIn, agentId: agent.id, vaultIds }
}

/** The scopes of an agent, and the vaults that are open to it. Without scopes of its own, it has the paths of its policies. */
export function reachOf(
  context: Context,
  agent: Agent,
): { readonly scopes: readonly string[]; readonly vaultIds: readonly string[] } {
  const { unit, now } = context
  const policies = unit.list(policyKind, 'principal', 'agent', agent.id).filter((one) => opens(one, now))
  const scopes = agent.scopes.length > 0 ? agent.scopes : [...new Set(policies.map(({ pattern }) => pattern))]
  return { scopes, vaultIds: reachableVaults(context, agent, policies) }
}

/** The vaults that an agent is limited to. Without a limit, the vaults that it created or has policies for. */
function reachableVaults({ unit }: Context, agent: Agent, policies: readonly Policy[]): string[] {
  if (agent.vaultIds.length > 0) return [...agent.vaultIds]
  const own = unit.list(vaultKind, 'creator', 'agent', agent.id).map((vault) => ({ ...vault, isOffered: false }))
  const granted = policies.map(({ vaultId: id, createdAt, createdBy }) => {
    return { id, createdAt, isOffered: createdBy.kind === 'agent' }
  })
  // Clients take the first as their default. So a new grant comes last, and what another agent offered after all (M1).
  const since = [...own, ...granted].sort(
    (a, b) => Number(a.isOffered) - Number(b.isOffered) || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  )
  return [...new Set(since.map(({ id }) => id))]
}

/** Informative claims for readers of the token. Access decisions use the current records instead. */
function agentClaims(agent: Agent, scopes: readonly string[], vaultIds: readonly string[]): Record<string, Json> {
  const { environment, intentsApiEnabled, settings } = agent
  const shroud = settings.shroud_enabled === true
  const told = ['execution_intents_enabled', 'intents_require_tee', 'execution_require_tee'] as const
  return {
    scopes,
    vault_ids: vaultIds,
    intents_api_enabled: intentsApiEnabled,
    shroud_enabled: shroud,
    ...(shroud && settings.shroud_config ? { shroud_config: settings.shroud_config } : {}),
    ...(environment === null ? {} : { environment }),
    ...Object.fromEntries(told.filter((name) => settings[name] === true).map((name) => [name, true])),
  }
}

/** The earlier of two ends. Null: it does not end. */
export function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

/** Returns whether the agent can exchange an API key for a token. */
export function takesKeys(agent: Agent, now: number): boolean {
  return isLive(agent, now) && !isBlocked(agent, now) && agent.authMethod === 'api_key'
}

/** Returns whether the user signed in some minutes ago. A key is no sign-in. */
export function isFresh(caller: Caller, now: number): boolean {
  if (caller.kind !== 'user' || caller.authMethod === 'api_key') return false
  const { tokenId = null, expiresAt = null } = caller.session ?? {}
  return tokenId !== null && expiresAt !== null && now - (expiresAt - sessionSecondsMax * second) < freshMs
}

/**
 * Returns whether a user must prove who they are to add a way of proving it: a stolen token must not add one of its own, which
 * would prove more than the password. For `when` of an operation that `confirms`.
 */
export function needsProofToEnrol({ factors, context }: { factors: Factors; context: Context }): boolean {
  return hasSecondFactor(factors) || !isFresh(context.caller, context.now)
}
