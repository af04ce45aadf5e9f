import { type Address, cidrContains, parseCidr } from '../../kernel/ip.ts'
import { type Context, denied, isAdmin, type Principal, signedIn } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { agentKind, isLive } from '../agents/index.ts'
import { userKind } from '../orgs/index.ts'
import { checkKeyMaterial } from '../secrets/index.ts'
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

/** Returns whether the caller is the creator, or an owner or admin. */
export function mayRevoke({ caller }: Context, share: Share): boolean {
  if (caller.kind === 'anonymous' || caller.org !== share.org) return false
  return isAdmin(caller) || isSame(share.createdBy, caller)
}

/** Throws if the caller is not the recipient. Callers of other organisations get `share_not_found`. */
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

/** Returns the verified address of the caller, or null. */
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

/** An unknown address is in no range. */
export function isAllowedFrom({ ipAllowlist }: Share, ip: Address | null): boolean {
  if (ipAllowlist.length === 0) return true
  return ipAllowlist.some((text) => {
    const range = parseCidr(text)
    return range !== null && ip !== null && cidrContains(range, ip)
  })
}

/**
 * Checks the creator at each read. A share ends with its creator, and an agent that cannot read keys cannot share them.
 * The read permission of the creator was checked when the share was created, and is not checked again.
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
