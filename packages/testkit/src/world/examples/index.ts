import type { registry } from '@pawl/core'
import { accountExamples } from './accounts.ts'
import { adminExamples } from './admin.ts'
import { agentExamples } from './agents.ts'
import { approvalExamples } from './approvals.ts'
import { auditExamples } from './audit.ts'
import { authExamples } from './auth.ts'
import { bankrExamples } from './bankr.ts'
import { billingExamples } from './billing.ts'
import { bindingExamples } from './bindings.ts'
import { chainExamples } from './chains.ts'
import { cmekExamples } from './cmek.ts'
import { consensusExamples } from './consensus.ts'
import { depositExamples } from './deposits.ts'
import { deviceExamples } from './devices.ts'
import { enrolmentExamples } from './enrolments.ts'
import type { ExamplesOf } from './example.ts'
import { factorExamples } from './factors.ts'
import { guardrailExamples } from './guardrails.ts'
import { healthExamples } from './health.ts'
import { identitiesExamples } from './identities.ts'
import { intentExamples } from './intents.ts'
import { ledgerExamples } from './ledger.ts'
import { loginExamples } from './logins.ts'
import { oauthExamples } from './oauth.ts'
import { orgExamples } from './orgs.ts'
import { platformExamples } from './platform.ts'
import { policyExamples } from './policies.ts'
import { recoveryExamples } from './recovery.ts'
import { riskExamples } from './risk.ts'
import { sealExamples } from './seal.ts'
import { secretExamples } from './secrets.ts'
import { securityExamples } from './security.ts'
import { sharingExamples } from './sharing.ts'
import { shroudExamples } from './shroud.ts'
import { signerExamples } from './signers.ts'
import { smartAccountExamples } from './smartaccounts.ts'
import { treasuryExamples } from './treasury.ts'
import { vaultExamples } from './vaults.ts'
import { walletExamples } from './wallets.ts'
import { webhookExamples } from './webhooks.ts'
import { x402Examples } from './x402.ts'

export type { Example, ExamplesOf } from './example.ts'

/** Every operation by example. */
export const examples: { readonly [Area in keyof typeof registry]: ExamplesOf<Area> } = {
  auth: authExamples,
  accounts: accountExamples,
  identities: identitiesExamples,
  logins: loginExamples,
  oauth: oauthExamples,
  orgs: orgExamples,
  vaults: vaultExamples,
  secrets: secretExamples,
  policies: policyExamples,
  agents: agentExamples,
  approvals: approvalExamples,
  consensus: consensusExamples,
  guardrails: guardrailExamples,
  enrolments: enrolmentExamples,
  sharing: sharingExamples,
  cmek: cmekExamples,
  chains: chainExamples,
  x402: x402Examples,
  admin: adminExamples,
  bindings: bindingExamples,
  platform: platformExamples,
  factors: factorExamples,
  devices: deviceExamples,
  recovery: recoveryExamples,
  audit: auditExamples,
  webhooks: webhookExamples,
  health: healthExamples,
  security: securityExamples,
  risk: riskExamples,
  seal: sealExamples,
  shroud: shroudExamples,
  billing: billingExamples,
  signers: signerExamples,
  intents: intentExamples,
  ledger: ledgerExamples,
  deposits: depositExamples,
  wallets: walletExamples,
  bankr: bankrExamples,
  smartaccounts: smartAccountExamples,
  treasury: treasuryExamples,
}
