// Written by tools/gen-client-types.ts.

import type { CallOptions, NoInput } from '../types.ts'

/** What the operator of a server does for all organisations. */
export interface AdminClient {
  /** List the settings of the server that can be changed while it runs. For the operator. */
  readonly listSettings: {
    (input?: AdminListSettingsInput, options?: CallOptions): Promise<AdminListSettingsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<AdminListSettingsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<ServerSetting, void, undefined>
  }

  /**
   * Change a setting of the server at once. It wins over the environment. For the operator.
   *
   * @throws `unknown_setting`
   *
   * @example
   * await client.admin.updateSetting({ key: 'sign_up', value: 'example.com' })
   */
  updateSetting(input: AdminUpdateSettingInput, options?: CallOptions): Promise<ServerSetting>

  /**
   * Remove the stored value of a setting, so that the environment counts again. For the operator.
   *
   * @throws `unknown_setting`
   *
   * @example
   * await client.admin.deleteSetting({ key: 'sign_up' })
   */
  deleteSetting(input: AdminDeleteSettingInput, options?: CallOptions): Promise<void>

  /** List the users of all organisations. For the operator. */
  readonly listUsers: {
    (input?: AdminListUsersInput, options?: CallOptions): Promise<AdminListUsersOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<AdminListUsersInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<AdminUser, void, undefined>
  }

  /**
   * Delete a user of any organisation, with their tokens, keys and policies. For the operator.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `last_owner`: The organisation has no other owner. Give another member the role owner first.
   * @throws `user_not_found`: The user does not exist.
   * @throws `policy_governs`: A principal and a vault take their policies with them. So their removal would end a
   * rule without the agreement of people.
   *
   * @example
   * await client.admin.deleteUser({ user_id })
   */
  deleteUser(input: AdminDeleteUserInput, options?: CallOptions): Promise<void>

  /**
   * Get the limits that an organisation has in place of those of its tier. For the operator.
   *
   * @throws `org_not_found`: There is no organisation with this ID.
   *
   * @example
   * await client.admin.getOrgLimits({ org_id })
   */
  getOrgLimits(input: AdminGetOrgLimitsInput, options?: CallOptions): Promise<OrgLimits>

  /**
   * Give an organisation limits in place of those of its tier. For the operator.
   *
   * @throws `org_not_found`: There is no organisation with this ID.
   *
   * @example
   * await client.admin.updateOrgLimits({ org_id, free_tier_override: 5000, is_sponsored: false })
   */
  updateOrgLimits(input: AdminUpdateOrgLimitsInput, options?: CallOptions): Promise<OrgLimits>

  /**
   * Give an organisation a tier for some time, without a payment. For the operator.
   *
   * @throws `org_not_found`: There is no organisation with this ID.
   *
   * @example
   * await client.admin.setBillingTier({ org_id, tier: 'enterprise' })
   */
  setBillingTier(input: AdminSetBillingTierInput, options?: CallOptions): Promise<AdminSetBillingTierOutput>

  /**
   * Give an organisation prepaid credits, without a payment. They end after twelve months. For the operator.
   *
   * @throws `org_not_found`: There is no organisation with this ID.
   *
   * @example
   * await client.admin.addCredits({ org_id, amount_usd: 25 })
   */
  addCredits(input: AdminAddCreditsInput, options?: CallOptions): Promise<AdminAddCreditsOutput>

  /** Strike out the requests of this month for all organisations. Credits stay. For the operator. */
  resetUsage(input?: NoInput, options?: CallOptions): Promise<AdminResetUsageEventsOutput>

  /**
   * Strike out the requests of this month for the organisation of a user. For the operator.
   *
   * @throws `user_not_found`: The user does not exist.
   *
   * @example
   * await client.admin.resetUserUsage({ email: 'owner@example.com' })
   */
  resetUserUsage(
    input: AdminResetUsageForUserByEmailInput,
    options?: CallOptions,
  ): Promise<AdminResetUsageForUserByEmailOutput>
}

/** Input of `admin.listSettings`. */
export interface AdminListSettingsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `admin.listSettings`. */
export interface AdminListSettingsOutput {
  readonly settings: ServerSetting[]
  readonly next_cursor?: string | undefined
}

