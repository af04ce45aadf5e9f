import { compileGlob } from '../../kernel/globs.ts'
import { uuidPattern } from '../../kernel/ids.ts'
import {
  type AgentCaller,
  type Caller,
  type Context,
  denied,
  type Guard,
  hasScope,
  isAdmin,
  notAuthenticated,
  principalOf,
  type UserCaller,
} from '../../operations/index.ts'
import { agentKind } from '../agents/index.ts'
import { riskOf } from '../risk/index.ts'
import type { SecretKey } from '../secrets/index.ts'
import { isSystemVault, owns, type Vault, vaultKind, vaultNotFound } from '../vaults/index.ts'
import { compiledOnce } from './compiled-once.ts'
import type { DecisionRequest } from './decide.ts'
import { isExpired, isWaiting, metBy, type Need, type Policy } from './policy.ts'
import { ownerRank, placeOfScopes, type RankedAccess } from './reach-walk.ts'
import { policyKind } from './records.ts'
import { type Asking, checkSecondOpinion, type Opinion, secondOpinions } from './second-opinion.ts'

// Decides about access to vaults and their secrets. The order is always the same: does the vault exist, is the agent bound to
// other vaults, does the caller own it, do the scopes of the agent cover the path, what do the policies say. If the result is a
// yes, the policy engine decides too, if there is one.

type Known = UserCaller | AgentCaller

function known(caller: Caller): Known {
  if (caller.kind === 'anonymous') throw notAuthenticated({ reason: 'This operation requires a credential.' })
  if (caller.kind === 'app') throw denied({ reason: 'The key of a platform app opens no vault.' })
  return caller
}

/** Decides about vaults. Callers who may not see one get `vault_not_found`. */
export const vaultGuard: Guard<string> = {
  authorize: (context, vaultId, permission) => {
    const vault = context.unit.get(vaultKind, vaultId)
    const caller = known(context.caller)
    checkBinding(caller, vaultId, vault)
    if (!vault || !isWithinReach(caller, vaultId)) throw vaultNotFound()
    if (permission !== 'see' && isDelegated(caller))
      throw denied({ reason: `Only the user may ${permission} the vault.` })
    if (!owns(principalOf(caller), vault)) {
      if (!isVisible(context, caller, vault)) throw vaultNotFound()
      if (permission !== 'see' && !mayRun(caller, vault, permission))
        throw denied({ reason: `Only the owner of the vault may ${permission} it.` })
    }
    checkSecondOpinion(context, caller, { vaultId, permission, path: null })
  },
  among: (context, vaultIds, permission) => {
    const questions = vaultIds.map((vaultId) => ({ vaultId, permission, path: null }))
    return allowedOf(vaultIds, secondOpinions(context, known(context.caller), questions))
  },
  visible: (context) => vaultGuard.among(context, ownRulesShow(context), 'see'),
}

/** The vaults that our own rules show to the caller, oldest first. */
function ownRulesShow({ unit, caller, now }: Context): string[] {
  if (isAdmin(caller)) return unit.list(vaultKind, 'created').map(({ id }) => id)
  const { kind, id } = principalOf(known(caller))
  const found = new Map<string, Vault>()
  for (const vault of unit.list(vaultKind, 'creator', kind, id)) found.set(vault.id, vault)
  for (const policy of unit.list(policyKind, 'principal', kind, id)) {
    if (!opens(policy, now) || found.has(policy.vaultId)) continue
    const vault = unit.get(vaultKind, policy.vaultId)
    if (vault && !isBoundElsewhere(known(caller), vault.id, vault)) found.set(vault.id, vault)
  }
  const within = [...found.values()].filter((vault) => isWithinReach(known(caller), vault.id))
  const byAge = within.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  return byAge.map((vault) => vault.id)
}

/** Decides about the paths of secrets. */
export const secretGuard: Guard<SecretKey> = {
  authorize: (context, { vaultId, path }, permission) => {
    const access = accessTo(context, vaultId)
    access.require(permission as Need, path)
  },
  among: (context, keys, permission) => {
    const allowed: SecretKey[] = []
    const vaultIds = [...new Set(keys.map(({ vaultId }) => vaultId))]
    for (const vaultId of vaultIds) {
      const access = accessTo(context, vaultId)
      allowed.push(
        ...access.among(
          permission as Need,
          keys.filter((key) => key.vaultId === vaultId),
        ),
      )
    }
    return vaultIds.length === 1 ? allowed : keys.filter((key) => allowed.includes(key))
  },
}

/** What a caller may do in one vault, asked as often as needed: a list asks for each path. */
export interface Access {
  /** Throws with the reason when the caller may not. */
  require(permission: Need, path: string): void
  /** Of these, in their order, those whose path the caller may use so. */
  among<T extends { readonly path: string }>(permission: Need, things: readonly T[]): T[]
  /** What our own rules say: half of an answer. */
  judge(permission: Need, path: string): Verdict
  /** The other half, which counts when the first is a yes. */
  secondOpinion(permission: Need, path: string): Opinion
  /** What our own rules say about whole folders. Null: not only patterns decide, so the caller must ask for each path. */
  ranked(): RankedAccess | null
}

