// Written by tools/gen-client-types.ts.

/** The codes of the errors that the engine and its client throw. */
export type PawlErrorCode =
  | 'access_policies_full'
  | 'access_policy_not_found'
  | 'agent_has_no_key'
  | 'agent_keys_vault_not_found'
  | 'agent_not_found'
  | 'already_voted'
  | 'api_key_not_found'
  | 'approval_decided'
  | 'approval_exceeded'
  | 'approval_link_invalid'
  | 'approval_not_found'
  | 'approval_required'
  | 'audit_copy_not_proven'
  | 'audit_events_dropped'
  | 'audit_segment_differs'
  | 'audit_segment_not_found'
  | 'bankr_config_not_found'
  | 'billing_failed'
  | 'billing_not_configured'
  | 'binding_name_taken'
  | 'binding_not_found'
  | 'budget_reached'
  | 'call_failed'
  | 'cannot_seal'
  | 'chain_exists'
  | 'chain_not_configured'
  | 'chain_not_found'
  | 'chain_not_watchable'
  | 'chain_removed'
  | 'chain_unavailable'
  | 'change_refused'
  | 'changes_dropped'
  | 'claim_expired'
  | 'claim_needs_sign_in'
  | 'claim_not_found'
  | 'claim_used'
  | 'client_key_differs'
  | 'client_share_missing'
  | 'client_share_unwanted'
  | 'client_share_wrong'
  | 'closed'
  | 'cmek_key_differs'
  | 'cmek_not_enabled'
  | 'cmek_rotation_not_found'
  | 'cmek_rotation_running'
  | 'code_invalid'
  | 'code_needed'
  | 'confirmation_needed'
  | 'confirmation_wrong'
  | 'consensus_policy_not_found'
  | 'consensus_trigger_unreadable'
  | 'credential_not_given'
  | 'custody_not_configured'
  | 'custody_unavailable'
  | 'denied'
  | 'deposit_destination_not_found'
  | 'deposit_destinations_full'
  | 'deposit_key_of_wallet'
  | 'deposit_wallet_not_found'
  | 'device_code_not_found'
  | 'device_not_found'
  | 'devices_full'
  | 'email_taken'
  | 'enrolment_not_found'
  | 'environment_needs_second_person'
  | 'execution_disabled'
  | 'external_subject_conflict'
  | 'federation_refused'
  | 'federation_scopes_exceeded'
  | 'field_not_passed_on'
  | 'flagged_request_not_found'
  | 'guardrail_violated'
  | 'honeytoken_exists'
  | 'honeytoken_not_found'
  | 'idempotency_key_in_use'
  | 'idempotency_key_reused'
  | 'identity_not_found'
  | 'identity_not_linked'
  | 'identity_provider_not_configured'
  | 'identity_taken'
  | 'insufficient_balance'
  | 'intents_disabled'
  | 'internal'
  | 'internal_account_not_found'
  | 'internal_accounts_full'
  | 'invalid_agent_identity'
  | 'invalid_dpop_proof'
  | 'invalid_input'
  | 'invalid_key'
  | 'invalid_path'
  | 'invitation_invalid'
  | 'invitation_not_agreed'
  | 'invitation_not_found'
  | 'ip_rule_lockout'
  | 'ip_rule_not_found'
  | 'issuer_unavailable'
  | 'key_material_denied'
  | 'key_store_unavailable'
  | 'last_owner'
  | 'last_passkey'
  | 'last_way_in'
  | 'lease_not_found'
  | 'leases_full'
  | 'limits_changed'
  | 'link_invalid'
  | 'link_required'
  | 'mail_not_configured'
  | 'member_not_agreed'
  | 'member_not_found'
  | 'mfa_failed'
  | 'mfa_off'
  | 'mfa_on'
  | 'no_client_pool'
  | 'no_gas_payer'
  | 'no_passkey'
  | 'no_provider_key'
  | 'no_tiers'
  | 'not_a_customer'
  | 'not_admitted'
  | 'not_an_agent'
  | 'not_an_env_bundle'
  | 'not_an_owner'
  | 'not_authenticated'
  | 'not_supported_here'
  | 'oauth_consent_not_found'
  | 'oauth_invalid_client'
  | 'oauth_redirect_refused'
  | 'oauth_refused'
  | 'oauth_unknown_client'
  | 'operation_refused'
  | 'org_not_found'
  | 'own_request'
  | 'own_submission'
  | 'pages_too_small'
  | 'partner_key_missing'
  | 'passkey_exists'
  | 'passkey_failed'
  | 'passkey_needed'
  | 'passkey_not_found'
  | 'passkeys_full'
  | 'passkeys_unavailable'
  | 'passphrase_missing'
  | 'passphrase_wrong'
  | 'password_exists'
  | 'payment_refused'
  | 'payment_required'
  | 'pending_approval_not_found'
  | 'pending_approval_not_open'
  | 'platform_already_bootstrapped'
  | 'platform_app_has_no_webhook'
  | 'platform_app_not_found'
  | 'platform_connection_not_found'
  | 'platform_grant_not_found'
  | 'platform_grants_exceeded'
  | 'platform_not_bootstrapped'
  | 'platform_oidc_not_set'
  | 'platform_template_not_found'
  | 'platform_template_unknown'
  | 'platform_templates_exceeded'
  | 'platform_users_exceeded'
  | 'policy_governs'
  | 'policy_not_found'
  | 'proposal_decided'
  | 'proposal_not_found'
  | 'provider_failed'
  | 'rate_limited'
  | 'recipient_not_found'
  | 'recovery_not_found'
  | 'recovery_not_pending'
  | 'recovery_off'
  | 'recovery_open'
  | 'recovery_too_early'
  | 'resource_limit_exceeded'
  | 'risk_principal_not_found'
  | 'risk_verdict_not_found'
  | 'router_key_not_found'
  | 'router_keys_max'
  | 'safe_differs'
  | 'scopes_exceeded'
  | 'sealed'
  | 'second_factor_needed'
  | 'secret_gone'
  | 'secret_not_deleted'
  | 'secret_not_found'
  | 'secret_version_differs'
  | 'secret_version_not_found'
  | 'service_failed'
  | 'service_not_configured'
  | 'setting_not_found'
  | 'share_gone'
  | 'share_not_accepted'
  | 'share_not_found'
  | 'share_refused'
  | 'shroud_blocked'
  | 'shroud_disabled'
  | 'shroud_not_allowed'
  | 'shroud_route_unknown'
  | 'sign_in_failed'
  | 'sign_up_closed'
  | 'signing_key_exists'
  | 'signing_key_in_hsm'
  | 'signing_key_not_found'
  | 'signing_key_unusable'
  | 'simulation_reverted'
  | 'simulation_unavailable'
  | 'slug_taken'
  | 'smart_account_not_found'
  | 'spend_policies_exceeded'
  | 'spend_policy_not_found'
  | 'stronger_proof_needed'
  | 'subject_token_refused'
  | 'system_vault'
  | 'tee_required'
  | 'tier_not_for_sale'
  | 'token_exists'
  | 'token_not_found'
  | 'too_many_honeytokens'
  | 'too_many_ip_rules'
  | 'too_many_pending_approvals'
  | 'too_many_streams'
  | 'too_many_waiting'
  | 'transaction_not_found'
  | 'treasury_access_decided'
  | 'treasury_access_exists'
  | 'treasury_access_not_found'
  | 'treasury_not_compared'
  | 'treasury_not_found'
  | 'treasury_signer_exists'
  | 'treasury_signer_not_found'
  | 'unavailable'
  | 'unknown_setting'
  | 'unreachable'
  | 'use_dpop_nonce'
  | 'user_not_found'
  | 'value_is_encrypted'
  | 'vault_name_taken'
  | 'vault_not_found'
  | 'wallet_exists'
  | 'wallet_not_found'
  | 'wallets_full'
  | 'webhook_delivery_not_found'
  | 'webhook_not_found'
  | 'webhook_not_verified'
  | 'webhook_queue_full'
  | 'webhook_refused'
  | 'webhooks_full'
  | 'wrong_agent'
  | 'wrong_password'

