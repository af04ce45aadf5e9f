// Written by tools/gen-client-types.ts.

import type { CallOptions, JsonObject } from '../types.ts'

/** Rules that say who may do what with which paths of a vault. */
export interface PoliciesClient {
  /**
   * Create a policy that allows or denies permissions on paths of a vault. A policy of an agent for another principal
   * waits until that principal accepts it.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   *
   * @example
   * await client.policies.create({
   *   vault_id,
   *   secret_path_pattern: 'db/**',
   *   principal_type: 'user',
   *   principal_id,
   *   permissions: ['read'],
   * })
   */
  create(input: CreatePolicyInput, options?: CallOptions): Promise<Policy>

  /**
   * List the policies of a vault.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.policies.list({ vault_id })
   */
  readonly list: {
    (input: ListPoliciesInput, options?: CallOptions): Promise<ListPoliciesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListPoliciesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Policy, void, undefined>
  }

  /**
   * Update a policy. Its path pattern and its principal cannot change.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `policy_not_found`: The vault has no policy with this ID.
   *
   * @example
   * await client.policies.update({ vault_id, policy_id, permissions: ['write'] })
   */
  update(input: UpdatePolicyInput, options?: CallOptions): Promise<Policy>

  /**
   * Delete a policy. Tokens in use lose its permissions at once.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `policy_not_found`: The vault has no policy with this ID.
   *
   * @example
   * await client.policies.delete({ vault_id, policy_id })
   */
  delete(input: DeletePolicyInput, options?: CallOptions): Promise<void>

  /**
   * Show which secrets a pattern matches, and what a change of policy gives and takes away, without storing it.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `policy_not_found`: The vault has no policy with this ID.
   *
   * @example
   * await client.policies.preview({ vault_id, secret_path_pattern: 'db/**' })
   */
  preview(input: PreviewPolicyInput, options?: CallOptions): Promise<PreviewPolicyOutput>

  /**
   * Explain who may access a path, and which policy decides. Only managers of the vault may ask about other callers.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.policies.explain({ vault_id, path: 'db/password' })
   */
  explain(input: ExplainAccessInput, options?: CallOptions): Promise<ExplainAccessOutput>

  /**
   * Show what every user and agent with a policy may do in the folders of a vault, sorted by name.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.policies.reach({ vault_id })
   */
  reach(input: ReachOfVaultInput, options?: CallOptions): Promise<ReachOfVaultOutput>

  /**
   * List what a user or an agent can read, in the vaults that the caller manages.
   *
   * @example
   * await client.policies.readable({ principal_type: 'user', principal_id })
   */
  readable(input: ListReadableInput, options?: CallOptions): Promise<ListReadableOutput>

  /**
   * List the permissions that policies of a vault give to agents, and that the agents did not use. Policies that are
   * newer than the period are not listed.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.policies.unused({ vault_id, days: 7 })
   */
  unused(input: ListUnusedGrantsInput, options?: CallOptions): Promise<ListUnusedGrantsOutput>

  /** List the policies of agents that wait until the caller accepts them. */
  readonly inbound: {
    (input?: ListInboundPoliciesInput, options?: CallOptions): Promise<ListInboundPoliciesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListInboundPoliciesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Policy, void, undefined>
  }

  /**
   * Accept a policy that an agent made for the caller. Without that, it allows nothing.
   *
   * @throws `policy_not_found`: The vault has no policy with this ID.
   *
   * @example
   * await client.policies.accept({ policy_id })
   */
  accept(input: AcceptPolicyInput, options?: CallOptions): Promise<void>

  /**
   * Decline a policy that an agent made for the caller, even after accepting it. This deletes the policy.
   *
   * @throws `policy_not_found`: The vault has no policy with this ID.
   *
   * @example
   * await client.policies.decline({ policy_id })
   */
  decline(input: DeclinePolicyInput, options?: CallOptions): Promise<void>
}

