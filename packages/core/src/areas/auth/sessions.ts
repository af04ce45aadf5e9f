import type { Json } from '../../kernel/json.ts'
import { day, second } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { type Agent, isLive } from '../agents/index.ts'
import type { ApiKey } from '../credentials/index.ts'
import type { User } from '../orgs/index.ts'
import { opens, type Policy, policyKind } from '../policies/index.ts'
import { vaultKind } from '../vaults/index.ts'
import { type Claims, type MintedToken, tokens } from './tokens.ts'

const userTokenSeconds = 900
const agentTokenSeconds = 3_600
/** Clients that exchange a personal key do it once, and never again. */
const keyTokenSeconds = day / second

/** What a new token rests on: a key that was shown, or a token that is refreshed. Neither: a password, or trust. */
export interface Grounds {
  readonly key?: ApiKey | null
  readonly parent?: Claims | null
}

export function userToken(context: Context, user: User, grounds: Grounds = {}): MintedToken {
  const { key, parent } = grounds
  const fromKey = Boolean(key ?? parent?.key_id)
  return context.unit.waitFor(() =>
    tokens(context).mint({
      principal: { kind: 'user', id: user.id },
      org: context.unit.org ?? '',
      epoch: user.epoch,
      lifetimeSeconds: fromKey ? keyTokenSeconds : userTokenSeconds,
      parent: parent ?? null,
      keyId: key?.id ?? null,
      endsAt: key?.expiresAt ?? null,
      // What a user may do follows from their role and from policies when they ask, not from their token.
      claims: { scopes: ['*'] },
    }),
  )
}

export interface AgentToken extends MintedToken {
  readonly vaultIds: readonly string[]
}

export function agentToken(context: Context, agent: Agent, grounds: Grounds = {}): AgentToken {
  const { unit, now } = context
  const { key, parent } = grounds
  const policies = unit.list(policyKind, 'principal', 'agent', agent.id).filter((one) => opens(one, now))
  const vaultIds = reachableVaults(context, agent, policies)
  const minted = context.unit.waitFor(() =>
    tokens(context).mint({
      principal: { kind: 'agent', id: agent.id },
      org: unit.org ?? '',
      epoch: agent.epoch,
      lifetimeSeconds: agent.tokenTtlSeconds ?? agentTokenSeconds,
      parent: parent ?? null,
      keyId: key?.id ?? null,
      endsAt: earliest(key?.expiresAt ?? null, agent.expiresAt),
      claims: agentClaims(agent, policies, vaultIds),
    }),
  )
  return { ...minted, vaultIds }
}

/** The vaults an agent is bound to or, when it is bound to none, those it made and those live policies open to it. */
function reachableVaults({ unit }: Context, agent: Agent, policies: readonly Policy[]): string[] {
  if (agent.vaultIds.length > 0) return [...agent.vaultIds]
  const own = unit.list(vaultKind, 'creator', 'agent', agent.id)
  return [...new Set([...own.map(({ id }) => id), ...policies.map(({ vaultId }) => vaultId)])]
}

/** Hints for whoever reads the token. Access is decided live, from the records these were copied from. */
function agentClaims(agent: Agent, policies: readonly Policy[], vaultIds: readonly string[]): Record<string, Json> {
  const { scopes, environment, intentsApiEnabled, settings } = agent
  const shroud = settings.shroud_enabled === true
  const told = ['execution_intents_enabled', 'intents_require_tee', 'execution_require_tee'] as const
  return {
    scopes: scopes.length > 0 ? scopes : [...new Set(policies.map(({ pattern }) => pattern))],
    vault_ids: vaultIds,
    intents_api_enabled: intentsApiEnabled,
    shroud_enabled: shroud,
    ...(shroud && settings.shroud_config ? { shroud_config: settings.shroud_config } : {}),
    ...(environment === null ? {} : { environment }),
    ...Object.fromEntries(told.filter((name) => settings[name] === true).map((name) => [name, true])),
  }
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

/** An agent that may have a token for a key. */
export function takesKeys(agent: Agent, now: number): boolean {
  return isLive(agent, now) && agent.authMethod === 'api_key'
}
