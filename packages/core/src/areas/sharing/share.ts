import { type Address, cidrContains, parseCidr } from '../../kernel/ip.ts'
import { type Context, denied, isAdmin, type Principal, signedIn } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { agentKind, isLive } from '../agents/index.ts'
import { userKind } from '../orgs/index.ts'
import { checkKeyMaterial } from '../secrets/index.ts'
import { shareGone, shareNotFound } from './errors.ts'
import { type Share, shareKind, shareRef } from './records.ts'

/** How many wrong passphrases a share bears. */
const failuresMax = 10

/** The share behind an id, whosever it is. */
export function findShare(unit: Unit, linkId: string): Share {
  return unit.require(shareKind, shareRef(linkId), shareNotFound)
}

/** The share behind an id, when it is of the caller's own organisation. */
export function ownShare(context: Context, linkId: string): Share {
  const share = findShare(context.unit, linkId)
  if (share.org !== signedIn(context).org) throw shareNotFound()
  return share
}

/** Creators, and those who run the organisation. */
export function mayRevoke({ caller }: Context, share: Share): boolean {
  if (caller.kind === 'anonymous' || caller.org !== share.org) return false
  return isAdmin(caller) || isSame(share.createdBy, caller)
}

/** Throws unless the caller is the one recipient the share names. Elsewhere than at home, it is not even there. */
export function checkRecipient(context: Context, share: Share): void {
  const { caller } = context
  if (isRecipient(context, share)) return
  const isHome = caller.kind !== 'anonymous' && caller.org === share.org
  throw isHome ? denied({ reason: 'This share is not for you.' }) : shareNotFound()
}

export function isRecipient(context: Context, share: Share): boolean {
  const { caller } = context
  const { recipient, acceptedBy } = share
  if (caller.kind === 'anonymous' || recipient.kind === 'anyone') return false
  if (recipient.kind !== 'email') return caller.org === share.org && isSame(recipient, caller)
  if (acceptedBy !== null) return isSame(acceptedBy, caller)
  return recipient.email === verifiedEmail(context)
}

/** Null for everybody who has not proven to have one. */
export function verifiedEmail({ caller, unit }: Context): string | null {
  if (caller.kind !== 'user') return null
  const user = unit.reading(caller.org).get(userKind, caller.id)
  return user?.emailVerified ? user.email : null
}

export function checkUsable({ expiresAt, failures, usesMax, uses }: Share, now: number): void {
  if (expiresAt <= now) throw shareGone({ reason: 'expired' })
  if (failures >= failuresMax) throw shareGone({ reason: 'locked' })
  if (usesMax > 0 && uses >= usesMax) throw shareGone({ reason: 'used_up' })
}

/** An address that is not known is not in any range. */
export function isAllowedFrom({ ipAllowlist }: Share, ip: Address | null): boolean {
  if (ipAllowlist.length === 0) return true
  return ipAllowlist.some((text) => {
    const range = parseCidr(text)
    return range !== null && ip !== null && cidrContains(range, ip)
  })
}

/**
 * A share gives nothing that whoever made it could not have: it ends with them, and an agent that may not read keys
 * does not read them through a share of its own either. What they may read is asked when the share is made, and not
 * again: a share is what they could give then.
 */
export function checkSharer({ unit, now }: Context, { createdBy }: Share, secretType: string): void {
  if (createdBy.kind === 'user') {
    const user = unit.get(userKind, createdBy.id)
    if (user?.status !== 'active') throw shareGone({ reason: 'orphaned' })
    unit.check(userKind, user)
    return
  }
  const agent = unit.get(agentKind, createdBy.id)
  if (!agent || !isLive(agent, now)) throw shareGone({ reason: 'orphaned' })
  checkKeyMaterial({ kind: 'agent', readsKeys: !agent.intentsApiEnabled }, secretType)
  unit.check(agentKind, agent)
}

export function isSame(one: Principal, other: Pick<Principal, 'kind' | 'id'>): boolean {
  return one.kind === other.kind && one.id === other.id
}