/** Input of `policies.create`. */
export interface CreatePolicyInput {
  /** UUID. */
  readonly vault_id: string
  /** Path pattern. * matches within one segment, ** matches any number of segments. At most 512 characters. */
  readonly secret_path_pattern: string
  /** Whether the policy is for a user or an agent. */
  readonly principal_type: 'user' | 'agent'
  /** ID of the user or the agent. UUID. */
  readonly principal_id: string
  /** Permissions of the policy. Write includes delete and rotate. At most 16 entries. */
  readonly permissions: readonly PolicyPermission[]
  /** When it applies: ip_allowlist, time_window, environment_in. */
  readonly conditions?: PolicyConditions | null | undefined
  /** When the policy expires. Default: never. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** Whether the policy allows or denies. Default: allow. */
  readonly effect?: 'allow' | 'deny' | null | undefined
  /** The policy with the highest priority decides. Default: 0. From 0 to 1000000. */
  readonly priority?: number | null | undefined
  /** To whom it applies: principal_role, auth_method, risk_verdict_max. */
  readonly attribute_conditions?: PolicyAttributeConditions | null | undefined
  /** Who must agree before an agent signs with a key at these paths. It does not affect access to secrets. */
  readonly consensus_trigger?: JsonObject | null | undefined
  /** Stored and returned. It does not affect access to secrets. */
  readonly tx_conditions?: JsonObject | null | undefined
  /** ID of an executed pending approval, if a consensus_trigger governs changes of policies. It is stored. UUID. */
  readonly approval_id?: string | null | undefined
  /** Stored and returned. It has no effect. From 0 to 100. */
  readonly policy_schema_version?: number | null | undefined
  /** If true and an equal policy exists, create none and answer with that policy. Default: false. */
  readonly if_absent?: boolean | null | undefined
}

export type PolicyPermission = 'read' | 'write' | 'delete' | 'rotate'

/** When it applies: ip_allowlist, time_window, environment_in. */
export interface PolicyConditions {
  /** IPv4 and IPv6 addresses and CIDR ranges. The address of the caller must be in one of them. */
  readonly ip_allowlist?: readonly string[] | undefined
  /** When a policy applies. Every given part must hold. At least one is required. */
  readonly time_window?: TimeWindow | undefined
  /** Environments. That of the calling agent must be one of them. At most 64 entries. */
  readonly environment_in?: string | readonly string[] | undefined
  readonly [name: string]: unknown
}

/** When a policy applies. Every given part must hold. At least one is required. */
export interface TimeWindow {
  /** Time of day as HH:MM. The window begins here. */
  readonly after?: string | undefined
  /** Time of day as HH:MM. The window ends just before it. */
  readonly before?: string | undefined
  /** Hour in which the window begins. From 0 to 23. */
  readonly start_hour?: number | undefined
  /** Hour just before which the window ends. From 0 to 24. */
  readonly end_hour?: number | undefined
  /** Days of the week, from 0 (Sunday) to 6. */
  readonly days_of_week?: readonly (0 | 1 | 2 | 3 | 4 | 5 | 6)[] | undefined
  /** Cron expression of six fields, seconds first. */
  readonly cron_expr?: string | undefined
  /** IANA time zone, such as Europe/Vienna. Default: UTC. */
  readonly timezone?: string | undefined
  readonly [name: string]: unknown
}

/** To whom it applies: principal_role, auth_method, risk_verdict_max. */
export interface PolicyAttributeConditions {
  /** Roles. That of the calling user must be one of them. At most 64 entries. */
  readonly principal_role?: 'owner' | 'admin' | 'member' | readonly ('owner' | 'admin' | 'member')[] | undefined
  /**
   * Ways of authenticating, such as password or api_key. That of the caller must be one of them. At most 64 entries.
   */
  readonly auth_method?: string | readonly string[] | undefined
  /** The highest severity that a risk verdict about the caller may have. none: there is no verdict. */
  readonly risk_verdict_max?: 'none' | 'low' | 'medium' | 'high' | 'critical' | undefined
  readonly [name: string]: unknown
}

export interface Policy {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly vault_id: string
  readonly secret_path_pattern: string
  readonly principal_type: 'user' | 'agent'
  /** UUID. */
  readonly principal_id: string
  readonly permissions: PolicyPermission[]
  /** When it applies: ip_allowlist, time_window, environment_in. */
  readonly conditions: PolicyConditions
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  readonly created_by: string
  readonly created_by_type: string
  /** RFC 3339 time. */
  readonly created_at: string
  readonly effect?: 'allow' | 'deny' | undefined
  readonly priority?: number | undefined
  /** To whom it applies: principal_role, auth_method, risk_verdict_max. */
  readonly attribute_conditions?: PolicyAttributeConditions | undefined
  readonly consensus_trigger?: JsonObject | undefined
  readonly tx_conditions?: JsonObject | undefined
  /** UUID. */
  readonly approval_id?: string | undefined
  readonly policy_schema_version?: number | undefined
  /** False while a policy of an agent waits for its principal. */
  readonly is_accepted?: boolean | undefined
  /** True if the answer is a policy that existed before this call. Otherwise absent. */
  readonly already_exists?: boolean | undefined
}

