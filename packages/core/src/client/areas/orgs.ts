// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** The operations of the area `orgs`. */
export interface OrgsClient {
  /** List the members of your organisation. */
  listMembers(input?: NoInput, options?: CallOptions): Promise<ListOrgMembersOutput>

  /**
   * Add a member without an invitation, for installations that send no mail.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `email_taken`: Somebody signs in with this e-mail address already.
   *
   * @example
   * await client.orgs.addMember({ email: 'new@example.com', password, role: 'member' })
   */
  addMember(input: AddOrgMemberInput, options?: CallOptions): Promise<OrgMember>

  /**
   * Change the role of a member.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `member_not_found`: The organisation has no such member.
   * @throws `last_owner`: The organisation has no other owner: make somebody else an owner first.
   *
   * @example
   * await client.orgs.setRole({ user_id, role: 'admin' })
   */
  setRole(input: UpdateMemberRoleInput, options?: CallOptions): Promise<OrgMember>

  /**
   * Remove a member: their tokens, keys and policies end; agents and vaults they made stay.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `member_not_found`: The organisation has no such member.
   *
   * @example
   * await client.orgs.removeMember({ user_id })
   */
  removeMember(input: RemoveMemberInput, options?: CallOptions): Promise<void>
}

/** What `orgs.listMembers` answers. */
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

/** What `orgs.addMember` takes. */
export interface AddOrgMemberInput {
  /** E-mail address. */
  readonly email: string
  readonly password?: string | Secret<string> | null | undefined
  /** As others see it. At most 255 characters. */
  readonly display_name?: string | null | undefined
  /** Member, unless told. */
  readonly role?: 'owner' | 'admin' | 'member' | null | undefined
}

/** What `orgs.setRole` takes. */
export interface UpdateMemberRoleInput {
  /** UUID. */
  readonly user_id: string
  readonly role: 'owner' | 'admin' | 'member'
}

/** What `orgs.removeMember` takes. */
export interface RemoveMemberInput {
  /** UUID. */
  readonly user_id: string
}