export interface Verdict {
  readonly allowed: boolean
  /** The reason, for the caller. It names no policy and no path. */
  readonly because: string
  /** The request to the policies. Null: the policies were not asked. */
  readonly request: DecisionRequest | null
}

/** Other policies than those that are stored, to see what a change does. */
export type Changing = (stored: () => readonly Policy[]) => readonly Policy[]

/**
 * Throws when the caller is bound to other vaults. Only callers who see every vault learn that a vault does not exist. All other
 * callers get the same answer as for a vault without a policy for them (S4).
 */
export function accessTo(context: Asking, vaultId: string, changing: Changing = (stored) => stored()): Access {
  const vault = context.unit.get(vaultKind, vaultId)
  const caller = known(context.caller)
  checkBinding(caller, vaultId, vault)
  if (!vault && isAdmin(caller)) throw vaultNotFound()
  const all = vault && mayDoAll(context, caller, vault)
  const own = all ?? byPolicies(context, caller, vaultId, !!vault, changing)
  const judge = withinScopes(caller, withinDelegation(caller, vaultId, own.judge))
  const isAskedPerPath = context.policyEngine !== null || isNarrowed(caller)
  return {
    judge,
    require: (permission, path) => {
      const { allowed, because } = judge(permission, path)
      if (!allowed) throw denied({ reason: because })
      checkSecondOpinion(context, caller, { vaultId, permission, path })
    },
    among: (permission, things) => {
      const fitting = things.filter(({ path }) => judge(permission, path).allowed)
      const questions = fitting.map(({ path }) => ({ vaultId, permission, path }))
      return allowedOf(fitting, secondOpinions(context, caller, questions))
    },
    secondOpinion: (permission, path) => {
      const [opinion] = secondOpinions(context, caller, [{ vaultId, permission, path }])
      return opinion as Opinion
    },
    ranked: () => (isAskedPerPath ? null : own.ranked()),
  }
}

/** What the policies of a vault allow a caller, before the scopes of the API key. */
type OwnRules = Pick<Access, 'judge' | 'ranked'>

/** Whether the credential of a user reaches less than the user. */
function isNarrowed(caller: Known): boolean {
  return caller.kind === 'user' && (caller.keyScopes.length > 0 || caller.delegation !== null)
}

/** An API key without the scope for secrets reaches no secret in any area: not by a share, and not by a binding (M9). */
function withinScopes(caller: Known, judge: Access['judge']): Access['judge'] {
  if (caller.kind === 'agent' || caller.keyScopes.length === 0) return judge
  return (permission, path) => {
    const scope = permission === 'read' ? 'secrets:read' : 'secrets:write'
    if (hasScope(caller.keyScopes, scope)) return judge(permission, path)
    return { allowed: false, because: `The API key does not have the scope ${scope}.`, request: null }
  }
}

function allowedOf<T>(things: readonly T[], opinions: readonly Opinion[]): T[] {
  return things.filter((_, at) => opinions[at]?.allowed)
}

/** The owner of a vault may do everything in it; so may owners and admins in the vaults that belong to the engine. */
function mayDoAll(context: Asking, caller: Known, vault: Vault): OwnRules | null {
  if (owns(principalOf(caller), vault)) return { judge: () => yes('The caller owns the vault.'), ranked: () => ofOwner }
  if (!isSystemVault(vault) || !isAdmin(caller)) return null
  const judge: Access['judge'] = (permission, path) => {
    // The people who run the platform are admins too. Its users trust that these admins cannot get the keys of their agents.
    const isLocked = path.split('/').some((part) => isLockedAgent(context, caller, part))
    return isLocked && permission !== 'list'
      ? no('A platform app made the agent of this key for another user (platform_locked).')
      : yes('The caller is an owner or admin of the organisation.')
  }
  return { judge, ranked: () => null }
}

const ofOwner: RankedAccess = {
  policies: [],
  rules: { read: ownerRank, write: ownerRank, delete: ownerRank, rotate: ownerRank },
  scopes: 0,
  alike: 'owner',
}

function isLockedAgent({ unit }: Asking, caller: Known, id: string): boolean {
  const agent = uuidPattern.test(id) ? unit.get(agentKind, id) : null
  return agent?.connection !== undefined && agent.createdBy.id !== caller.id
}

function isDelegated(caller: Known): boolean {
  return caller.kind === 'user' && caller.delegation !== null
}

/** A platform app that acts for a user reaches the vaults that it made for this user, and those that the user granted. */
function isWithinReach(caller: Known, vaultId: string): boolean {
  const delegation = caller.kind === 'user' ? caller.delegation : null
  return delegation === null || delegation.vaults.some(({ id }) => id === vaultId)
}

