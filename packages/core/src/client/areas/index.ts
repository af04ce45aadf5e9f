// Written by tools/gen-client-types.ts.

import type { Door } from '../types.ts'
import type { AccountsClient } from './accounts.ts'
import type { AdminClient } from './admin.ts'
import type { AgentsClient } from './agents.ts'
import type { ApprovalsClient } from './approvals.ts'
import type { AuditClient } from './audit.ts'
import type { AuthClient } from './auth.ts'
import type { BankrClient } from './bankr.ts'
import type { BillingClient } from './billing.ts'
import type { BindingsClient } from './bindings.ts'
import type { ChainsClient } from './chains.ts'
import type { CmekClient } from './cmek.ts'
import type { ConsensusClient } from './consensus.ts'
import type { DepositsClient } from './deposits.ts'
import type { DevicesClient } from './devices.ts'
import type { EnrolmentsClient } from './enrolments.ts'
import type { FactorsClient } from './factors.ts'
import type { GuardrailsClient } from './guardrails.ts'
import type { HealthClient } from './health.ts'
import type { IdentitiesClient } from './identities.ts'
import type { IntentsClient } from './intents.ts'
import type { LedgerClient } from './ledger.ts'
import type { LoginsClient } from './logins.ts'
import type { OauthClient } from './oauth.ts'
import type { OrgsClient } from './orgs.ts'
import type { PlatformClient } from './platform.ts'
import type { PoliciesClient } from './policies.ts'
import type { RecoveryClient } from './recovery.ts'
import type { RiskClient } from './risk.ts'
import type { SealClient } from './seal.ts'
import type { SecretsClient } from './secrets.ts'
import type { SecurityClient } from './security.ts'
import type { SharingClient } from './sharing.ts'
import type { ShroudClient } from './shroud.ts'
import type { SignersClient } from './signers.ts'
import type { SmartaccountsClient } from './smartaccounts.ts'
import type { TreasuryClient } from './treasury.ts'
import type { VaultsClient } from './vaults.ts'
import type { WalletsClient } from './wallets.ts'
import type { WebhooksClient } from './webhooks.ts'
import type { X402Client } from './x402.ts'

export type * from './accounts.ts'
export type * from './admin.ts'
export type * from './agents.ts'
export type * from './approvals.ts'
export type * from './audit.ts'
export type * from './auth.ts'
export type * from './bankr.ts'
export type * from './billing.ts'
export type * from './bindings.ts'
export type * from './chains.ts'
export type * from './cmek.ts'
export type * from './consensus.ts'
export type * from './deposits.ts'
export type * from './devices.ts'
export type * from './enrolments.ts'
export type * from './factors.ts'
export type * from './guardrails.ts'
export type * from './health.ts'
export type * from './identities.ts'
export type * from './intents.ts'
export type * from './ledger.ts'
export type * from './logins.ts'
export type * from './oauth.ts'
export type * from './orgs.ts'
export type * from './platform.ts'
export type * from './policies.ts'
export type * from './recovery.ts'
export type * from './risk.ts'
export type * from './seal.ts'
export type * from './secrets.ts'
export type * from './security.ts'
export type * from './sharing.ts'
export type * from './shroud.ts'
export type * from './signers.ts'
export type * from './smartaccounts.ts'
export type * from './treasury.ts'
export type * from './vaults.ts'
export type * from './wallets.ts'
export type * from './webhooks.ts'
export type * from './x402.ts'

/**
 * All operations of the engine, for one caller. In addition to the errors that an operation lists, each call can throw
 * `invalid_input`, `not_authenticated`, `denied`, `rate_limited`, `sealed`, `unavailable` and `internal`.
 *
 * @example
 * const owner = pawl.as({ user })
 * const vault = await owner.vaults.create({ name: 'prod' })
 */
export interface PawlClient {
  /** Authentication with passwords, API keys and tokens. */
  readonly auth: AuthClient
  /** Sign-up, sign-in codes, lost passwords and changed addresses. */
  readonly accounts: AccountsClient
  /** Sign-in of a command line or another device, which a user allows in the browser. */
  readonly logins: LoginsClient
  /** Second factors, passkeys, and proofs that a user is still there. */
  readonly factors: FactorsClient
  /** Phones whose keys confirm single actions of their user. */
  readonly devices: DevicesClient
  /** Resets of lost factors, with the word of an admin and a delay. */
  readonly recovery: RecoveryClient
  /** The organisation and its members. */
  readonly orgs: OrgsClient
  /** Places for secrets. Each vault has keys of its own. */
  readonly vaults: VaultsClient
  /** Values at paths of a vault, in versions. */
  readonly secrets: SecretsClient
  /** Rules that say who may do what with which paths of a vault. */
  readonly policies: PoliciesClient
  /** Programs that have an identity and keys of their own. */
  readonly agents: AgentsClient
  /** Agents that ask for an identity of their own, and wait until a user allows them. */
  readonly enrolments: EnrolmentsClient
  /** Access to one secret without a policy. */
  readonly sharing: SharingClient
  /** Keys with which clients encrypt values before they reach the vault. */
  readonly cmek: CmekClient
  /** Calls of services with credentials that the agent never sees. */
  readonly bindings: BindingsClient
  /** What waits for a human, and what the human decided. */
  readonly approvals: ApprovalsClient
  /** What several people must agree to before an agent signs it, or before the organisation changes. */
  readonly consensus: ConsensusClient
  /** Limits for what agents sign. */
  readonly guardrails: GuardrailsClient
  /** Keys with which agents sign on chains, and never see. */
  readonly signers: SignersClient
  /** Transactions and messages that agents sign with keys that they never see. */
  readonly intents: IntentsClient
  /** Treasuries: Safe contracts whose owners decide together, and what agents may spend. */
  readonly treasury: TreasuryClient
  /** Internal accounts of people, and transfers between them. */
  readonly ledger: LedgerClient
  /** Addresses that people pay to, and what arrived there. */
  readonly deposits: DepositsClient
  /** Sign-in with other identity providers. */
  readonly identities: IdentitiesClient
  /** Sign-in with this vault, for platform apps. */
  readonly oauth: OauthClient
  /** Products that are built on this vault: their apps, templates, users and what users let them do. */
  readonly platform: PlatformClient
  /** Wallets of people, with which they pay on chains. */
  readonly wallets: WalletsClient
  /** Short-lived keys of Bankr wallets for agents. */
  readonly bankr: BankrClient
  /** The Safe of an agent on each chain. */
  readonly smartaccounts: SmartaccountsClient
  /** The proxy between agents and models: what was found in requests, and keys for tools. */
  readonly shroud: ShroudClient
  /** The chains and tokens that agents can use. */
  readonly chains: ChainsClient
  /** Payments for single calls, by the x402 protocol. */
  readonly x402: X402Client
  /** What your organisation uses, what its tier allows, and credits. */
  readonly billing: BillingClient
  /** What the operator of a server does for all organisations. */
  readonly admin: AdminClient
  /** What happened in the organisation, and the proof that no event is missing. */
  readonly audit: AuditClient
  /** Events of your organisation, sent to your services. */
  readonly webhooks: WebhooksClient
  /** Health reports of the server and its keys. */
  readonly health: HealthClient
  /** From which addresses the callers of an organisation reach it. */
  readonly security: SecurityClient
  /** What is unusual about users and agents, and honeytokens. */
  readonly risk: RiskClient
  /** Sealing and unsealing a vault with root shares. */
  readonly seal: SealClient
}

/** The operations of a vault over HTTP: all operations that have a route. */
export interface PawlHttpClient extends PawlClient, Door {}
