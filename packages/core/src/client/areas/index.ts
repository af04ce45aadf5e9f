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
  readonly auth: AuthClient
  readonly accounts: AccountsClient
  readonly logins: LoginsClient
  readonly factors: FactorsClient
  readonly devices: DevicesClient
  readonly recovery: RecoveryClient
  readonly orgs: OrgsClient
  readonly vaults: VaultsClient
  readonly secrets: SecretsClient
  readonly policies: PoliciesClient
  readonly agents: AgentsClient
  readonly enrolments: EnrolmentsClient
  readonly sharing: SharingClient
  readonly cmek: CmekClient
  readonly bindings: BindingsClient
  readonly approvals: ApprovalsClient
  readonly consensus: ConsensusClient
  readonly guardrails: GuardrailsClient
  readonly signers: SignersClient
  readonly intents: IntentsClient
  readonly treasury: TreasuryClient
  readonly ledger: LedgerClient
  readonly deposits: DepositsClient
  readonly identities: IdentitiesClient
  readonly oauth: OauthClient
  readonly platform: PlatformClient
  readonly wallets: WalletsClient
  readonly bankr: BankrClient
  readonly smartaccounts: SmartaccountsClient
  readonly shroud: ShroudClient
  readonly chains: ChainsClient
  readonly x402: X402Client
  readonly billing: BillingClient
  readonly admin: AdminClient
  readonly audit: AuditClient
  readonly webhooks: WebhooksClient
  readonly health: HealthClient
  readonly security: SecurityClient
  readonly risk: RiskClient
  readonly seal: SealClient
}

/** The operations of a vault over HTTP: all operations that have a route. */
export interface PawlHttpClient extends PawlClient, Door {}
