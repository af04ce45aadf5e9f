import * as z from 'zod'
import { invalidField, PawlError } from '../../kernel/errors.ts'
import { addressShape, parseAddress } from '../../kernel/ip.ts'
import { madeOnce } from '../../kernel/maps.ts'
import {
  type AgentCaller,
  type Caller,
  type Context,
  denied,
  fields,
  notAuthenticated,
  type Principal,
  perEngine,
  principalOf,
  signedIn,
  type UserCaller,
} from '../../operations/index.ts'
import { agentKind } from '../agents/index.ts'
import { directoryKind, userKind } from '../orgs/index.ts'
import { checkKeyMaterial, type SecretEntry, secretKind } from '../secrets/index.ts'
import { governs, type Vault } from '../vaults/index.ts'
import { type Access, accessTo, type Changing } from './access.ts'
import { policiesAt } from './past.ts'
import { isFor, type Policy } from './policy.ts'
import { policyKind } from './records.ts'
import type { Asking } from './second-opinion.ts'

// What others may do: each principal as a caller who asks now, or at the time and from the address in question.

/** When and from where the principals ask. */
export const situationFields = {
  at: fields
    .optional(fields.time())
    .describe(
      'Time to evaluate at. Default: now. A time in the past uses the policies of that time. Only managers of the vault may set it.',
    ),
  ip: fields
    .optional(z.string('must be a string').meta(addressShape))
    .describe('IP address of the caller to evaluate. Default: yours. Only managers of the vault may set it.'),
}

export interface Situation {
  readonly vault: Vault
  readonly now: number
  readonly origin: Context['origin']
  /** The policies of the vault at a time in the past. Null: those of now. */
  readonly then: readonly Policy[] | null
}

/** The time and the address to evaluate. Default: those of the request. Others would tell an agent when its limits open. */
export function situation(context: Context, vault: Vault, at: number | undefined, ip: string | undefined): Situation {
  if ((at !== undefined || ip !== undefined) && !governs(context, vault.id)) {
    throw denied({ reason: 'Only callers who manage the vault may ask about another time or address.' })
  }
  const address = ip === undefined ? (context.origin.ip ?? null) : parseAddress(ip)
  if (ip !== undefined && address === null) throw invalidField('ip', 'must be an IP address')
  const isPast = at !== undefined && at < context.now
  const then = isPast ? policiesAt(context, vault.id, at) : null
  if (isPast && !then)
    throw invalidField('at', 'must be more recent, because more than 10,000 policies of the vault have changed')
  return { vault, now: at ?? context.now, origin: { ip: address }, then }
}

/** Everybody may ask about themselves; about others, only who governs the vault. */
export function subjects(
  context: Context,
  { vault, then }: Pick<Situation, 'vault' | 'then'>,
  asked: Principal | null,
): Principal[] {
  const self = principalOf(signedIn(context))
  if (asked && asked.kind === self.kind && asked.id === self.id) return [self]
  const isGovernor = governs(context, vault.id)
  if (!isGovernor && asked) throw denied({ reason: 'Only callers who manage the vault may ask about others.' })
  if (asked) return [asked]
  if (!isGovernor) return [self]
  const policies = then ?? context.unit.list(policyKind, 'vault', vault.id)
  const named = policies.map(({ principal }) => principal)
  const everybody = [vault.createdBy, self, ...named].map((one) => [`${one.kind} ${one.id}`, one] as const)
  return [...new Map(everybody).values()]
}

/** A principal as a caller with access to the vault. */
export interface Known {
  readonly asking: Asking
  readonly caller: UserCaller | AgentCaller
  readonly access: Access
  /** The principal was removed or stopped after the time in question. */
  readonly isFormer: boolean
}

/** The principal as a caller; the reason in words when it has no access at all. */
export function knownAs(
  context: Context,
  principal: Principal,
  { vault, now, origin, then }: Situation,
  changing: Changing = ofTime(then, principal),
): Known | string {
  const present = callerOf(context, principal, now)
  const caller = present ?? (then && formerCaller(context, principal))
  if (!caller) return 'The principal is not active in this organisation.'
  const { unit, policyEngine, log } = context
  const asking: Asking = { unit, policyEngine, log, caller, now, origin }
  const access = accessOrReason(asking, vault.id, changing)
  return typeof access === 'string' ? access : { asking, caller, access, isFormer: present === null }
}

