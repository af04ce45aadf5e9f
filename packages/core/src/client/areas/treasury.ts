// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'

/** Treasuries: Safe contracts whose owners decide together, and what agents may spend. */
export interface TreasuryClient {
  /**
   * Register a Safe as a treasury. The contract itself is deployed elsewhere.
   *
   * @throws `treasury_signer_exists`: The treasury has a signer with this address, or of this user or agent.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `safe_differs`
   * @throws `chain_unavailable`
   *
   * @example
   * await client.treasury.create({
   *   name: 'Reserve',
   *   safe_address: '0x1111111111111111111111111111111111111111',
   *   chain: 'ethereum',
   *   threshold: 2,
   *   signers: [{ signer_type: 'agent', signer_id, signer_address: '0x2D2e45760bf2a02C7a2E3401CD4675eDfbe0e43E' }, { signer_address: '0x000000000000000000000000000000000000dEaD' }],
   * })
   */
  create(input: CreateTreasuryInput, options?: CallOptions): Promise<TreasuryResponse>

  /** List treasuries. Owners and admins see all. Others see those that they created, sign for or may use. */
  readonly list: {
    (input?: ListTreasuriesInput, options?: CallOptions): Promise<ListTreasuriesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListTreasuriesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<TreasuryResponse, void, undefined>
  }

  /**
   * Read a treasury with its signers.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   *
   * @example
   * await client.treasury.get({ treasury_id })
   */
  get(input: GetTreasuryInput, options?: CallOptions): Promise<TreasuryResponse>

  /**
   * Change a treasury. A threshold counts for new proposals, and the threshold of the contract stays as it is.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.update({ treasury_id, name: 'Reserve', threshold: 3, executor_agent_id })
   */
  update(input: UpdateTreasuryInput, options?: CallOptions): Promise<TreasuryResponse>

  /**
   * Remove a treasury with its signers and proposals. The contract and its money stay as they are.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.delete({ treasury_id })
   */
  delete(input: DeleteTreasuryInput, options?: CallOptions): Promise<void>

  /**
   * Add an owner of the Safe to the signers. The contract itself learns of owners only by a transaction.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `treasury_signer_exists`: The treasury has a signer with this address, or of this user or agent.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.addSigner({
   *   treasury_id,
   *   signer_type: 'agent',
   *   signer_id,
   *   signer_address: '0x2D2e45760bf2a02C7a2E3401CD4675eDfbe0e43E',
   * })
   */
  addSigner(input: AddTreasurySignerInput, options?: CallOptions): Promise<TreasurySignerResponse>

  /**
   * Remove a signer. Its votes on proposals that are not executed end, and so does the access of an agent.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `treasury_signer_not_found`: The treasury has no such signer.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.removeSigner({ treasury_id, signer_id })
   */
  removeSigner(input: RemoveTreasurySignerInput, options?: CallOptions): Promise<void>

  /**
   * Ask for access to a treasury, as an agent. A human who manages the treasury decides.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `treasury_access_exists`: The agent has access to the treasury, or a request that waits for a decision.
   *
   * @example
   * await client.treasury.requestAccess({ treasury_id, reason: 'I pay the invoices.' })
   */
  requestAccess(input: RequestTreasuryAccessInput, options?: CallOptions): Promise<AccessRequestResponse>

  /**
   * List the access requests of a treasury, with what the agents may do.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.listAccessRequests({ treasury_id })
   */
  readonly listAccessRequests: {
    (input: ListTreasuryAccessRequestsInput, options?: CallOptions): Promise<ListTreasuryAccessRequestsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListTreasuryAccessRequestsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<AccessRequestResponse, void, undefined>
  }

  /**
   * Approve an access request. The agent can propose from then on, within the limits that you give.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `treasury_access_not_found`: The treasury has no such access request.
   * @throws `treasury_access_decided`
   * @throws `denied`: Known, but not allowed.
   * @throws `treasury_signer_exists`: The treasury has a signer with this address, or of this user or agent.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   *
   * @example
   * await client.treasury.approveAccess({
   *   treasury_id,
   *   request_id,
   *   auto_add_signer: true,
   *   delegation_mode: 'both',
   *   guardrails: { to_allowlist: ['0x000000000000000000000000000000000000dEaD'], max_value_eth: '0.5', allowed_chains: ['base'] },
   * })
   */
  approveAccess(input: ApproveTreasuryAccessInput, options?: CallOptions): Promise<AccessRequestResponse>