/** The data of errors, by code. In-process, all fields are set. Over HTTP, optional fields can be missing. */
export interface PawlErrorData {
  /** Of kind `conflict`. */
  readonly access_policies_full: { readonly max?: number } | undefined
  /** Of kind `conflict`. */
  readonly approval_decided: { readonly status?: string } | undefined
  /**
   * Of kind `denied`: The chain has changed while a human decided, so what would be signed is more than what the
   * human saw.
   */
  readonly approval_exceeded: { readonly what?: string } | undefined
  /**
   * Of kind `denied`: The server does this only when other people have approved. `approval_request_id` is the
   * approval that waits.
   */
  readonly approval_required: { readonly approval_request_id?: string } | undefined
  /** Of kind `unavailable`: The payment provider refused, or does not answer. */
  readonly billing_failed: { readonly reason?: string } | undefined
  /** Of kind `denied`: The budget of the day, or of the router key, has no room for this request. */
  readonly budget_reached: { readonly message?: string; readonly inspection?: string | undefined } | undefined
  /**
   * Of kind `unavailable`: The service could not be called, or answered with an error. Only for tools, because models
   * treat any answer as success.
   */
  readonly call_failed: { readonly reason?: string } | undefined
  /** Of kind `unavailable`. */
  readonly chain_not_configured: { readonly setting?: string } | undefined
  /** Of kind `unavailable`. */
  readonly chain_not_watchable: { readonly chain?: string } | undefined
  /** Of kind `unavailable`. */
  readonly chain_unavailable: { readonly chain?: string } | undefined
  /** Of kind `conflict`. */
  readonly change_refused: { readonly code?: string; readonly detail?: string } | undefined
  /** Of kind `denied`. */
  readonly confirmation_needed: { readonly purpose?: string; readonly reason?: string } | undefined
  /** Of kind `denied`: Nothing is done under a rule that the server does not understand. */
  readonly consensus_trigger_unreadable: { readonly policy_id?: string } | undefined
  /** Of kind `unavailable`: The organisation has too few key stores. An operator configures key stores. */
  readonly custody_not_configured: { readonly names?: readonly string[] } | undefined
  /** Of kind `invalid`. */
  readonly custody_unavailable: { readonly provider?: string } | undefined
  /** Of kind `denied`: Known, but not allowed. */
  readonly denied: { readonly reason?: string } | undefined
  /** Of kind `conflict`. */
  readonly deposit_destinations_full: { readonly max?: number } | undefined
  /** Of kind `denied`: The agent gets no token for this audience. */
  readonly federation_refused: { readonly reason?: string } | undefined
  /** Of kind `denied`: The scope of the request must be a part of the scopes of the agent. */
  readonly federation_scopes_exceeded: { readonly excess?: readonly string[] } | undefined
  /** Of kind `invalid`. */
  readonly field_not_passed_on: { readonly message?: string; readonly inspection?: string | undefined } | undefined
  /**
   * Of kind `denied`: A rule refuses the signature. `violation` says which, with its limit and what was asked for.
   */
  readonly guardrail_violated:
    | {
        readonly violation?: {
          rule: string
          allowed: boolean
          reason: string
          reason_code: string
          limit: string | number | null
          current: string | number | null
          attempted: string | number | null
        }
      }
    | undefined
  /** Of kind `unavailable`. */
  readonly identity_provider_not_configured: { readonly provider?: string } | undefined
  /** Of kind `invalid`. */
  readonly insufficient_balance: { readonly asset?: string } | undefined
  /** Of kind `conflict`. */
  readonly internal_accounts_full: { readonly max?: number } | undefined
  /** Of kind `unauthenticated`: The proof of possession is missing, invalid or used. */
  readonly invalid_dpop_proof: { readonly reason?: string } | undefined
  /**
   * Of kind `invalid`: The input is invalid. `fields` maps each invalid field to the problem, and never repeats its
   * value.
   */
  readonly invalid_input: { readonly fields: { [x: string]: string } }
  /** Of kind `unavailable`: The issuer cannot be asked now, so nothing is known about its tokens. */
  readonly issuer_unavailable: { readonly reason?: string } | undefined
  /**
   * Of kind `denied`: The caller may not read private keys. Agents use them through intents. An owner exports a
   * signing key with `pawl key export`.
   */
  readonly key_material_denied: { readonly type?: string } | undefined
  /** Of kind `unavailable`: The vault is sealed, because a key store with its keys is away. Other vaults work. */
  readonly key_store_unavailable: { readonly key_stores?: readonly string[] } | undefined
  /** Of kind `invalid`. */
  readonly leases_full: { readonly max?: number } | undefined
  /** Of kind `conflict`. */
  readonly link_required:
    | {
        readonly is_new?: false
        readonly email?: string
        readonly link_required?: {
          readonly status: 'link_required'
          readonly reason: string
          readonly authorize_url: string
          readonly app_slug: string
          readonly consent_url: string
          readonly user_email: string
          readonly message: string
        }
      }
    | undefined
  /** Of kind `unavailable`. */
  readonly mail_not_configured: { readonly setting?: string } | undefined
  /** Of kind `unavailable`. */
  readonly no_client_pool: { readonly message?: string; readonly inspection?: string | undefined } | undefined
  /** Of kind `unauthenticated`. */
  readonly no_provider_key: { readonly message?: string; readonly inspection?: string | undefined } | undefined
  /** Of kind `denied`: The provider says who it is, and the operator does not let this person in. */
  readonly not_admitted: { readonly reason?: string } | undefined
  /** Of kind `invalid`. */
  readonly not_an_owner: { readonly safe?: string } | undefined
  /**
   * Of kind `unauthenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   */
  readonly not_authenticated: { readonly reason?: string } | undefined
  /** Of kind `unavailable`. */
  readonly not_supported_here: { readonly what?: string; readonly instead?: string | undefined } | undefined
  /** Of kind `unauthenticated`: At the token endpoint, where RFC 6749 has 401. */
  readonly oauth_invalid_client: { readonly error?: string; readonly error_description?: string } | undefined
  /** Of kind `invalid`: The browser must not be sent to this place, whatever is wrong besides. */
  readonly oauth_redirect_refused: { readonly error?: string; readonly error_description?: string } | undefined
  /** Of kind `invalid`. */
  readonly oauth_refused: { readonly error?: string; readonly error_description?: string } | undefined
  /** Of kind `invalid`. */
  readonly oauth_unknown_client: { readonly error?: string; readonly error_description?: string } | undefined
  /**
   * Of kind `invalid`: The bundler says that the operation would fail, or the paymaster does not pay for it. Nothing
   * was signed.
   */
  readonly operation_refused: { readonly service?: string; readonly reason?: string } | undefined
  /**
   * Of kind `denied`: A rule refuses the payment. `rule` is the field of the spend policy, or another reason to sign
   * nothing.
   */
  readonly payment_refused:
    | {
        readonly rule?: string
        readonly reason?: string
        readonly limit?: string | number | null
        readonly current?: string | number | null
        readonly attempted?: string | number | null
      }
    | undefined
  /** Of kind `denied`: The tier has no room for this call, and nothing pays for it. */
  readonly payment_required:
    | {
        readonly x402Version?: 1
        readonly error?: string | undefined
        readonly accepts?: readonly Readonly<Record<string, unknown>>[]
        readonly description?: string
        readonly required_usd?: string | undefined
        readonly message?: string
      }
    | undefined
  /** Of kind `conflict`. */
  readonly pending_approval_not_open: { readonly status?: string } | undefined
  /** Of kind `denied`. */
  readonly platform_grants_exceeded: { readonly max?: number } | undefined
  /** Of kind `invalid`. */
  readonly platform_template_unknown: { readonly field?: string } | undefined
  /** Of kind `denied`. */
  readonly platform_templates_exceeded: { readonly max?: number } | undefined
  /** Of kind `denied`. */
  readonly platform_users_exceeded: { readonly max?: number } | undefined
  /**
   * Of kind `conflict`: A principal and a vault take their policies with them. So their removal would end a rule
   * without the agreement of people.
   */
  readonly policy_governs: { readonly policy_id?: string } | undefined
  /** Of kind `conflict`. */
  readonly proposal_decided: { readonly status?: string } | undefined
  /** Of kind `unavailable`. */
  readonly provider_failed: { readonly message?: string; readonly inspection?: string | undefined } | undefined
  /** Of kind `limited`: Too many, too fast. `retryAfterSeconds` says when to try again. */
  readonly rate_limited: { readonly retryAfterSeconds: number }
  /** Of kind `conflict`. */
  readonly recovery_not_pending: { readonly status?: string } | undefined
  /** Of kind `conflict`. */
  readonly recovery_too_early: { readonly at?: string } | undefined
  /** Of kind `denied`: A limit of the tier or of the agent leaves no room for this. The message names the limit. */
  readonly resource_limit_exceeded: { readonly reason?: string } | undefined
  /** Of kind `conflict`. */
  readonly router_keys_max: { readonly max?: number } | undefined
  /** Of kind `conflict`. */
  readonly safe_differs: { readonly field?: string; readonly problem?: string } | undefined
  /** Of kind `denied`: The new key would have scopes that the current key does not have. */
  readonly scopes_exceeded: { readonly excess?: readonly string[] } | undefined
  /** Of kind `gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled. */
  readonly secret_gone: { readonly reason?: 'deleted' | 'expired' | 'used_up' | 'disabled' } | undefined
  /** Of kind `conflict`: The caller read another version than the one that exists now. */
  readonly secret_version_differs: { readonly version?: number } | undefined
  /** Of kind `unavailable`. */
  readonly service_failed: { readonly service?: string } | undefined
  /** Of kind `unavailable`: A service of others is missing, or one member of it. */
  readonly service_not_configured: { readonly service?: string; readonly setting?: string } | undefined
  /** Of kind `not_found`. */
  readonly setting_not_found: { readonly known?: string } | undefined
  /**
   * Of kind `gone`: The share can no longer be read, because it is expired, used up or locked, or its creator was
   * removed or lost access.
   */
  readonly share_gone: { readonly reason?: 'expired' | 'used_up' | 'locked' | 'not_allowed' | 'orphaned' } | undefined
  /** Of kind `invalid`: The root share is invalid, of another set, or already entered. */
  readonly share_refused:
    | { readonly reason?: 'not_a_share' | 'mistyped' | 'newer' | 'foreign' | 'repeated' | 'no_shares' | 'not_these' }
    | undefined
  /** Of kind `denied`: Something in a request or an answer is not passed on. */
  readonly shroud_blocked: { readonly message?: string; readonly inspection?: string | undefined } | undefined
  /** Of kind `denied`: The settings of the agent do not allow this provider, this model or so many tokens. */
  readonly shroud_not_allowed: { readonly message?: string; readonly inspection?: string | undefined } | undefined
  /** Of kind `denied`. */
  readonly sign_up_closed: { readonly setting?: string } | undefined
  /** Of kind `conflict`: Clients look for the word "already", and list the keys then. */
  readonly signing_key_exists: { readonly chain?: string } | undefined
  /** Of kind `not_found`. */
  readonly signing_key_not_found: { readonly chain?: string } | undefined
  /** Of kind `invalid`. */
  readonly signing_key_unusable: { readonly reason?: string } | undefined
  /** Of kind `invalid`: The transaction would fail, so nothing was signed. */
  readonly simulation_reverted:
    | { readonly reason?: string; readonly transaction?: { readonly [field: string]: string | number | undefined } }
    | undefined
  /** Of kind `unavailable`: The transaction must be simulated before it is signed, and that could not be done. */
  readonly simulation_unavailable: { readonly chain?: string } | undefined
  /** Of kind `denied`. */
  readonly spend_policies_exceeded: { readonly max?: number } | undefined
  /** Of kind `unauthenticated`. */
  readonly subject_token_refused: { readonly reason?: string } | undefined
  /** Of kind `invalid`. */
  readonly tier_not_for_sale: { readonly tier?: string; readonly interval?: string } | undefined
  /** Of kind `conflict`. */
  readonly too_many_honeytokens: { readonly max?: number } | undefined
  /** Of kind `conflict`. */
  readonly too_many_ip_rules: { readonly max?: number } | undefined
  /** Of kind `denied`. */
  readonly too_many_pending_approvals: { readonly max?: number } | undefined
  /** Of kind `limited`. */
  readonly too_many_streams: { readonly max?: number; readonly retryAfterSeconds: number } | undefined
  /** Of kind `limited`: Too many calls wait. Call again without waiting, or try again later. */
  readonly too_many_waiting: { readonly retryAfterSeconds: number }
  /** Of kind `conflict`. */
  readonly treasury_access_decided: { readonly status?: string } | undefined
  /** Of kind `unavailable`: The storage or the HSM does not answer now. Nothing was changed. */
  readonly unavailable: { readonly part?: string; readonly reason?: string | undefined } | undefined
  /** Of kind `not_found`. */
  readonly unknown_setting: { readonly known?: string; readonly guess?: string } | undefined
  /**
   * Of kind `unavailable`: There was no answer, or the answer is not from a vault. The outcome of the call is
   * unknown.
   */
  readonly unreachable: { readonly origin?: string; readonly problem?: string } | undefined
  /**
   * Of kind `unauthenticated`: The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.
   */
  readonly use_dpop_nonce: { readonly nonce?: string } | undefined
  /** Of kind `conflict`: Clients look for the word "already". */
  readonly wallet_exists: { readonly chain?: string } | undefined
  /** Of kind `not_found`. */
  readonly wallet_not_found: { readonly chain?: string } | undefined
  /** Of kind `denied`. */
  readonly wallets_full: { readonly max?: number } | undefined
  /**
   * Of kind `unauthenticated`: The request does not come from the vault, or not now. Answer it with 400, and do
   * nothing.
   */
  readonly webhook_not_verified: { readonly reason?: string } | undefined
  /** Of kind `invalid`: The signature of a webhook does not match its body. */
  readonly webhook_refused: { readonly reason?: string } | undefined
  /** Of kind `conflict`. */
  readonly webhooks_full: { readonly max?: number } | undefined
}