/** An app can read nothing in a vault that it made, even with a grant. The user decides about all other vaults. */
function withinDelegation(caller: Known, vaultId: string, judge: Access['judge']): Access['judge'] {
  const delegation = caller.kind === 'user' ? caller.delegation : null
  if (delegation === null) return judge
  const reach = delegation.vaults.filter(({ id }) => id === vaultId)
  const isLocked = reach.some((one) => one.isLocked)
  return (permission, path) => {
    const isRead = permission === 'read' || permission === 'list'
    if (isLocked && isRead)
      return no('The app made this vault for its user, so only the user reads it (platform_locked).')
    const needed = metBy[permission] as readonly string[]
    const isGranted = reach.some(
      ({ permissions, paths }) =>
        permissions.some((one) => needed.includes(one)) && paths.some((glob) => compileGlob(glob)?.matches(path)),
    )
    return isGranted ? judge(permission, path) : no('The user did not grant this to the app.')
  }
}

const yes = (because: string): Verdict => ({ allowed: true, because, request: null })
const no = (because: string): Verdict => ({ allowed: false, because, request: null })

function byPolicies(context: Asking, caller: Known, vaultId: string, exists: boolean, changing: Changing): OwnRules {
  const scopes = caller.kind === 'agent' ? pathScopes(caller.scopes) : []
  const covered = (path: string) => scopes.length === 0 || scopes.some((scope) => compileGlob(scope)?.matches(path))
  // The policies of a deleted vault go a moment after it.
  const policies = exists ? changing(() => policiesOf(context, caller, vaultId)) : []
  const compiled = compiledOnce(policies)
  const nothing = caller.kind === 'agent' && policies.length === 0
  const refusal = nothing
    ? 'No policy gives this agent access to this vault, so it has no scopes here.'
    : 'Insufficient permissions.'
  const asked = (permission: Need, path: string) => {
    const risk = compiled.asksRisk ? riskOf(context.unit, principalOf(caller), context.now) : null
    return requestOf(context, caller, permission, path, risk)
  }
  return {
    judge: (permission, path) => {
      if (!covered(path))
        return { allowed: false, because: 'The agent’s scopes do not cover this path.', request: null }
      const request = asked(permission, path)
      const { allowed } = compiled.decide(request)
      return { allowed, because: allowed ? 'A policy allows it.' : refusal, request }
    },
    ranked: () => {
      const { environment, role, authMethod, risk, ...request } = asked('read', '')
      const facts = { environment, role, authMethod, risk }
      const { policies, places: rules } = compiled.ranks({ ...request, ...facts })
      const alike = JSON.stringify([scopes, facts, policies.map(withoutNames)])
      return { policies, rules, scopes: placeOfScopes(scopes), alike }
    },
  }
}

/** What a policy says, without its principal. */
function withoutNames({ pattern, permissions, effect, priority, conditions, attributeConditions, expiresAt }: Policy) {
  return [pattern, permissions, effect, priority, conditions, attributeConditions, expiresAt]
}

function requestOf(
  { now, origin }: Asking,
  caller: Known,
  permission: Need,
  path: string,
  risk: DecisionRequest['risk'],
): DecisionRequest {
  return {
    path,
    permission,
    principal: principalOf(caller),
    now,
    ip: origin.ip ?? null,
    environment: caller.kind === 'agent' ? caller.environment : null,
    role: caller.kind === 'user' ? caller.role : null,
    authMethod: caller.authMethod,
    risk,
  }
}

/** The policies of a vault that name the caller. */
export function policiesOf({ unit }: Pick<Context, 'unit'>, caller: Known, vaultId: string): readonly Policy[] {
  return unit.list(policyKind, 'principal', caller.kind, caller.id, vaultId)
}

/** Scopes such as `vaults:read` name abilities, not paths, and do not take part in the check of a path. */
export function pathScopes(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => !scope.includes(':')).map((scope) => (scope === '*' ? '**' : scope))
}

/** An agent that is bound to vaults has no business with others, except with those it made itself. */
function checkBinding(caller: Known, vaultId: string, vault: Vault | null): void {
  if (isBoundElsewhere(caller, vaultId, vault))
    throw denied({ reason: 'The agent is limited to other vaults (vault_ids).' })
}

function isBoundElsewhere(caller: Known, vaultId: string, vault: Vault | null): boolean {
  if (caller.kind === 'user' || caller.vaultIds.length === 0) return false
  return !caller.vaultIds.includes(vaultId) && !(vault && owns(principalOf(caller), vault))
}

/** Owners and admins see every vault; everybody else what is theirs and what a live policy opens to them. */
function isVisible(context: Asking, caller: Known, vault: Vault): boolean {
  if (isAdmin(caller)) return true
  return policiesOf(context, caller, vault.id).some((policy) => opens(policy, context.now))
}

export function opens(policy: Policy, now: number): boolean {
  return policy.effect === 'allow' && !isWaiting(policy) && !isExpired(policy, now)
}

/** Owners and admins may delete any vault; of the vaults that belong to the engine, they are the owners. */
function mayRun(caller: Known, vault: Vault, permission: string): boolean {
  return isAdmin(caller) && (permission === 'delete' || isSystemVault(vault))
}