  /**
   * Deny an access request.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `treasury_access_not_found`: The treasury has no such access request.
   * @throws `treasury_access_decided`
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.denyAccess({ treasury_id, request_id })
   */
  denyAccess(input: DenyTreasuryAccessInput, options?: CallOptions): Promise<AccessRequestResponse>

  /**
   * Change what an agent may do with a treasury, or end it.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `treasury_access_not_found`: The treasury has no such access request.
   * @throws `treasury_access_decided`
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.updateDelegation({
   *   treasury_id,
   *   delegation_id,
   *   auto_approve_rules: [{ max_value_eth: '0.1', to_allowlist: ['0x000000000000000000000000000000000000dEaD'] }],
   * })
   */
  updateDelegation(input: UpdateTreasuryDelegationInput, options?: CallOptions): Promise<AccessRequestResponse>

  /**
   * Propose a transaction of the Safe. Its signers decide.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `treasury_not_compared`: Pawl has not compared the treasury with the chain yet. It tries again when the
   * node answers. Propose later.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `proposal_not_found`: The treasury has no such proposal.
   * @throws `guardrail_violated`: A rule refuses the signature. `violation` says which, with its limit and what was
   * asked for.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.propose({
   *   treasury_id,
   *   to_address: '0x000000000000000000000000000000000000dEaD',
   *   value_wei: '1000000000',
   *   chain: 'base',
   * })
   */
  propose(input: CreateTreasuryProposalInput, options?: CallOptions): Promise<TreasuryProposalResponse>

  /**
   * List the proposals of a treasury, newest first.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   *
   * @example
   * await client.treasury.listProposals({ treasury_id, status: 'pending' })
   */
  readonly listProposals: {
    (input: ListTreasuryProposalsInput, options?: CallOptions): Promise<ListTreasuryProposalsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListTreasuryProposalsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<TreasuryProposalResponse, void, undefined>
  }

  /**
   * Read a proposal with its votes.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `proposal_not_found`: The treasury has no such proposal.
   *
   * @example
   * await client.treasury.getProposal({ treasury_id, proposal_id })
   */
  getProposal(input: GetTreasuryProposalInput, options?: CallOptions): Promise<TreasuryProposalResponse>

  /**
   * Approve or reject a proposal as a signer. With enough approvals, it is executed if a node is configured.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `proposal_not_found`: The treasury has no such proposal.
   * @throws `proposal_decided`
   * @throws `already_voted`: You have decided about this already.
   * @throws `denied`: Known, but not allowed.
   * @throws `intents_disabled`: This agent may not sign. A human must set its intents_api_enabled to true first.
   * @throws `guardrail_violated`: A rule refuses the signature. `violation` says which, with its limit and what was
   * asked for.
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `signing_key_unusable`
   *
   * @example
   * await client.treasury.signProposal({ treasury_id, proposal_id, decision: 'approve' })
   */
  signProposal(input: SignTreasuryProposalInput, options?: CallOptions): Promise<TreasuryProposalResponse>

  /**
   * Execute an approved proposal on the chain. A delegatecall needs its hash again, as a second confirmation.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `proposal_not_found`: The treasury has no such proposal.
   * @throws `proposal_decided`
   * @throws `no_gas_payer`: No key can pay the gas. Set executor_agent_id of the treasury to an agent with a signing
   * key for ethereum.
   * @throws `denied`: Known, but not allowed.
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `simulation_reverted`: The transaction would fail, so nothing was signed.
   * @throws `guardrail_violated`: A rule refuses the signature. `violation` says which, with its limit and what was
   * asked for.
   * @throws `signing_key_not_found`
   * @throws `signing_key_unusable`
   *
   * @example
   * await client.treasury.executeProposal({ treasury_id, proposal_id })
   */
  executeProposal(input: ExecuteTreasuryProposalInput, options?: CallOptions): Promise<TreasuryProposalResponse>

  /**
   * Cancel a pending proposal of your own. It is deleted.
   *
   * @throws `treasury_not_found`: The treasury does not exist, or you cannot access it.
   * @throws `proposal_not_found`: The treasury has no such proposal.
   * @throws `proposal_decided`
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.treasury.cancelProposal({ treasury_id, proposal_id })
   */
  cancelProposal(input: CancelTreasuryProposalInput, options?: CallOptions): Promise<void>
}

