// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** The organisation and its members. */
export interface OrgsClient {
  /** List the members of your organisation. */
  readonly listMembers: {
    (input?: ListOrgMembersInput, options?: CallOptions): Promise<ListOrgMembersOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListOrgMembersInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<OrgMember, void, undefined>
  }

  /**
   * Add a member directly, without an invitation by e-mail.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `email_taken`: Another user already has this e-mail address.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
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
   * @throws `policy_governs`: A principal and a vault take their policies with them. So their removal would end a
   * rule without the agreement of people.
   *
   * @example
   * await client.orgs.removeMember({ user_id })
   */
  removeMember(input: RemoveMemberInput, options?: CallOptions): Promise<void>

  /**
   * Invite an e-mail address to your organisation. The invitation goes there by mail.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `email_taken`: Another user already has this e-mail address.
   * @throws `mail_not_configured`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.orgs.invite({ email: 'ada@example.com', role: 'admin' })
   */
  invite(input: InviteMemberInput, options?: CallOptions): Promise<InviteMemberOutput>

  /**
   * Accept an invitation with the token from the mail, and choose a password. Then you can sign in.
   *
   * @throws `invitation_invalid`: The invitation does not exist, has expired or was used. Ask for a new one.
   * @throws `invitation_not_agreed`: The rule about invitations changed, so this invitation is not valid. Ask an
   * owner or admin for a new one.
   * @throws `email_taken`: Another user already has this e-mail address.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.orgs.acceptInvitation({ token, password })
   */
  acceptInvitation(input: AcceptInvitationInput, options?: CallOptions): Promise<OrgMember>

  /** List the invitations of your organisation that can still be accepted. */
  readonly listInvitations: {
    (input?: ListInvitationsInput, options?: CallOptions): Promise<ListInvitationsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListInvitationsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Invitation, void, undefined>
  }

  /**
   * Revoke an invitation that was not accepted yet.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `invitation_not_found`: The organisation has no invitation with this ID.
   *
   * @example
   * await client.orgs.revokeInvitation({ invitation_id })
   */
  revokeInvitation(input: RevokeInvitationInput, options?: CallOptions): Promise<void>

  /** Get the settings of your organisation. */
  settings(input?: NoInput, options?: CallOptions): Promise<GetOrgSettingsOutput>

  /**
   * Change one setting of your organisation.
   *
   * @throws `setting_not_found`
   *
   * @example
   * await client.orgs.changeSetting({ key: 'name', value: 'Example' })
   */
  changeSetting(input: UpdateOrgSettingInput, options?: CallOptions): Promise<UpdateOrgSettingOutput>
}