export interface ServerSetting {
  readonly key: string
  /** The value that counts. */
  readonly value: string
  /** The value that counts without a stored one: that of the environment. */
  readonly default_value: string
  /** Where the value comes from. A stored one wins. */
  readonly source: 'stored' | 'environment'
  /** The environment variable of the server. */
  readonly variable: string
  readonly description: string
  /** UUID. */
  readonly updated_by?: string | undefined
  /** RFC 3339 time. */
  readonly updated_at?: string | undefined
}

/** Input of `admin.updateSetting`. */
export interface AdminUpdateSettingInput {
  /** Key of the setting, such as sign_up. At most 64 characters. */
  readonly key: string
  /** New value of the setting. At most 4096 characters. */
  readonly value: string
}

/** Input of `admin.deleteSetting`. */
export interface AdminDeleteSettingInput {
  /** Key of the setting, such as sign_up. At most 64 characters. */
  readonly key: string
}

/** Input of `admin.listUsers`. */
export interface AdminListUsersInput {
  /** Maximum number of users. Default: 100. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** Number of users to skip. Default: 0. */
  readonly offset?: number | null | undefined
}

/** Output of `admin.listUsers`. */
export interface AdminListUsersOutput {
  readonly users: AdminUser[]
  /** Number of all users. */
  readonly total: number
}

export interface AdminUser {
  /** UUID. */
  readonly id: string
  readonly email: string
  readonly display_name: string
  readonly role: string
  readonly auth_method: string
  /** UUID. */
  readonly org_id: string
  readonly org_name: string
  readonly billing_tier: string
  /** RFC 3339 time. */
  readonly created_at: string
  readonly free_tier_override?: number | undefined
  readonly is_sponsored: boolean
  /** Of the organisation. */
  readonly current_month_requests: number
}

/** Input of `admin.deleteUser`. */
export interface AdminDeleteUserInput {
  /** UUID. */
  readonly user_id: string
}

/** Input of `admin.getOrgLimits`. */
export interface AdminGetOrgLimitsInput {
  /** ID of the organisation. UUID. */
  readonly org_id: string
}

export interface OrgLimits {
  /** UUID. */
  readonly org_id: string
  readonly free_tier_override?: number | undefined
  readonly is_sponsored: boolean
}

/** Input of `admin.updateOrgLimits`. */
export interface AdminUpdateOrgLimitsInput {
  /** ID of the organisation. UUID. */
  readonly org_id: string
  /** Requests per month. null: as its tier says. */
  readonly free_tier_override?: number | null | undefined
  /** true: no limit of a tier holds, and the organisation pays nothing. */
  readonly is_sponsored?: boolean | null | undefined
}

/** Input of `admin.setBillingTier`. */
export interface AdminSetBillingTierInput {
  /** ID of the organisation. UUID. */
  readonly org_id: string
  /** Name of a tier of PAWL_TIERS, such as pro. The default tier has no end. At most 64 characters. */
  readonly tier: string
  /** How long the tier lasts. Default: 365. From 1 to 3650. */
  readonly duration_days?: number | null | undefined
}

/** Output of `admin.setBillingTier`. */
export interface AdminSetBillingTierOutput {
  /** UUID. */
  readonly org_id: string
  readonly tier: string
  /** RFC 3339 time. */
  readonly period_end?: string | undefined
}

/** Input of `admin.addCredits`. */
export interface AdminAddCreditsInput {
  /** ID of the organisation. UUID. */
  readonly org_id: string
  /** US dollars, a whole number. From 1 to 100000. */
  readonly amount_usd: number
  /** What the ledger says. Default: Credits of the operator. At most 255 characters. */
  readonly description?: string | null | undefined
}

/** Output of `admin.addCredits`. */
export interface AdminAddCreditsOutput {
  /** UUID. */
  readonly org_id: string
  readonly balance_usd: string
}

/** Output of `admin.resetUsage`. */
export interface AdminResetUsageEventsOutput {
  readonly deleted_events: number
}

/** Input of `admin.resetUserUsage`. */
export interface AdminResetUsageForUserByEmailInput {
  /** E-mail address. */
  readonly email: string
}

/** Output of `admin.resetUserUsage`. */
export interface AdminResetUsageForUserByEmailOutput {
  readonly deleted_events: number
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly user_id: string
  readonly email: string
  readonly display_name: string
}
