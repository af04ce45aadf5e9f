import { type Address, cidrContains, parseCidr } from '../../kernel/ip.ts'
import {
  type AgentCaller,
  type Context,
  denied,
  type Holder,
  isAdmin,
  knownCaller,
  type Principal,
  settingsOf,
  signedIn,
  type UserCaller,
} from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type Agent, agentKind, isLive } from '../agents/index.ts'
import { userKind } from '../orgs/index.ts'
import { checkKeyMaterial, secretAt } from '../secrets/index.ts'
import { governs, vaultNotFound } from '../vaults/index.ts'
import { sharingAgentSettings } from './agent-settings.ts'
import { shareGone, shareNotFound } from './errors.ts'
import { type Share, shareKind, shareRef } from './records.ts'

/** Number of wrong passphrases that lock a share. */
const failuresMax = 10

/** Returns the share with this id, of any organisation. */
export function findShare(unit: Unit, linkId: string): Share {
  return unit.require(shareKind, shareRef(linkId), shareNotFound)
}

/** Returns the share with this id, if it belongs to the organisation of the caller. */
export function ownShare(context: Context, linkId: string): Share {
  const share = findShare(context.unit, linkId)
  if (share.org !== signedIn(context).org) throw shareNotFound()
  return share
}

/** Returns whether the caller is the creator, an owner or admin, or manages the vault of the secret. */
export function mayRevoke(context: Context, share: Share): boolean {
  const caller = signedIn(context)
  if (caller.org !== share.org) return false
  return isAdmin(caller) || isSame(share.createdBy, caller) || governs(context, share.vaultId)
}

/** Throws if the caller is not the recipient. Callers of other organisations get `share_not_found`. */
export function checkRecipient(context: Context, share: Share): void {
  if (isRecipient(context, share)) return
  throw knownCaller(context).org === share.org ? denied({ reason: 'This share is not for you.' }) : shareNotFound()
}

export function isRecipient(context: Context, { org, recipient, acceptedBy }: Share): boolean {
  const caller = knownCaller(context)
  if ('id' in recipient) return caller.org === org && isSame(recipient, caller)
  if (acceptedBy !== null) return isSame(acceptedBy, caller)
  return recipient.kind === 'email' && recipient.email === verifiedEmail(context)
}

/** Returns the verified address of the caller, or null. */
export function verifiedEmail({ caller, unit }: Context): string | null {
  if (caller.kind !== 'user') return null
  const user = unit.reading(caller.org).get(userKind, caller.id)
  return user?.emailVerified ? user.email : null
}

export function checkUsable(share: Share, now: number): void {
  const reason = endOf(share, now)
  if (reason) throw shareGone({ reason })
}

/** Whether a recipient could still read the share. */
export function isUsable(share: Share, now: number): boolean {
  return endOf(share, now) === null
}

function endOf({ expiresAt, failures, usesMax, uses }: Share, now: number) {
  if (expiresAt <= now) return 'expired'
  if (failures >= failuresMax) return 'locked'
  return usesMax > 0 && uses >= usesMax ? 'used_up' : null
}

/** An unknown address is in no range. */
export function isAllowedFrom({ ipAllowlist }: Share, ip: Address | null): boolean {
  if (ipAllowlist.length === 0) return true
  return ipAllowlist.some((text) => {
    const range = parseCidr(text)
    return range !== null && ip !== null && cidrContains(range, ip)
  })
}

/**
 * Checks at each read that the creator may still read the secret, now and from where the reader is. So a share never
 * gives more than its creator has, and ends with the policy that allowed it.
 */
export function checkSharer(context: Context, share: Share, { path, type }: { path: string; type: string }): void {
  const sharer = sharerOf(context, share)
  checkKeyMaterial(sharer, type)
  try {
    secretAt(share.vaultId, path).authorize({ ...context, caller: sharer }, 'read')
  } catch (error) {
    if (denied.is(error) || vaultNotFound.is(error)) throw shareGone({ reason: 'not_allowed' })
    throw error
  }
  if (share.recipient.kind === 'anyone' && sharer.kind === 'agent') checkLinkShares(context, sharer.id)
}

function checkLinkShares({ unit }: Context, agentId: string): void {
  const agent = unit.get(agentKind, agentId)
  if (!agent || !mayShareByLink(agent)) throw shareGone({ reason: 'not_allowed' })
}

/** Only a human can let an agent share by link, because every person with the link can read the secret. */
export function mayShareByLink({ settings }: Agent): boolean {
  return settingsOf(sharingAgentSettings, settings).link_shares_enabled === true
}

/** The creator as a caller. Depends on their record, so that a removal in the same moment counts. */
function sharerOf({ unit, now }: Context, { createdBy: { kind, id } }: Share): UserCaller | AgentCaller {
  const org = unit.org ?? ''
  if (kind === 'user') {
    const user = unit.get(userKind, id)
    if (user?.status !== 'active') throw shareGone({ reason: 'orphaned' })
    unit.check(userKind, user)
    const { role, authMethod } = user
    return { kind, id, org, role, authMethod, keyScopes: [], session: null, delegation: null }
  }
  const agent = unit.get(agentKind, id)
  if (!agent || !isLive(agent, now)) throw shareGone({ reason: 'orphaned' })
  unit.check(agentKind, agent)
  const { environment, scopes, vaultIds, authMethod, intentsApiEnabled } = agent
  return { kind, id, org, authMethod, environment, scopes, vaultIds, readsKeys: !intentsApiEnabled, session: null }
}

export function isSame(one: Principal, other: Holder): boolean {
  return one.kind === other.kind && one.id === other.id
}