/** Every error code with its kind, its description and the names of its data fields. */
export const errorCatalogue = {
  access_policies_full: { kind: 'conflict', description: '', data: ['max'] },
  access_policy_not_found: { kind: 'not_found', description: 'You have made no access policy with this ID.', data: [] },
  agent_has_no_key: {
    kind: 'invalid',
    description: 'The agent does not sign in with an API key, so there is no key to rotate.',
    data: [],
  },
  agent_keys_vault_not_found: {
    kind: 'not_found',
    description: 'The vault of agent keys does not exist yet. Pawl creates it with the first agent.',
    data: [],
  },
  agent_not_found: { kind: 'not_found', description: 'The agent does not exist, or you cannot access it.', data: [] },
  already_voted: { kind: 'conflict', description: 'You have decided about this already.', data: [] },
  api_key_not_found: { kind: 'not_found', description: 'You have no API key with this ID.', data: [] },
  approval_decided: { kind: 'conflict', description: '', data: ['status'] },
  approval_exceeded: {
    kind: 'denied',
    description:
      'The chain has changed while a human decided, so what would be signed is more than what the human saw.',
    data: ['what'],
  },
  approval_link_invalid: {
    kind: 'not_found',
    description: 'The link is not valid. It was used, has expired, or links are turned off in this organisation.',
    data: [],
  },
  approval_not_found: {
    kind: 'not_found',
    description: 'The approval does not exist, or you cannot access it.',
    data: [],
  },
  approval_required: {
    kind: 'denied',
    description:
      'The server does this only when other people have approved. `approval_request_id` is the approval that waits.',
    data: ['approval_request_id'],
  },
  audit_copy_not_proven: {
    kind: 'conflict',
    description:
      'The proof is not the one of this segment. Export the segment, and compute the proof from all its blocks.',
    data: [],
  },
  audit_events_dropped: {
    kind: 'gone',
    description: 'Events after this cursor were dropped from the vault. Begin again without a cursor, or with `since`.',
    data: [],
  },
  audit_segment_differs: {
    kind: 'conflict',
    description: 'The digest is not the digest of this segment. Export it again.',
    data: [],
  },
  audit_segment_not_found: {
    kind: 'not_found',
    description:
      'The lane has no closed segment with this number. It may have been dropped. `pawl audit segments` lists them.',
    data: [],
  },
  bankr_config_not_found: { kind: 'not_found', description: 'The organisation has no partner key of Bankr.', data: [] },
  billing_failed: {
    kind: 'unavailable',
    description: 'The payment provider refused, or does not answer.',
    data: ['reason'],
  },
  billing_not_configured: {
    kind: 'invalid',
    description:
      'Billing is not configured on this server, so nothing can be bought. The operator sets tiers and credits.',
    data: [],
  },
  binding_name_taken: { kind: 'conflict', description: 'The agent already has a binding with this name.', data: [] },
  binding_not_found: { kind: 'not_found', description: 'The agent has no binding with this ID.', data: [] },
  budget_reached: {
    kind: 'denied',
    description: 'The budget of the day, or of the router key, has no room for this request.',
    data: ['message', 'inspection'],
  },
  call_failed: {
    kind: 'unavailable',
    description:
      'The service could not be called, or answered with an error. Only for tools, because models treat any answer as success.',
    data: ['reason'],
  },
  cannot_seal: {
    kind: 'conflict',
    description: 'This vault cannot be sealed, because its key store holds no root key. Stop the server instead.',
    data: [],
  },
  chain_exists: { kind: 'conflict', description: 'A chain with this name or number exists.', data: [] },
  chain_not_configured: { kind: 'unavailable', description: '', data: ['setting'] },
  chain_not_found: {
    kind: 'not_found',
    description: 'The chain does not exist. GET /v1/chains lists the chains.',
    data: [],
  },
  chain_not_watchable: { kind: 'unavailable', description: '', data: ['chain'] },
  chain_removed: {
    kind: 'conflict',
    description:
      'A built-in chain with this name or number was removed. It returns with its old name and number together.',
    data: [],
  },
  chain_unavailable: { kind: 'unavailable', description: '', data: ['chain'] },
  change_refused: { kind: 'conflict', description: '', data: ['code', 'detail'] },
  changes_dropped: {
    kind: 'gone',
    description: 'Changes after this cursor can be missing. List the secrets again, and go on with a new cursor.',
    data: [],
  },
  claim_expired: {
    kind: 'gone',
    description: 'The claim link has expired. Ask the app for a new one (reissue-claim).',
    data: [],
  },
  claim_needs_sign_in: {
    kind: 'unauthenticated',
    description: 'Sign in as the user that this was made for, and claim it then.',
    data: [],
  },
  claim_not_found: { kind: 'not_found', description: 'The claim link does not exist.', data: [] },
  claim_used: { kind: 'conflict', description: 'The claim link was used. What it was for is claimed.', data: [] },
  client_key_differs: {
    kind: 'conflict',
    description:
      'cmek_fingerprint: The vault does not use this client key. Read the vault again, and encrypt with its key.',
    data: [],
  },
  client_share_missing: {
    kind: 'invalid',
    description:
      'The key of this value is split. Send the client share that you got when the value was stored (header X-Client-Share).',
    data: [],
  },
  client_share_unwanted: {
    kind: 'invalid',
    description: 'The vault splits data keys, and this operation cannot return the client share. Use another vault.',
    data: [],
  },
  client_share_wrong: {
    kind: 'invalid',
    description: 'The client share does not open this version of the secret.',
    data: [],
  },
  closed: {
    kind: 'unavailable',
    description: 'The vault is closed: its program called close(). Open it again with createPawl().',
    data: [],
  },
  cmek_key_differs: {
    kind: 'invalid',
    description: 'The vault has another customer-managed key. Rotate the key to replace it.',
    data: [],
  },
  cmek_not_enabled: {
    kind: 'invalid',
    description: 'The vault has no customer-managed key. Enable one first.',
    data: [],
  },
  cmek_rotation_not_found: { kind: 'not_found', description: 'The vault has no rotation with this ID.', data: [] },
  cmek_rotation_running: {
    kind: 'conflict',
    description:
      'A rotation of the key of this vault is not finished. If it was interrupted, send the same two keys again to continue it.',
    data: [],
  },
  code_invalid: {
    kind: 'invalid',
    description: 'The code is wrong, has expired or was used. After 5 wrong codes, ask for a new one.',
    data: [],
  },
  code_needed: {
    kind: 'unauthenticated',
    description:
      'This user signs in with a code too. Call auth.token and factors.verifyMfa, and create the client with the `token`.',
    data: [],
  },
  confirmation_needed: { kind: 'denied', description: '', data: ['purpose', 'reason'] },
  confirmation_wrong: {
    kind: 'denied',
    description:
      'X-Auth-Confirm is wrong, expired or used. After 10 wrong passwords or codes, the account refuses all for 15 minutes.',
    data: [],
  },
  consensus_policy_not_found: {
    kind: 'not_found',
    description: 'There is no policy with this ID that has a consensus_trigger, or you cannot access it.',
    data: [],
  },
  consensus_trigger_unreadable: {
    kind: 'denied',
    description: 'Nothing is done under a rule that the server does not understand.',
    data: ['policy_id'],
  },
  credential_not_given: {
    kind: 'denied',
    description:
      'Only the user who set the credential can change its destination. To change it, send the credential again in the same request.',
    data: [],
  },
  custody_not_configured: {
    kind: 'unavailable',
    description: 'The organisation has too few key stores. An operator configures key stores.',
    data: ['names'],
  },
  custody_unavailable: { kind: 'invalid', description: '', data: ['provider'] },
  denied: { kind: 'denied', description: 'Known, but not allowed.', data: ['reason'] },
  deposit_destination_not_found: {
    kind: 'not_found',
    description: 'The deposit destination does not exist, or it belongs to another user.',
    data: [],
  },
  deposit_destinations_full: { kind: 'conflict', description: '', data: ['max'] },
  deposit_key_of_wallet: {
    kind: 'conflict',
    description: 'The address is that of a treasury wallet. Export the key of the wallet instead.',
    data: [],
  },
  deposit_wallet_not_found: {
    kind: 'not_found',
    description: 'treasury_wallet_id: the wallet does not exist, or it belongs to another user.',
    data: [],
  },
  device_code_not_found: {
    kind: 'not_found',
    description: 'The code does not exist, has expired, was used, or is for another account.',
    data: [],
  },
  device_not_found: { kind: 'not_found', description: 'You have no device with this ID.', data: [] },
  devices_full: {
    kind: 'conflict',
    description: 'You have as many devices as a user can have. Remove one first.',
    data: [],
  },
  email_taken: { kind: 'conflict', description: 'Another user already has this e-mail address.', data: [] },
  enrolment_not_found: {
    kind: 'not_found',
    description: 'The request does not exist, has expired, was decided, or is for another user.',
    data: [],
  },
  environment_needs_second_person: {
    kind: 'denied',
    description:
      'The agent has limits by environment, and this organisation wants two persons for a change that allows more. Change the limits first.',
    data: [],
  },
  execution_disabled: {
    kind: 'denied',
    description: 'This agent may not call services. A human must set its execution_intents_enabled to true first.',
    data: [],
  },
  external_subject_conflict: {
    kind: 'conflict',
    description: 'The user with this e-mail address is connected under another external_subject.',
    data: [],
  },
  federation_refused: { kind: 'denied', description: 'The agent gets no token for this audience.', data: ['reason'] },
  federation_scopes_exceeded: {
    kind: 'denied',
    description: 'The scope of the request must be a part of the scopes of the agent.',
    data: ['excess'],
  },
  field_not_passed_on: { kind: 'invalid', description: '', data: ['message', 'inspection'] },
  flagged_request_not_found: {
    kind: 'not_found',
    description: 'The request was not flagged, or its copy is no longer kept.',
    data: [],
  },
  guardrail_violated: {
    kind: 'denied',
    description: 'A rule refuses the signature. `violation` says which, with its limit and what was asked for.',
    data: ['violation'],
  },
  honeytoken_exists: { kind: 'conflict', description: 'This path of the vault is a honeytoken already.', data: [] },
  honeytoken_not_found: {
    kind: 'not_found',
    description: 'The organisation has no honeytoken with this ID.',
    data: [],
  },
  idempotency_key_in_use: {
    kind: 'conflict',
    description:
      'A call with this Idempotency-Key is still running, or its outcome is unknown. Pawl does not repeat it.',
    data: [],
  },
  idempotency_key_reused: {
    kind: 'conflict',
    description: 'This Idempotency-Key was already used for a different request. Use a new key.',
    data: [],
  },
  identity_not_found: { kind: 'not_found', description: 'You have no identity with this ID.', data: [] },
  identity_not_linked: {
    kind: 'conflict',
    description:
      'An account with this e-mail address exists, and it is not linked to this identity. Sign in to it, then link the identity.',
    data: [],
  },
  identity_provider_not_configured: { kind: 'unavailable', description: '', data: ['provider'] },
  identity_taken: {
    kind: 'conflict',
    description: 'This identity is linked to another account. Unlink it there first.',
    data: [],
  },
  insufficient_balance: { kind: 'invalid', description: '', data: ['asset'] },
  intents_disabled: {
    kind: 'denied',
    description: 'This agent may not sign. A human must set its intents_api_enabled to true first.',
    data: [],
  },
  internal: { kind: 'internal', description: 'An internal error occurred. The server log has the details.', data: [] },
  internal_account_not_found: {
    kind: 'not_found',
    description: 'The internal account does not exist, or it belongs to another user.',
    data: [],
  },
  internal_accounts_full: { kind: 'conflict', description: '', data: ['max'] },
  invalid_agent_identity: {
    kind: 'unauthenticated',
    description:
      'Invalid credentials: no agent with this agent_id signs in with this certificate or client_assertion. The audit trail of its organisation has the reason.',
    data: [],
  },
  invalid_dpop_proof: {
    kind: 'unauthenticated',
    description: 'The proof of possession is missing, invalid or used.',
    data: ['reason'],
  },
  invalid_input: {
    kind: 'invalid',
    description: 'The input is invalid. `fields` maps each invalid field to the problem, and never repeats its value.',
    data: ['fields'],
  },
  invalid_key: {
    kind: 'unauthenticated',
    description:
      'Invalid credentials: the key is unknown, expired or has been revoked, or does not belong to this agent.',
    data: [],
  },
  invalid_path: {
    kind: 'invalid',
    description: 'The path must not have empty, "." or ".." segments, backslashes, or encodings of them.',
    data: [],
  },
  invitation_invalid: {
    kind: 'not_found',
    description: 'The invitation does not exist, has expired or was used. Ask for a new one.',
    data: [],
  },
  invitation_not_agreed: {
    kind: 'denied',
    description:
      'The rule about invitations changed, so this invitation is not valid. Ask an owner or admin for a new one.',
    data: [],
  },
  invitation_not_found: {
    kind: 'not_found',
    description: 'The organisation has no invitation with this ID.',
    data: [],
  },
  ip_rule_lockout: {
    kind: 'conflict',
    description: 'This change excludes the address of this request. Send force: true if you want this.',
    data: [],
  },
  ip_rule_not_found: { kind: 'not_found', description: 'The organisation has no IP rule with this ID.', data: [] },
  issuer_unavailable: {
    kind: 'unavailable',
    description: 'The issuer cannot be asked now, so nothing is known about its tokens.',
    data: ['reason'],
  },
  key_material_denied: {
    kind: 'denied',
    description:
      'The caller may not read private keys. Agents use them through intents. An owner exports a signing key with `pawl key export`.',
    data: ['type'],
  },
  key_store_unavailable: {
    kind: 'unavailable',
    description: 'The vault is sealed, because a key store with its keys is away. Other vaults work.',
    data: ['key_stores'],
  },
  last_owner: {
    kind: 'conflict',
    description: 'The organisation has no other owner. Give another member the role owner first.',
    data: [],
  },
  last_passkey: {
    kind: 'denied',
    description:
      'This is your last passkey, and you ask for a passkey at the sign-in or before values are shown. Turn that off first.',
    data: [],
  },
  last_way_in: {
    kind: 'conflict',
    description: 'This identity is your only way to sign in. Set a password first.',
    data: [],
  },
  lease_not_found: { kind: 'not_found', description: 'The agent has no lease with this ID.', data: [] },
  leases_full: { kind: 'invalid', description: '', data: ['max'] },
  limits_changed: {
    kind: 'conflict',
    description: 'The limits have changed since this was asked for. Ask again.',
    data: [],
  },
  link_invalid: {
    kind: 'invalid',
    description: 'The link does not exist, has expired or was used. Ask for a new one.',
    data: [],
  },
  link_required: { kind: 'conflict', description: '', data: ['is_new', 'email', 'link_required'] },
  mail_not_configured: { kind: 'unavailable', description: '', data: ['setting'] },
  member_not_agreed: {
    kind: 'denied',
    description:
      'A policy requires the agreement of several people for each new member. Ask an owner or admin to add or invite this user.',
    data: [],
  },
  member_not_found: { kind: 'not_found', description: 'The organisation has no member with this ID.', data: [] },
  mfa_failed: {
    kind: 'unauthenticated',
    description:
      'The code is wrong or used, or the mfa_token is expired or used. After 10 wrong codes, wait 15 minutes.',
    data: [],
  },
  mfa_off: { kind: 'conflict', description: 'No authenticator app is set up. Call POST /v1/auth/mfa/setup.', data: [] },
  mfa_on: {
    kind: 'conflict',
    description: 'An authenticator app is set up already. Disable it first with DELETE /v1/auth/mfa.',
    data: [],
  },
  no_client_pool: { kind: 'unavailable', description: '', data: ['message', 'inspection'] },
  no_gas_payer: {
    kind: 'conflict',
    description:
      'No key can pay the gas. Set executor_agent_id of the treasury to an agent with a signing key for ethereum.',
    data: [],
  },
  no_passkey: {
    kind: 'denied',
    description: 'You have no passkey. Register one first with POST /v1/auth/passkeys/register/begin.',
    data: [],
  },
  no_provider_key: { kind: 'unauthenticated', description: '', data: ['message', 'inspection'] },
  no_tiers: {
    kind: 'conflict',
    description: 'This server has no tiers, so no request is over a limit. Set PAWL_TIERS first.',
    data: [],
  },
  not_a_customer: {
    kind: 'invalid',
    description: 'The organisation has bought nothing yet. Start with a subscription or a top-up.',
    data: [],
  },
  not_admitted: {
    kind: 'denied',
    description: 'The provider says who it is, and the operator does not let this person in.',
    data: ['reason'],
  },
  not_an_agent: {
    kind: 'unauthenticated',
    description: 'Invalid credentials: subject_token must be the token or the API key of an agent.',
    data: [],
  },
  not_an_env_bundle: {
    kind: 'invalid',
    description: 'The secret is not of type env_bundle, so it cannot be read as an environment.',
    data: [],
  },
  not_an_owner: { kind: 'invalid', description: '', data: ['safe'] },
  not_authenticated: {
    kind: 'unauthenticated',
    description: 'No credential, or one that proves nothing: unknown, expired, revoked. The text does not say which.',
    data: ['reason'],
  },
  not_supported_here: { kind: 'unavailable', description: '', data: ['what', 'instead'] },
  oauth_consent_not_found: {
    kind: 'not_found',
    description: 'You have not allowed this app to know anything.',
    data: [],
  },
  oauth_invalid_client: {
    kind: 'unauthenticated',
    description: 'At the token endpoint, where RFC 6749 has 401.',
    data: ['error', 'error_description'],
  },
  oauth_redirect_refused: {
    kind: 'invalid',
    description: 'The browser must not be sent to this place, whatever is wrong besides.',
    data: ['error', 'error_description'],
  },
  oauth_refused: { kind: 'invalid', description: '', data: ['error', 'error_description'] },
  oauth_unknown_client: { kind: 'invalid', description: '', data: ['error', 'error_description'] },
  operation_refused: {
    kind: 'invalid',
    description:
      'The bundler says that the operation would fail, or the paymaster does not pay for it. Nothing was signed.',
    data: ['service', 'reason'],
  },
  org_not_found: { kind: 'not_found', description: 'There is no organisation with this ID.', data: [] },
  own_request: {
    kind: 'denied',
    description: 'You have asked for this approval, so another person must decide.',
    data: [],
  },
  own_submission: {
    kind: 'denied',
    description: 'You have submitted this yourself, so other people must decide.',
    data: [],
  },
  pages_too_small: {
    kind: 'conflict',
    description: 'The list grows as fast as its pages are read. Set a larger `limit`.',
    data: [],
  },
  partner_key_missing: {
    kind: 'invalid',
    description:
      'The organisation has no partner key of Bankr. An owner or admin must set it with PUT /v1/org/bankr-config.',
    data: [],
  },
  passkey_exists: { kind: 'conflict', description: 'This passkey is registered already.', data: [] },
  passkey_failed: {
    kind: 'unauthenticated',
    description:
      'The passkey is unknown, or it did not sign this challenge for this site. Begin again: each challenge is taken once.',
    data: [],
  },
  passkey_needed: {
    kind: 'denied',
    description:
      'You asked for a passkey before values are shown. Send X-Passkey-Token of POST /v1/auth/passkeys/vault-assert/complete.',
    data: [],
  },
  passkey_not_found: { kind: 'not_found', description: 'You have no passkey with this ID.', data: [] },
  passkeys_full: {
    kind: 'conflict',
    description: 'You have as many passkeys as a user can have. Remove one first.',
    data: [],
  },
  passkeys_unavailable: {
    kind: 'unavailable',
    description:
      'Passkeys need a public URL with a domain name, or http://localhost. The operator sets PAWL_PUBLIC_URL.',
    data: [],
  },
  passphrase_missing: { kind: 'denied', description: 'This share requires a passphrase. Set `passphrase`.', data: [] },
  passphrase_wrong: {
    kind: 'denied',
    description: 'The passphrase is wrong. After 10 wrong passphrases, the share is locked.',
    data: [],
  },
  password_exists: {
    kind: 'conflict',
    description: 'You have a password. Change it with POST /v1/auth/change-password.',
    data: [],
  },
  payment_refused: {
    kind: 'denied',
    description:
      'A rule refuses the payment. `rule` is the field of the spend policy, or another reason to sign nothing.',
    data: ['rule', 'reason', 'limit', 'current', 'attempted'],
  },
  payment_required: {
    kind: 'denied',
    description: 'The tier has no room for this call, and nothing pays for it.',
    data: ['x402Version', 'error', 'accepts', 'description', 'required_usd', 'message'],
  },
  pending_approval_not_found: {
    kind: 'not_found',
    description: 'The pending approval does not exist, or you cannot access it.',
    data: [],
  },
  pending_approval_not_open: { kind: 'conflict', description: '', data: ['status'] },
  platform_already_bootstrapped: {
    kind: 'conflict',
    description:
      'The connection has its resources already. Send the Idempotency-Key of the first call to get its answer again.',
    data: [],
  },
  platform_app_has_no_webhook: {
    kind: 'invalid',
    description: 'The app has no webhook. Set webhook_url first.',
    data: [],
  },
  platform_app_not_found: {
    kind: 'not_found',
    description: 'The platform app does not exist, or you do not run it.',
    data: [],
  },
  platform_connection_not_found: {
    kind: 'not_found',
    description: 'The connection does not exist, has ended, or is not yours.',
    data: [],
  },
  platform_grant_not_found: { kind: 'not_found', description: 'The grant does not exist, or was revoked.', data: [] },
  platform_grants_exceeded: { kind: 'denied', description: '', data: ['max'] },
  platform_not_bootstrapped: {
    kind: 'invalid',
    description: 'The connection has no resources to claim yet. Bootstrap it first.',
    data: [],
  },
  platform_oidc_not_set: {
    kind: 'invalid',
    description: 'subject_token: needs an identity provider. Set oidc_jwks_url of the app first.',
    data: [],
  },
  platform_template_not_found: { kind: 'not_found', description: 'The app has no template with this ID.', data: [] },
  platform_template_unknown: { kind: 'invalid', description: '', data: ['field'] },
  platform_templates_exceeded: { kind: 'denied', description: '', data: ['max'] },
  platform_users_exceeded: { kind: 'denied', description: '', data: ['max'] },
  policy_governs: {
    kind: 'conflict',
    description:
      'A principal and a vault take their policies with them. So their removal would end a rule without the agreement of people.',
    data: ['policy_id'],
  },
  policy_not_found: { kind: 'not_found', description: 'The vault has no policy with this ID.', data: [] },
  proposal_decided: { kind: 'conflict', description: '', data: ['status'] },
  proposal_not_found: { kind: 'not_found', description: 'The treasury has no such proposal.', data: [] },
  provider_failed: { kind: 'unavailable', description: '', data: ['message', 'inspection'] },
  rate_limited: {
    kind: 'limited',
    description: 'Too many, too fast. `retryAfterSeconds` says when to try again.',
    data: ['retryAfterSeconds'],
  },
  recipient_not_found: {
    kind: 'not_found',
    description: 'The organisation has no active recipient with this ID.',
    data: [],
  },
  recovery_not_found: { kind: 'not_found', description: 'There is no recovery request with this ID.', data: [] },
  recovery_not_pending: { kind: 'conflict', description: '', data: ['status'] },
  recovery_off: {
    kind: 'denied',
    description: 'The policy of your organisation does not allow this recovery. An owner changes it.',
    data: [],
  },
  recovery_open: { kind: 'conflict', description: 'You have an open request of this type. Cancel it first.', data: [] },
  recovery_too_early: { kind: 'conflict', description: '', data: ['at'] },
  resource_limit_exceeded: {
    kind: 'denied',
    description: 'A limit of the tier or of the agent leaves no room for this. The message names the limit.',
    data: ['reason'],
  },
  risk_principal_not_found: { kind: 'not_found', description: 'The organisation has no such user or agent.', data: [] },
  risk_verdict_not_found: {
    kind: 'not_found',
    description: 'There is no active verdict about this principal.',
    data: [],
  },
  router_key_not_found: { kind: 'not_found', description: 'The router key does not exist.', data: [] },
  router_keys_max: { kind: 'conflict', description: '', data: ['max'] },
  safe_differs: { kind: 'conflict', description: '', data: ['field', 'problem'] },
  scopes_exceeded: {
    kind: 'denied',
    description: 'The new key would have scopes that the current key does not have.',
    data: ['excess'],
  },
  sealed: {
    kind: 'unavailable',
    description:
      'The vault is sealed, so it can neither read nor write. Its custodians open it with `pawl unseal` or POST /v1/unseal.',
    data: [],
  },
  second_factor_needed: {
    kind: 'denied',
    description: 'An approval of risk tier 3 needs a second factor. Add a passkey or an authenticator app first.',
    data: [],
  },
  secret_gone: {
    kind: 'gone',
    description: 'The secret can no longer be read, because it is deleted, expired, used up or disabled.',
    data: ['reason'],
  },
  secret_not_deleted: {
    kind: 'conflict',
    description: 'The secret is not deleted. Restore and purge are for deleted secrets.',
    data: [],
  },
  secret_not_found: { kind: 'not_found', description: 'No secret exists at this path.', data: [] },
  secret_version_differs: {
    kind: 'conflict',
    description: 'The caller read another version than the one that exists now.',
    data: ['version'],
  },
  secret_version_not_found: { kind: 'not_found', description: 'The secret has no version with this number.', data: [] },
  service_failed: { kind: 'unavailable', description: '', data: ['service'] },
  service_not_configured: {
    kind: 'unavailable',
    description: 'A service of others is missing, or one member of it.',
    data: ['service', 'setting'],
  },
  setting_not_found: { kind: 'not_found', description: '', data: ['known'] },
  share_gone: {
    kind: 'gone',
    description:
      'The share can no longer be read, because it is expired, used up or locked, or its creator was removed or lost access.',
    data: ['reason'],
  },
  share_not_accepted: { kind: 'denied', description: 'Accept the share first.', data: [] },
  share_not_found: { kind: 'not_found', description: 'The share does not exist, or you cannot access it.', data: [] },
  share_refused: {
    kind: 'invalid',
    description: 'The root share is invalid, of another set, or already entered.',
    data: ['reason'],
  },
  shroud_blocked: {
    kind: 'denied',
    description: 'Something in a request or an answer is not passed on.',
    data: ['message', 'inspection'],
  },
  shroud_disabled: {
    kind: 'denied',
    description: 'The agent does not call models through Shroud. A human must set shroud_enabled.',
    data: [],
  },
  shroud_not_allowed: {
    kind: 'denied',
    description: 'The settings of the agent do not allow this provider, this model or so many tokens.',
    data: ['message', 'inspection'],
  },
  shroud_route_unknown: {
    kind: 'not_found',
    description:
      'Shroud has no such route. It has /v1/chat/completions, /v1/responses, /v1/messages and /v1beta/models/…',
    data: [],
  },
  sign_in_failed: {
    kind: 'unauthenticated',
    description: 'The sign-in with the identity provider failed or took longer than 10 minutes. Begin again.',
    data: [],
  },
  sign_up_closed: { kind: 'denied', description: '', data: ['setting'] },
  signing_key_exists: {
    kind: 'conflict',
    description: 'Clients look for the word "already", and list the keys then.',
    data: ['chain'],
  },
  signing_key_in_hsm: {
    kind: 'denied',
    description: 'The private key was made in the key store and cannot leave it.',
    data: [],
  },
  signing_key_not_found: { kind: 'not_found', description: '', data: ['chain'] },
  signing_key_unusable: { kind: 'invalid', description: '', data: ['reason'] },
  simulation_reverted: {
    kind: 'invalid',
    description: 'The transaction would fail, so nothing was signed.',
    data: ['reason', 'transaction'],
  },
  simulation_unavailable: {
    kind: 'unavailable',
    description: 'The transaction must be simulated before it is signed, and that could not be done.',
    data: ['chain'],
  },
  slug_taken: { kind: 'conflict', description: 'Another platform app has this slug. Choose another one.', data: [] },
  smart_account_not_found: {
    kind: 'not_found',
    description: 'The agent has no smart account on this chain.',
    data: [],
  },
  spend_policies_exceeded: { kind: 'denied', description: '', data: ['max'] },
  spend_policy_not_found: { kind: 'not_found', description: 'The app has no spend policy with this ID.', data: [] },
  stronger_proof_needed: {
    kind: 'denied',
    description: 'The policy wants a second factor for this decision. Add a passkey or an authenticator app first.',
    data: [],
  },
  subject_token_refused: { kind: 'unauthenticated', description: '', data: ['reason'] },
  system_vault: {
    kind: 'denied',
    description: 'The engine manages this vault. Its custody and its encryption cannot be changed.',
    data: [],
  },
  tee_required: {
    kind: 'denied',
    description:
      'This agent may call services only from a trusted execution environment (execution_require_tee). This vault does not run in one.',
    data: [],
  },
  tier_not_for_sale: { kind: 'invalid', description: '', data: ['tier', 'interval'] },
  token_exists: { kind: 'conflict', description: 'The chain has a token with this contract.', data: [] },
  token_not_found: { kind: 'not_found', description: 'The token does not exist.', data: [] },
  too_many_honeytokens: { kind: 'conflict', description: '', data: ['max'] },
  too_many_ip_rules: { kind: 'conflict', description: '', data: ['max'] },
  too_many_pending_approvals: { kind: 'denied', description: '', data: ['max'] },
  too_many_streams: { kind: 'limited', description: '', data: ['max', 'retryAfterSeconds'] },
  too_many_waiting: {
    kind: 'limited',
    description: 'Too many calls wait. Call again without waiting, or try again later.',
    data: ['retryAfterSeconds'],
  },
  transaction_not_found: { kind: 'not_found', description: 'The agent has no transaction with this ID.', data: [] },
  treasury_access_decided: { kind: 'conflict', description: '', data: ['status'] },
  treasury_access_exists: {
    kind: 'conflict',
    description: 'The agent has access to the treasury, or a request that waits for a decision.',
    data: [],
  },
  treasury_access_not_found: { kind: 'not_found', description: 'The treasury has no such access request.', data: [] },
  treasury_not_compared: {
    kind: 'conflict',
    description:
      'Pawl has not compared the treasury with the chain yet. It tries again when the node answers. Propose later.',
    data: [],
  },
  treasury_not_found: {
    kind: 'not_found',
    description: 'The treasury does not exist, or you cannot access it.',
    data: [],
  },
  treasury_signer_exists: {
    kind: 'conflict',
    description: 'The treasury has a signer with this address, or of this user or agent.',
    data: [],
  },
  treasury_signer_not_found: { kind: 'not_found', description: 'The treasury has no such signer.', data: [] },
  unavailable: {
    kind: 'unavailable',
    description: 'The storage or the HSM does not answer now. Nothing was changed.',
    data: ['part', 'reason'],
  },
  unknown_setting: { kind: 'not_found', description: '', data: ['known', 'guess'] },
  unreachable: {
    kind: 'unavailable',
    description: 'There was no answer, or the answer is not from a vault. The outcome of the call is unknown.',
    data: ['origin', 'problem'],
  },
  use_dpop_nonce: {
    kind: 'unauthenticated',
    description: 'The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.',
    data: ['nonce'],
  },
  user_not_found: { kind: 'not_found', description: 'The user does not exist.', data: [] },
  value_is_encrypted: {
    kind: 'invalid',
    description:
      'Clients encrypt the values of this vault with a key that the server does not have. Store an encrypted value instead.',
    data: [],
  },
  vault_name_taken: { kind: 'conflict', description: 'A vault with this name already exists.', data: [] },
  vault_not_found: { kind: 'not_found', description: 'The vault does not exist, or you cannot access it.', data: [] },
  wallet_exists: { kind: 'conflict', description: 'Clients look for the word "already".', data: ['chain'] },
  wallet_not_found: { kind: 'not_found', description: '', data: ['chain'] },
  wallets_full: { kind: 'denied', description: '', data: ['max'] },
  webhook_delivery_not_found: {
    kind: 'not_found',
    description: 'The delivery does not exist. The log keeps the last 1,000 deliveries of a webhook.',
    data: [],
  },
  webhook_not_found: { kind: 'not_found', description: 'The webhook does not exist.', data: [] },
  webhook_not_verified: {
    kind: 'unauthenticated',
    description: 'The request does not come from the vault, or not now. Answer it with 400, and do nothing.',
    data: ['reason'],
  },
  webhook_queue_full: {
    kind: 'conflict',
    description: 'Too many deliveries of this webhook wait already. Try again when its endpoint has taken some.',
    data: [],
  },
  webhook_refused: {
    kind: 'invalid',
    description: 'The signature of a webhook does not match its body.',
    data: ['reason'],
  },
  webhooks_full: { kind: 'conflict', description: '', data: ['max'] },
  wrong_agent: {
    kind: 'unauthenticated',
    description: 'The key in X-Shroud-Agent-Key is not a key of this agent.',
    data: [],
  },
  wrong_password: {
    kind: 'unauthenticated',
    description: 'Invalid credentials. After 10 wrong passwords, the account refuses every password for 15 minutes.',
    data: [],
  },
} as const
