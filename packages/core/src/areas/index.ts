import type { RegistryOf } from '../operations/index.ts'
import { accounts } from './accounts/index.ts'
import { admin } from './admin/index.ts'
import { agents } from './agents/index.ts'
import { approvals } from './approvals/index.ts'
import { audit } from './audit/index.ts'
import { auth } from './auth/index.ts'
import { bankr } from './bankr/index.ts'
import { billing } from './billing/index.ts'
import { bindings } from './bindings/index.ts'
import { chains } from './chains/index.ts'
import { cmek } from './cmek/index.ts'
import { consensus } from './consensus/index.ts'
import { credentials } from './credentials/index.ts'
import { deposits } from './deposits/index.ts'
import { devices } from './devices/index.ts'
import { enrolments } from './enrolments/index.ts'
import { factors } from './factors/index.ts'
import { guardrails } from './guardrails/index.ts'
import { health } from './health/index.ts'
import { identities } from './identities/index.ts'
import { intents } from './intents/index.ts'
import { issuersArea } from './issuers/index.ts'
import { ledger } from './ledger/index.ts'
import { logins } from './logins/index.ts'
import { mail } from './mail/index.ts'
import { oauth } from './oauth/index.ts'
import { orgs } from './orgs/index.ts'
import { platform } from './platform/index.ts'
import { policies } from './policies/index.ts'
import { recovery } from './recovery/index.ts'
import { risk } from './risk/index.ts'
import { seal } from './seal/index.ts'
import { secrets } from './secrets/index.ts'
import { security } from './security/index.ts'
import { settingsArea } from './settings/index.ts'
import { sharing } from './sharing/index.ts'
import { shroud } from './shroud/index.ts'
import { signers } from './signers/index.ts'
import { smartaccounts } from './smartaccounts/index.ts'
import { treasury } from './treasury/index.ts'
import { vaults } from './vaults/index.ts'
import { wallets } from './wallets/index.ts'
import { webhooks } from './webhooks/index.ts'
import { x402 } from './x402/index.ts'

/** The list of all built-in areas. Routes, clients, tools, documents and tests follow from it. */
export const areas = [
  auth,
  accounts,
  logins,
  credentials,
  factors,
  devices,
  recovery,
  mail,
  settingsArea,
  orgs,
  vaults,
  secrets,
  policies,
  agents,
  enrolments,
  sharing,
  cmek,
  bindings,
  approvals,
  consensus,
  guardrails,
  signers,
  intents,
  treasury,
  ledger,
  deposits,
  issuersArea,
  identities,
  oauth,
  platform,
  wallets,
  bankr,
  smartaccounts,
  shroud,
  chains,
  x402,
  billing,
  admin,
  audit,
  webhooks,
  health,
  security,
  risk,
  seal,
] as const

/** The operations of the built-in areas. */
export type OwnRegistry = RegistryOf<typeof areas>