/** Input of `treasury.create`. */
export interface CreateTreasuryInput {
  /** At most 255 characters. */
  readonly name: string
  /** Address of the Safe, which exists on the chain. At most 42 characters. */
  readonly safe_address: string
  /** Name of the chain, such as ethereum. Default: base. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Number of the chain. It must agree with chain. */
  readonly chain_id?: number | null | undefined
  /** Number of signers that must approve. Default: the threshold on the chain, or 1. From 1 to 50. */
  readonly threshold?: number | null | undefined
  /** Version of the contract, which the hashes depend on. Default: 1.4.1. */
  readonly safe_version?:
    | '1.0.0'
    | '1.1.0'
    | '1.1.1'
    | '1.2.0'
    | '1.3.0'
    | '1.4.0'
    | '1.4.1'
    | '1.5.0'
    | null
    | undefined
  /** Owners of the Safe. An entry can be an address alone. At most 50 entries. */
  readonly signers?: readonly CreateTreasurySigners[] | null | undefined
  /** false: do not compare threshold and signers with the chain. Default: true, if a node is configured. */
  readonly verify?: boolean | null | undefined
}

export interface CreateTreasurySigners {
  readonly signer_type?: 'user' | 'agent' | null | undefined
  /** UUID. */
  readonly signer_id?: string | null | undefined
  /** At most 42 characters. */
  readonly signer_address?: string | null | undefined
}

export interface TreasuryResponse {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly safe_address: string
  readonly safe_version: string
  readonly chain: string
  readonly chain_id: number
  readonly threshold: number
  /** The agent whose key pays the gas. UUID. */
  readonly executor_agent_id?: string | undefined
  /** UUID. */
  readonly created_by: string
  readonly signers: TreasurySignerResponse[]
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface TreasurySignerResponse {
  /** UUID. */
  readonly id: string
  readonly signer_type: 'user' | 'agent'
  /** The user or agent. If only the address is known, the ID of the signer. UUID. */
  readonly signer_id: string
  readonly signer_address: string
  /** RFC 3339 time. */
  readonly added_at: string
}

/** Input of `treasury.list`. */
export interface ListTreasuriesInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `treasury.list`. */
export interface ListTreasuriesOutput {
  readonly treasuries: TreasuryResponse[]
  readonly next_cursor?: string | undefined
}

/** Input of `treasury.get`. */
export interface GetTreasuryInput {
  /** UUID. */
  readonly treasury_id: string
}

/** Input of `treasury.update`. */
export interface UpdateTreasuryInput {
  /** UUID. */
  readonly treasury_id: string
  /** Name for people. At most 255 characters. */
  readonly name?: string | null | undefined
  /** How many signers must approve. From 1 to 50. */
  readonly threshold?: number | null | undefined
  /** Agent whose signing key pays the gas. Null: an agent that has approved the proposal. UUID. */
  readonly executor_agent_id?: string | null | undefined
}

/** Input of `treasury.delete`. */
export interface DeleteTreasuryInput {
  /** UUID. */
  readonly treasury_id: string
}

/** Input of `treasury.addSigner`. */
export interface AddTreasurySignerInput {
  /** UUID. */
  readonly treasury_id: string
  readonly signer_type?: 'user' | 'agent' | null | undefined
  /** User or agent. Default: the agent with this address, else unknown. UUID. */
  readonly signer_id?: string | null | undefined
  /** Default: the address of the signing key of the agent, or of the wallet of the user. At most 42 characters. */
  readonly signer_address?: string | null | undefined
}

/** Input of `treasury.removeSigner`. */
export interface RemoveTreasurySignerInput {
  /** UUID. */
  readonly treasury_id: string
  /** ID of the signer, of its user or agent, or its address. At most 64 characters. */
  readonly signer_id: string
}

/** Input of `treasury.requestAccess`. */
export interface RequestTreasuryAccessInput {
  /** UUID. */
  readonly treasury_id: string
  /** Why, in your own words. At most 1000 characters. */
  readonly reason?: string | null | undefined
}

export interface AccessRequestResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly treasury_id: string
  /** UUID. */
  readonly agent_id: string
  readonly status: 'pending' | 'approved' | 'denied'
  readonly reason?: string | undefined
  /** RFC 3339 time. */
  readonly requested_at: string
  /** UUID. */
  readonly resolved_by?: string | undefined
  /** RFC 3339 time. */
  readonly resolved_at?: string | undefined
  /** What the agent may do. Its ID is the ID of the request. Absent: nothing, or it has ended. */
  readonly delegation?: AccessRequestResponseDelegation | undefined
}