/** Of the policies of a time in the past, those for one principal. */
export function ofTime(then: Situation['then'], principal: Principal): Changing {
  return (stored) => then?.filter((policy) => isFor(policy, principal)) ?? stored()
}

/** The policies of each principal of a vault, at the time in question. Reads those of all principals at once. */
export function policiesByPrincipal(
  { unit }: Pick<Context, 'unit'>,
  { vault, then }: Situation,
): (principal: Principal) => readonly Policy[] {
  const grouped = groupedOnce(then ?? unit.list(policyKind, 'vault', vault.id))
  return ({ kind, id }) => grouped.get(`${kind} ${id}`) ?? []
}

const grouped = new WeakMap<readonly Policy[], ReadonlyMap<string, readonly Policy[]>>()

/** The same lists for the same policies, so that each is compiled once: see `compiledOnce`. */
function groupedOnce(policies: readonly Policy[]): ReadonlyMap<string, readonly Policy[]> {
  const known = grouped.get(policies)
  if (known) return known
  const byPrincipal = new Map<string, Policy[]>()
  for (const policy of policies) {
    madeOnce(byPrincipal, `${policy.principal.kind} ${policy.principal.id}`, () => []).push(policy)
  }
  grouped.set(policies, byPrincipal)
  return byPrincipal
}

/** The reason, when the caller has no access at all. */
function accessOrReason(asking: Asking, vaultId: string, changing?: Changing): Access | string {
  try {
    return accessTo(asking, vaultId, changing)
  } catch (error) {
    if (denied.is(error)) return error.message
    throw error
  }
}

/** The reason why the caller may not read the secret at a path, even if the policies allow it. Null: no such reason. */
export function keyBlock({ unit }: Asking, caller: Caller, vault: Vault, path: string): string | null {
  const secret = unit.find(secretKind, 'path', vault.id, path)
  return secret && keyBlockOf(caller, secret)
}

/** Why the caller may not read a secret, because it is a private key. */
export function keyBlockOf(caller: Caller, secret: SecretEntry): string | null {
  try {
    checkKeyMaterial(caller, secret.newest.type)
    return null
  } catch (error) {
    if (error instanceof PawlError) return error.message
    throw error
  }
}

/** Makes a caller of a principal, as if it asked now. */
const identify = perEngine(({ authenticate }) => authenticate)

function callerOf(context: Context, { kind, id }: Principal, now: number): UserCaller | AgentCaller | null {
  const entry = context.unit.get(directoryKind, id)
  if (entry?.kind !== kind || entry.org !== context.unit.org) return null
  const trusted = { ...(kind === 'user' ? { user: id } : { agent: id }), isQuestion: true } as const
  try {
    const caller = identify(context)(context.unit, { trusted }, now)
    return caller.kind === kind ? (caller as UserCaller | AgentCaller) : null
  } catch (error) {
    if (notAuthenticated.is(error)) return null
    throw error
  }
}

/** A principal that no longer signs in, as it was when it last could. Of a removed one, only the policies are known. */
function formerCaller({ unit }: Context, { kind, id }: Principal): UserCaller | AgentCaller {
  const org = unit.org ?? ''
  if (kind === 'user') {
    const user = unit.get(userKind, id)
    const { role = 'member', authMethod = 'password' } = user ?? {}
    return { kind, id, org, role, authMethod, keyScopes: [], session: null, delegation: null }
  }
  const agent = unit.get(agentKind, id)
  const { authMethod = 'api_key', environment = null, scopes = [], vaultIds = [] } = agent ?? {}
  return {
    kind,
    id,
    org,
    authMethod,
    environment,
    scopes,
    vaultIds,
    readsKeys: !agent?.intentsApiEnabled,
    session: null,
  }
}