/** Input of `policies.list`. */
export interface ListPoliciesInput {
  /** UUID. */
  readonly vault_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `policies.list`. */
export interface ListPoliciesOutput {
  readonly policies: Policy[]
  readonly next_cursor?: string | undefined
}

/** Input of `policies.update`. */
export interface UpdatePolicyInput {
  /** UUID. */
  readonly vault_id: string
  /** UUID. */
  readonly policy_id: string
  /** Permissions of the policy. Write includes delete and rotate. At most 16 entries. */
  readonly permissions?: readonly PolicyPermission[] | null | undefined
  /** When it applies: ip_allowlist, time_window, environment_in. */
  readonly conditions?: PolicyConditions | null | undefined
  /** When the policy expires. Default: never. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** Whether the policy allows or denies. Default: allow. */
  readonly effect?: 'allow' | 'deny' | null | undefined
  /** The policy with the highest priority decides. Default: 0. From 0 to 1000000. */
  readonly priority?: number | null | undefined
  /** To whom it applies: principal_role, auth_method, risk_verdict_max. */
  readonly attribute_conditions?: PolicyAttributeConditions | null | undefined
  /** Who must agree before an agent signs with a key at these paths. It does not affect access to secrets. */
  readonly consensus_trigger?: JsonObject | null | undefined
  /** Stored and returned. It does not affect access to secrets. */
  readonly tx_conditions?: JsonObject | null | undefined
  /** ID of an executed pending approval, if a consensus_trigger governs changes of policies. It is stored. UUID. */
  readonly approval_id?: string | null | undefined
  /** Changes the policy only if it has this effect. Clients of contract 2.6 send allow. */
  readonly if_effect?: 'allow' | 'deny' | null | undefined
}

/** Input of `policies.delete`. */
export interface DeletePolicyInput {
  /** UUID. */
  readonly vault_id: string
  /** UUID. */
  readonly policy_id: string
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
}

/** Input of `policies.preview`. */
export interface PreviewPolicyInput {
  /** UUID. */
  readonly vault_id: string
  /** Policy to change. Without any other field, to delete. UUID. */
  readonly policy_id?: string | null | undefined
  /** Path pattern of a new policy. At most 512 characters. */
  readonly secret_path_pattern?: string | null | undefined
  readonly principal_type?: 'user' | 'agent' | null | undefined
  /** ID of the user or the agent of a new policy. UUID. */
  readonly principal_id?: string | null | undefined
  /** Permissions of the policy. Write includes delete and rotate. At most 16 entries. */
  readonly permissions?: readonly PolicyPermission[] | null | undefined
  /** When it applies: ip_allowlist, time_window, environment_in. */
  readonly conditions?: PolicyConditions | null | undefined
  /** When the policy expires. Default: never. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** Whether the policy allows or denies. Default: allow. */
  readonly effect?: 'allow' | 'deny' | null | undefined
  /** The policy with the highest priority decides. Default: 0. From 0 to 1000000. */
  readonly priority?: number | null | undefined
  /** To whom it applies: principal_role, auth_method, risk_verdict_max. */
  readonly attribute_conditions?: PolicyAttributeConditions | null | undefined
  /** Who must agree before an agent signs with a key at these paths. It does not affect access to secrets. */
  readonly consensus_trigger?: JsonObject | null | undefined
  /** Stored and returned. It does not affect access to secrets. */
  readonly tx_conditions?: JsonObject | null | undefined
  /** ID of an executed pending approval, if a consensus_trigger governs changes of policies. It is stored. UUID. */
  readonly approval_id?: string | null | undefined
}

/** Output of `policies.preview`. */
export interface PreviewPolicyOutput {
  /** Secrets of the vault. */
  readonly secrets: number
  /** Secrets that the pattern matches. */
  readonly matches: number
  /** Up to 100 of these. */
  readonly paths: string[]
  /** What the principal may do after the change and not before. */
  readonly gained: PreviewPolicyGained[]
  /** What the principal may do before the change and not after. */
  readonly lost: PreviewPolicyLost[]
  /** True when the vault has more secrets than were looked at. */
  readonly is_partial: boolean
}

export interface PreviewPolicyGained {
  readonly permission: 'read' | 'write' | 'delete' | 'rotate'
  readonly count: number
  readonly paths: string[]
}

export interface PreviewPolicyLost {
  readonly permission: 'read' | 'write' | 'delete' | 'rotate'
  readonly count: number
  readonly paths: string[]
}

/** Input of `policies.explain`. */
export interface ExplainAccessInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
  /** Permission to explain. Default: all. */
  readonly permission?: 'read' | 'write' | 'delete' | 'rotate' | null | undefined
  readonly principal_type?: 'user' | 'agent' | null | undefined
  /** ID of the user or agent to explain. Default: all. UUID. */
  readonly principal_id?: string | null | undefined
  /**
   * Time to evaluate at. Default: now. A time in the past uses the policies of that time. Only managers of the vault
   * may set it. RFC 3339 time.
   */
  readonly at?: string | null | undefined
  /** IP address of the caller to evaluate. Default: yours. Only managers of the vault may set it. */
  readonly ip?: string | null | undefined
}

