import { base64url, utf8 } from '../../kernel/bytes.ts'
import { day } from '../../kernel/time.ts'
import type { Context, Services } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'
import { invitationInvalid, invitationNotAgreed } from './errors.ts'
import { type User, userKind } from './records.ts'
import { settingsOf } from './settings.ts'

/** The offer to an address to become a member. Only the mail to the address contains the token. */
export interface Invitation {
  readonly id: string
  readonly org: string
  readonly email: string
  readonly role: User['role']
  readonly tokenHash: string
  readonly invitedBy: string
  readonly createdAt: number
  readonly expiresAt: number
  /** The rules about invitations and new members when it was sent (`ruleOn`). Missing: there was no rule. */
  readonly rule?: string | undefined
}

const actions = ['member.invite', 'member.add']

/** Global, because the organisation is unknown until the token is found. */
export const invitationKind = kind<Invitation>('invitation', {
  scope: 'global',
  indexes: {
    created: { key: ({ org, createdAt }) => [org, createdAt] },
    inviter: { key: ({ org, invitedBy }) => [org, invitedBy] },
    email: { unique: true, blind: true, key: ({ org, email }) => [org, email] },
    token: { unique: true, blind: true, key: ({ tokenHash }) => [tokenHash] },
  },
})

const droppedAtOnce = 20

/** Stages an invitation with a new token. It replaces an earlier one to the same address. */
export function newInvitation(
  context: Context,
  wanted: Pick<Invitation, 'email' | 'role' | 'invitedBy'>,
): { invitation: Invitation; token: string } {
  const { unit, now, newId, random } = context
  const org = unit.org ?? ''
  dropExpired(unit, org, now)
  dropInvitation(unit, wanted.email)
  const token = base64url(random.bytes(32))
  const tokenHash = hashOfToken(context, token)
  const expiresAt = now + settingsOf(unit).invitation_days * day
  const rule = currentRule(context) ?? undefined
  const invitation = { id: newId(), org, ...wanted, tokenHash, createdAt: now, expiresAt, rule }
  unit.put(invitationKind, invitation)
  return { invitation, token }
}

/**
 * Returns the valid invitation for a token and enters its organisation. It ends when the user is created (`newUser`). The
 * inviter must still be allowed to give the role. The commit fails if the inviter changes. If there is a
 * rule about invitations or new members, it must be the same as when the invitation was sent.
 */
export function validInvitation(context: Context, token: string): Invitation {
  const { unit, now } = context
  const invitation = unit.find(invitationKind, 'token', hashOfToken(context, token))
  if (!invitation || invitation.expiresAt <= now) throw invitationInvalid()
  unit.enter(invitation.org)
  const inviter = unit.get(userKind, invitation.invitedBy)
  if (!inviter || !mayInvite(inviter, invitation.role)) throw invitationInvalid()
  unit.check(userKind, inviter)
  const rule = currentRule(context)
  if (rule !== null && rule !== invitation.rule) throw invitationNotAgreed()
  return invitation
}

/** Null: no policy governs invitations or new members. */
function currentRule(context: Context): string | null {
  const rules = actions.flatMap((action) => context.areas.ruleOn(context, action) ?? [])
  return rules.length > 0 ? rules.join('\n') : null
}

function mayInvite({ status, role }: User, wanted: User['role']): boolean {
  return status === 'active' && (role === 'owner' || (role === 'admin' && wanted !== 'owner'))
}

/** Stages the deletion of the invitation to an address, if there is one. */
export function dropInvitation(unit: Unit, email: string): void {
  const invitation = unit.find(invitationKind, 'email', unit.org ?? '', email)
  if (invitation) unit.delete(invitationKind, invitation)
}

function hashOfToken({ crypto }: Pick<Services, 'crypto'>, token: string): string {
  return base64url(crypto.sha256(utf8(token)))
}

function dropExpired(unit: Unit, org: string, now: number): void {
  const oldest = unit.page(invitationKind, 'created', { tuple: [org], limit: droppedAtOnce })
  for (const invitation of oldest) if (invitation.expiresAt <= now) unit.delete(invitationKind, invitation)
}