/** Input of `orgs.listMembers`. */
export interface ListOrgMembersInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `orgs.listMembers`. */
export interface ListOrgMembersOutput {
  readonly members: OrgMember[]
  readonly next_cursor?: string | undefined
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
  /** At most 1024 characters. */
  readonly password?: string | Secret<string> | null | undefined
  /** Name that other members see. At most 255 characters. */
  readonly display_name?: string | null | undefined
  /** Role of the member. Default: member. */
  readonly role?: 'owner' | 'admin' | 'member' | null | undefined
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `orgs.setRole`. */
export interface UpdateMemberRoleInput {
  /** UUID. */
  readonly user_id: string
  readonly role: 'owner' | 'admin' | 'member'
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `orgs.removeMember`. */
export interface RemoveMemberInput {
  /** UUID. */
  readonly user_id: string
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
}

/** Input of `orgs.invite`. */
export interface InviteMemberInput {
  /** E-mail address. */
  readonly email: string
  /** Role of the member. Default: member. */
  readonly role?: 'owner' | 'admin' | 'member' | null | undefined
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Output of `orgs.invite`. */
export interface InviteMemberOutput {
  readonly message: string
  readonly email: string
}

/** Input of `orgs.acceptInvitation`. */
export interface AcceptInvitationInput {
  /** At most 100 characters. */
  readonly token: string | Secret<string>
  /** At most 1024 characters. */
  readonly password: string | Secret<string>
  /** Name that other members see. At most 255 characters. */
  readonly display_name?: string | null | undefined
}

/** Input of `orgs.listInvitations`. */
export interface ListInvitationsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `orgs.listInvitations`. */
export interface ListInvitationsOutput {
  readonly invitations: Invitation[]
  readonly next_cursor?: string | undefined
}

export interface Invitation {
  /** UUID. */
  readonly id: string
  readonly email: string
  readonly role: 'owner' | 'admin' | 'member'
  /** UUID. */
  readonly invited_by: string
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly expires_at: string
}

/** Input of `orgs.revokeInvitation`. */
export interface RevokeInvitationInput {
  /** UUID. */
  readonly invitation_id: string
}

/** Output of `orgs.settings`. */
export interface GetOrgSettingsOutput {
  readonly settings: OrgSettings
}

export interface OrgSettings {
  /** Name of the organisation. Invitations contain it. */
  readonly name: string
  /** Number of days after which an invitation expires. Default: 7. From 1 to 30. */
  readonly invitation_days: number
  /**
   * Whether tokens must be bound to a key of their holder (DPoP). off: as each caller wants. warn: as off, and the
   * log names callers without. required: other credentials are refused. Default: off.
   */
  readonly dpop: 'off' | 'warn' | 'required'
  /** Whether each proof must have a recent nonce of the server. Not all clients can. Default: off. */
  readonly dpop_nonce: 'off' | 'on'
  /**
   * Who can let an agent sign more than before. two_persons: another owner or admin must approve the change. Default:
   * one_person.
   */
  readonly wider_limits: 'one_person' | 'two_persons'
  /** Whether mail about approvals of risk tier 1 has a link that decides without a sign-in. Default: on. */
  readonly approval_links: 'on' | 'off'
  /**
   * Whether every transaction of an agent on an EVM chain is simulated before it is signed. A transaction that fails,
   * or that no node simulates, is refused. Default: false.
   */
  readonly 'intents_api.require_simulation': 'true' | 'false'
  /**
   * Requests of one principal in a minute from which risk events tell of a burst, if it usually makes a sixth. 0:
   * never. Default: 6000. From -9007199254740991 to 100000.
   */
  readonly risk_requests?: number | undefined
  /**
   * Refused requests of one principal in 5 minutes from which risk events tell of a storm. 0: never. Default: 100.
   * From -9007199254740991 to 100000.
   */
  readonly risk_denied?: number | undefined
  /**
   * Secrets that one principal reads in 10 minutes from which it cannot sign in, if it usually reads a fifth. 0:
   * never. Default: 100. From -9007199254740991 to 100000.
   */
  readonly risk_secrets?: number | undefined
  /**
   * Maximum number of vaults that one agent can create. 0: none. Default: the limit of the server. From 0 to 999999.
   */
  readonly agent_vaults_max?: number | undefined
  /**
   * Maximum number of secrets, also in vaults of others, that one agent can create. 0: none. Default: the limit of
   * the server. From 0 to 999999.
   */
  readonly agent_secrets_max?: number | undefined
  /**
   * Maximum number of shares that have not ended that one agent can create. 0: none. Default: the limit of the
   * server. From 0 to 999999.
   */
  readonly agent_shares_max?: number | undefined
  /**
   * Maximum number of policies that one agent can create. 0: none. Default: the limit of the server. From 0 to
   * 999999.
   */
  readonly agent_policies_max?: number | undefined
}

/** Input of `orgs.changeSetting`. */
export interface UpdateOrgSettingInput {
  /** At most 64 characters. */
  readonly key: string
  /** New value of the setting. At most 1000 characters. */
  readonly value: string | number
}

/** Output of `orgs.changeSetting`. */
export interface UpdateOrgSettingOutput {
  readonly settings: OrgSettings
}