/** Output of `policies.explain`. */
export interface ExplainAccessOutput {
  /** UUID. */
  readonly vault_id: string
  readonly path: string
  readonly answers: ExplainAccessAnswers[]
}

export interface ExplainAccessAnswers {
  readonly principal_type: 'user' | 'agent'
  /** UUID. */
  readonly principal_id: string
  readonly permission: 'read' | 'write' | 'delete' | 'rotate'
  readonly allowed: boolean
  readonly because: string
  /** UUID. */
  readonly policy_id?: string | undefined
  readonly policies: ExplainAccessAnswersPolicies[]
}

export interface ExplainAccessAnswersPolicies {
  /** UUID. */
  readonly policy_id: string
  readonly applies: boolean
  readonly decides: boolean
  readonly steps: ExplainAccessAnswersPoliciesSteps[]
}

export interface ExplainAccessAnswersPoliciesSteps {
  readonly about: string
  readonly passed: boolean
  readonly sentence: string
}

/** Input of `policies.reach`. */
export interface ReachOfVaultInput {
  /** UUID. */
  readonly vault_id: string
  /** Folder whose contents are the columns, such as db/. Default: the whole vault. At most 512 characters. */
  readonly folder?: string | null | undefined
  /** Only secrets whose path contains this text, in upper or lower case. Default: all. At most 512 characters. */
  readonly path?: string | null | undefined
  readonly principal_type?: 'user' | 'agent' | null | undefined
  /** ID of the user or agent to show. Default: all. UUID. */
  readonly principal_id?: string | null | undefined
  /**
   * Only users and agents whose name, email or ID contains this text, in upper or lower case. Default: all. At most
   * 200 characters.
   */
  readonly search?: string | null | undefined
  /**
   * Time to evaluate at. Default: now. A time in the past uses the policies of that time. Only managers of the vault
   * may set it. RFC 3339 time.
   */
  readonly at?: string | null | undefined
  /** IP address of the caller to evaluate. Default: yours. Only managers of the vault may set it. */
  readonly ip?: string | null | undefined
  /** Maximum number of users and agents. An answer can have fewer. Default: 100. From 1 to 200. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `policies.reach`. */
export interface ReachOfVaultOutput {
  readonly columns: ReachOfVaultColumns[]
  readonly principals: ReachOfVaultPrincipals[]
  /** The policies that the cells name. */
  readonly policies: ReachOfVaultPolicies[]
  /** Number of users and agents on all pages. */
  readonly total: number
  /** True when the folder has more than the columns show. */
  readonly is_partial: boolean
  readonly next_cursor?: string | undefined
}

export interface ReachOfVaultColumns {
  /** A secret, or a folder that ends with a slash. */
  readonly path: string
  readonly is_folder: boolean
  readonly secrets: number
  /** The first secret of the column. */
  readonly example: string
}

export interface ReachOfVaultPrincipals {
  readonly principal_type: 'user' | 'agent'
  /** UUID. */
  readonly principal_id: string
  /** Name of the agent, or name or email of the user. Missing if the caller cannot see the principal. */
  readonly name?: string | undefined
  /** Why the principal has no access at all. */
  readonly because?: string | undefined
  /** True when the principal was removed or stopped after the time asked for. */
  readonly is_former?: boolean | undefined
  /** Only columns in which the principal has a permission, or in which a policy refuses one. */
  readonly cells: ReachOfVaultPrincipalsCells[]
}

export interface ReachOfVaultPrincipalsCells {
  /** Path of the column. */
  readonly path: string
  /** Whether the principal may do so with all secrets of the column. */
  readonly read: 'all' | 'some' | 'none'
  /** Whether the principal may do so with all secrets of the column. */
  readonly write: 'all' | 'some' | 'none'
  /** Whether the principal may do so with all secrets of the column. */
  readonly delete: 'all' | 'some' | 'none'
  /** Whether the principal may do so with all secrets of the column. */
  readonly rotate: 'all' | 'some' | 'none'
  /** Number of secrets, for each permission that the principal has for some of the secrets. */
  readonly counts?: ReachOfVaultPrincipalsCellsCounts | undefined
  /**
   * A secret that the principal may use. If there is none, a secret that a policy refuses. Absent if it equals the
   * example of the column.
   */
  readonly example?: string | undefined
  /** Up to 5 policies that decide in the column. The one that decides about most secrets comes first. */
  readonly policy_ids?: string[] | undefined
}

export interface ReachOfVaultPrincipalsCellsCounts {
  readonly read?: number | undefined
  readonly write?: number | undefined
  readonly delete?: number | undefined
  readonly rotate?: number | undefined
}

export interface ReachOfVaultPolicies {
  /** UUID. */
  readonly policy_id: string
  readonly secret_path_pattern: string
  readonly effect: 'allow' | 'deny'
}

/** Input of `policies.readable`. */
export interface ListReadableInput {
  /** Whether it is a user or an agent. */
  readonly principal_type: 'user' | 'agent'
  /** ID of the user or the agent. UUID. */
  readonly principal_id: string
}

/** Output of `policies.readable`. */
export interface ListReadableOutput {
  readonly vaults: ListReadableVaults[]
  readonly is_partial: boolean
}

export interface ListReadableVaults {
  /** UUID. */
  readonly vault_id: string
  readonly name: string
  /** Secrets of the vault. */
  readonly secrets: number
  /** Secrets that the principal may read. */
  readonly readable: number
  /** Up to 50 of these. */
  readonly paths: string[]
  /** Why the principal has no access at all. */
  readonly because?: string | undefined
}

/** Input of `policies.unused`. */
export interface ListUnusedGrantsInput {
  /** UUID. */
  readonly vault_id: string
  /** Length of the period in days. Default: 30. From 1 to 3650. */
  readonly days?: number | null | undefined
}

/** Output of `policies.unused`. */
export interface ListUnusedGrantsOutput {
  readonly grants: ListUnusedGrantsGrants[]
  /** Beginning of the period. It is never before the oldest audit event that is kept. RFC 3339 time. */
  readonly since: string
  /** True if an agent, or the vault, has more events than one call reads. Some agents may then have more grants. */
  readonly is_partial: boolean
}

export interface ListUnusedGrantsGrants {
  /** UUID. */
  readonly policy_id: string
  /** ID of the agent. UUID. */
  readonly principal_id: string
  readonly secret_path_pattern: string
  /** Permissions of the policy that the agent did not use. */
  readonly unused: PolicyPermission[]
  /** Time of the last use of another permission of the policy. RFC 3339 time. */
  readonly last_used_at?: string | undefined
}

/** Input of `policies.inbound`. */
export interface ListInboundPoliciesInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `policies.inbound`. */
export interface ListInboundPoliciesOutput {
  readonly policies: Policy[]
  readonly next_cursor?: string | undefined
}

/** Input of `policies.accept`. */
export interface AcceptPolicyInput {
  /** UUID. */
  readonly policy_id: string
}

/** Input of `policies.decline`. */
export interface DeclinePolicyInput {
  /** UUID. */
  readonly policy_id: string
}
