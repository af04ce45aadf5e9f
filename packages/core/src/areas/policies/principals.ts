import * as z from 'zod'
import { invalidField, PawlError } from '../../kernel/errors.ts'
import { addressShape, parseAddress } from '../../kernel/ip.ts'
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
import { directoryKind } from '../orgs/index.ts'
import { checkKeyMaterial, type SecretEntry, secretKind } from '../secrets/index.ts'
import { governs, type Vault } from '../vaults/index.ts'
import { type Access, accessTo, type Changing } from './access.ts'
import { policyKind } from './records.ts'
import type { Asking } from './second-opinion.ts'

// What others may do: each principal as a caller who asks now, or at the time and from the address in question.

/** When and from where the principals ask. */
export const situationFields = {
  at: fields
    .optional(fields.time())
    .describe('Time to evaluate the policies at. Default: now. Only managers of the vault may set it.'),
  ip: fields
    .optional(z.string('must be a string').meta(addressShape))
    .describe('IP address of the caller to evaluate. Default: yours. Only managers of the vault may set it.'),
}

export interface Situation {
  readonly vault: Vault
  readonly now: number
  readonly origin: Context['origin']
}

/** The time and the address to evaluate. Default: those of the request. Others would tell an agent when its limits open. */
export function situation(context: Context, vault: Vault, at: number | undefined, ip: string | undefined): Situation {
  if ((at !== undefined || ip !== undefined) && !governs(context, vault.id)) {
    throw denied({ reason: 'Only callers who manage the vault may ask about another time or address.' })
  }
  const address = ip === undefined ? (context.origin.ip ?? null) : parseAddress(ip)
  if (ip !== undefined && address === null) throw invalidField('ip', 'must be an IP address')
  return { vault, now: at ?? context.now, origin: { ip: address } }
}

/** Everybody may ask about themselves; about others, only who governs the vault. */
export function subjects(context: Context, vault: Vault, asked: Principal | null): Principal[] {
  const self = principalOf(signedIn(context))
  if (asked && asked.kind === self.kind && asked.id === self.id) return [self]
  const isGovernor = governs(context, vault.id)
  if (!isGovernor && asked) throw denied({ reason: 'Only callers who manage the vault may ask about others.' })
  if (asked) return [asked]
  if (!isGovernor) return [self]
  const named = context.unit.list(policyKind, 'vault', vault.id).map(({ principal }) => principal)
  const everybody = [vault.createdBy, self, ...named].map((one) => [`${one.kind} ${one.id}`, one] as const)
  return [...new Map(everybody).values()]
}

/** A principal as a caller with access to the vault. */
export interface Known {
  readonly asking: Asking
  readonly caller: UserCaller | AgentCaller
  readonly access: Access
}

/** The principal as a caller; the reason in words when it has no access at all. */
export function knownAs(
  context: Context,
  principal: Principal,
  { vault, now, origin }: Situation,
  changing?: Changing,
): Known | string {
  const caller = callerOf(context, principal, now)
  if (!caller) return 'The principal is not active in this organisation.'
  const { unit, policyEngine, log } = context
  const asking: Asking = { unit, policyEngine, log, caller, now, origin }
  const access = accessOrReason(asking, vault.id, changing)
  return typeof access === 'string' ? access : { asking, caller, access }
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
  const trusted = kind === 'user' ? { user: id } : { agent: id }
  try {
    const caller = identify(context)(context.unit, { trusted }, now)
    return caller.kind === kind ? (caller as UserCaller | AgentCaller) : null
  } catch (error) {
    if (notAuthenticated.is(error)) return null
    throw error
  }
}