export interface AccessRequestResponseDelegation {
  readonly mode: 'owner' | 'delegated' | 'both'
  readonly to_allowlist?: string[] | undefined
  readonly max_value_eth?: string | undefined
  readonly allowed_chains?: string[] | undefined
  readonly auto_approve_rules: AccessRequestResponseDelegationAutoApproveRules[]
}

export interface AccessRequestResponseDelegationAutoApproveRules {
  readonly max_value_eth: string
  readonly to_allowlist?: string[] | undefined
  readonly auto: boolean
}

/** Input of `treasury.listAccessRequests`. */
export interface ListTreasuryAccessRequestsInput {
  /** UUID. */
  readonly treasury_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `treasury.listAccessRequests`. */
export interface ListTreasuryAccessRequestsOutput {
  readonly requests: AccessRequestResponse[]
  readonly next_cursor?: string | undefined
}

/** Input of `treasury.approveAccess`. */
export interface ApproveTreasuryAccessInput {
  /** UUID. */
  readonly treasury_id: string
  /** UUID. */
  readonly request_id: string
  /** Add the address of the agent to the signers. Default: false. */
  readonly auto_add_signer?: boolean | null | undefined
  /** owner: the agent proposes and votes as a signer. delegated: it proposes with mode treasury. Default: owner. */
  readonly delegation_mode?: 'owner' | 'delegated' | 'both' | null | undefined
  /** Limits for proposals of the agent. The guardrails of the agent hold too. */
  readonly guardrails?: ApproveTreasuryAccessGuardrails | null | undefined
  /**
   * Plain transfers that the agent approves at once when it proposes them. It must be a signer. At most 20 entries.
   */
  readonly auto_approve_rules?: readonly ApproveTreasuryAccessAutoApproveRules[] | null | undefined
}

export interface ApproveTreasuryAccessGuardrails {
  /** Recipients of what the agent proposes. Default: any address. At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** Maximum value of what the agent proposes, in ether. */
  readonly max_value_eth?: string | null | undefined
  /** Names of chains. Default: any chain. At most 1000 entries. */
  readonly allowed_chains?: readonly string[] | null | undefined
}

export interface ApproveTreasuryAccessAutoApproveRules {
  /** Maximum value of the transfer, in ether. */
  readonly max_value_eth: string
  /** Recipients. Default: any address that the agent may send to. At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** Whether the rule is on. Default: true. */
  readonly auto?: boolean | null | undefined
}

/** Input of `treasury.denyAccess`. */
export interface DenyTreasuryAccessInput {
  /** UUID. */
  readonly treasury_id: string
  /** UUID. */
  readonly request_id: string
}

/** Input of `treasury.updateDelegation`. */
export interface UpdateTreasuryDelegationInput {
  /** UUID. */
  readonly treasury_id: string
  /** ID of the approved access request. UUID. */
  readonly delegation_id: string
  /** owner: the agent proposes and votes as a signer. delegated: it proposes with mode treasury. Default: owner. */
  readonly delegation_mode?: 'owner' | 'delegated' | 'both' | null | undefined
  /** Limits for proposals of the agent. The guardrails of the agent hold too. */
  readonly guardrails?: UpdateTreasuryDelegationGuardrails | null | undefined
  /**
   * Plain transfers that the agent approves at once when it proposes them. It must be a signer. At most 20 entries.
   */
  readonly auto_approve_rules?: readonly UpdateTreasuryDelegationAutoApproveRules[] | null | undefined
  /** false: ends the delegation for good. */
  readonly is_active?: boolean | null | undefined
}

export interface UpdateTreasuryDelegationGuardrails {
  /** Recipients of what the agent proposes. Default: any address. At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** Maximum value of what the agent proposes, in ether. */
  readonly max_value_eth?: string | null | undefined
  /** Names of chains. Default: any chain. At most 1000 entries. */
  readonly allowed_chains?: readonly string[] | null | undefined
}

export interface UpdateTreasuryDelegationAutoApproveRules {
  /** Maximum value of the transfer, in ether. */
  readonly max_value_eth: string
  /** Recipients. Default: any address that the agent may send to. At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** Whether the rule is on. Default: true. */
  readonly auto?: boolean | null | undefined
}

/** Input of `treasury.propose`. */
export interface CreateTreasuryProposalInput {
  /** UUID. */
  readonly treasury_id: string
  /** Recipient, or the contract that is called. At most 42 characters. */
  readonly to_address?: string | null | undefined
  /** The same as to_address. At most 42 characters. */
  readonly to?: string | null | undefined
  /** Amount in wei. Default: 0. At most 80 characters. */
  readonly value_wei?: string | null | undefined
  /** Amount in wei. Default: 0. At most 80 characters. */
  readonly value?: string | null | undefined
  /** Calldata. Default: none. At most 262146 characters. */
  readonly data_hex?: string | null | undefined
  /** Calldata. Default: none. At most 262146 characters. */
  readonly data?: string | null | undefined
  /** Name of the chain, such as ethereum. Default: base. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Number of the chain. It must agree with chain. */
  readonly chain_id?: number | null | undefined
  /** 0: a call. 1: a delegatecall, which only a human proposes. Default: 0. */
  readonly operation?: 0 | 1 | null | undefined
  /** Nonce of the Safe. Default: the next one. */
  readonly nonce?: number | null | undefined
  /** The hash that you computed. It must be the right one. It needs a nonce. At most 66 characters. */
  readonly safe_tx_hash?: string | null | undefined
}

export interface TreasuryProposalResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly treasury_id: string
  /** UUID. */
  readonly proposed_by: string
  readonly proposed_by_type: 'user' | 'agent'
  readonly chain: string
  readonly chain_id: number
  readonly safe_address: string
  readonly to_address: string
  readonly value_wei: string
  readonly data_hex: string
  /** 0: a call. 1: a delegatecall. */
  readonly operation: number
  /**
   * The transaction runs foreign code as the Safe. It can take everything, so its execution needs a second
   * confirmation.
   */
  readonly is_delegatecall: boolean
  readonly safe_tx_hash: string
  readonly nonce: number
  readonly status: 'pending' | 'approved' | 'executing' | 'executed' | 'rejected' | 'expired'
  readonly threshold: number
  /** RFC 3339 time. */
  readonly expires_at: string
  readonly executed_tx_hash?: string | undefined
  /** RFC 3339 time. */
  readonly executed_at?: string | undefined
  /** Why it is not executed although it is approved. */
  readonly failure?: string | undefined
  readonly signatures: ProposalSignatureResponse[]
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface ProposalSignatureResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly signer_id: string
  readonly signer_type: 'user' | 'agent'
  readonly signer_address: string
  /** Empty for a rejection. */
  readonly signature: string
  readonly decision: 'approve' | 'reject'
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `treasury.listProposals`. */
export interface ListTreasuryProposalsInput {
  /** UUID. */
  readonly treasury_id: string
  /** Default: any status. */
  readonly status?: 'pending' | 'approved' | 'executing' | 'executed' | 'rejected' | 'expired' | null | undefined
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `treasury.listProposals`. */
export interface ListTreasuryProposalsOutput {
  readonly proposals: TreasuryProposalResponse[]
  readonly next_cursor?: string | undefined
}

/** Input of `treasury.getProposal`. */
export interface GetTreasuryProposalInput {
  /** UUID. */
  readonly treasury_id: string
  /** UUID. */
  readonly proposal_id: string
}

/** Input of `treasury.signProposal`. */
export interface SignTreasuryProposalInput {
  /** UUID. */
  readonly treasury_id: string
  /** UUID. */
  readonly proposal_id: string
  /** approve or reject. Default: approve. */
  readonly decision?: 'approve' | 'reject' | null | undefined
  /**
   * Signature of the safe_tx_hash. Default: the vault signs with the signing key of the agent, or the wallet of the
   * user, who proves who they are. At most 132 characters.
   */
  readonly signature?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
  /** Who signed. It must be the signer that the signature shows. At most 42 characters. */
  readonly signer_address?: string | null | undefined
}

/** Input of `treasury.executeProposal`. */
export interface ExecuteTreasuryProposalInput {
  /** UUID. */
  readonly treasury_id: string
  /** UUID. */
  readonly proposal_id: string
  /** For a delegatecall: its safe_tx_hash, as a second confirmation. At most 66 characters. */
  readonly confirm_safe_tx_hash?: string | null | undefined
}

/** Input of `treasury.cancelProposal`. */
export interface CancelTreasuryProposalInput {
  /** UUID. */
  readonly treasury_id: string
  /** UUID. */
  readonly proposal_id: string
}
