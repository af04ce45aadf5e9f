import { agentOperations } from './areas/agents/operations/index.ts'
import { auditOperations } from './areas/audit/operations/index.ts'
import { authOperations } from './areas/auth/operations/index.ts'
import { bindingOperations } from './areas/bindings/operations/index.ts'
import { healthOperations } from './areas/health/operations/index.ts'
import { orgOperations } from './areas/orgs/operations/index.ts'
import { policyOperations } from './areas/policies/operations/index.ts'
import { sealOperations } from './areas/seal/operations/index.ts'
import { secretOperations } from './areas/secrets/operations/index.ts'
import { shareOperations } from './areas/sharing/operations/index.ts'
import { vaultOperations } from './areas/vaults/operations/index.ts'

/** Every area, by name: the one list. Routes, clients, tools, documents and tests follow from it. */
export const registry = {
  auth: authOperations,
  orgs: orgOperations,
  vaults: vaultOperations,
  secrets: secretOperations,
  policies: policyOperations,
  agents: agentOperations,
  sharing: shareOperations,
  bindings: bindingOperations,
  audit: auditOperations,
  health: healthOperations,
  seal: sealOperations,
} as const
