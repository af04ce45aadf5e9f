import type { Settings, UnitContext } from '../../operations/index.ts'
import { serverSetting } from '../settings/index.ts'
import { agentQuotaReached } from './errors.ts'
import { orgSettingsKind } from './settings.ts'

// How much one agent can create. The operator sets a limit for all organisations, and an organisation a lower one. Zero
// lets agents create none.

/** What is limited, and what its limits are called. */
const quotas = {
  vaults: { of: 'agentVaultsMax', org: 'agent_vaults_max', variable: 'PAWL_AGENT_VAULTS_MAX' },
  secrets: { of: 'agentSecretsMax', org: 'agent_secrets_max', variable: 'PAWL_AGENT_SECRETS_MAX' },
  shares: { of: 'agentSharesMax', org: 'agent_shares_max', variable: 'PAWL_AGENT_SHARES_MAX' },
  policies: { of: 'agentPoliciesMax', org: 'agent_policies_max', variable: 'PAWL_AGENT_POLICIES_MAX' },
} as const satisfies Record<string, { of: keyof Settings; org: string; variable: string }>

/** The maximum number that an agent can have created, and the setting that sets this limit. */
function agentQuota(context: Pick<UnitContext, 'unit' | 'settings'>, what: keyof typeof quotas) {
  const { of, org, variable } = quotas[what]
  const ofServer = serverSetting(context, of)
  const ofOrg = context.unit.get(orgSettingsKind, 'main')?.values[org] ?? ofServer
  return ofOrg < ofServer ? { max: ofOrg, setting: org } : { max: ofServer, setting: variable }
}

export function hasRoom(
  context: Pick<UnitContext, 'unit' | 'settings'>,
  what: keyof typeof quotas,
  count: number,
): boolean {
  return count < agentQuota(context, what).max
}

/** Throws if the agent has reached the limit and must not create another object. */
export function requireRoom(
  context: Pick<UnitContext, 'unit' | 'settings'>,
  what: keyof typeof quotas,
  count: number,
): void {
  const { max, setting } = agentQuota(context, what)
  if (count >= max) throw agentQuotaReached({ what, max, setting })
}
