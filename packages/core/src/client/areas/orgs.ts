// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** The operations of the area `orgs`. */
export interface OrgsClient {
  /** List the members of your organisation. */
  listMembers(input?: NoInput, options?: CallOptions): Promise<ListOrgMembersOutput>

  /**
   * Add a member directly, without an invitation by e-mail.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `email_taken`: Another user already has this e-mail address.
   *
   * @example
   * await client.orgs.addMember({ email: 'new@example.com', password, role: 'member' })
   */
  addMember(input: AddOrgMemberInput, options?: CallOptions): Promise<OrgMember>

  /**
   * Change the role of a member.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `member_not_found`: The organisation has no member with this ID.
   * @throws `last_owner`: The organisation has no other owner. Give another member the role owner first.
   *
   * @example
   * await client.orgs.setRole({ user_id, role: 'admin' })
   */
  setRole(input: UpdateMemberRoleInput, options?: CallOptions): Promise<OrgMember>

  /**
   * Remove a member with their tokens, keys and policies. Their agents and vaults pass on to an owner.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `member_not_found`: The organisation has no member with this ID.
   *
   * @example
   * await client.orgs.removeMember({ user_id })
   */
  removeMember(input: RemoveMemberInput, options?: CallOptions): Promise<void>
}

/** Output of `orgs.listMembers`. */
export interface ListOrgMembersOutput {
  readonly members: OrgMember[]
}

export interface OrgMember {
  /** UUID. */
  readonly id: string
  readonly email: string
  readonly display_name: string
  readonly role: 'owner' | 'admin' | 'member'
  readonly auth_method: string
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `orgs.addMember`. */
export interface AddOrgMemberInput {
  /** E-mail address. */
  readonly email: string
  readonly password?: string | Secret<string> | null | undefined
  /** Name that other members see. At most 255 characters. */
  readonly display_name?: string | null | undefined
  /** Role of the member. Default: member. */
  readonly role?: 'owner' | 'admin' | 'member' | null | undefined
}

/** Input of `orgs.setRole`. */
export interface UpdateMemberRoleInput {
  /** UUID. */
  readonly user_id: string
  readonly role: 'owner' | 'admin' | 'member'
}

/** Input of `orgs.removeMember`. */
export interface RemoveMemberInput {
  /** UUID. */
  readonly user_id: string
}
