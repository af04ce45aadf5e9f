import { policyOperations } from './areas/policies/operations/index.ts'
import { secretOperations } from './areas/secrets/operations/index.ts'
import { vaultOperations } from './areas/vaults/operations/index.ts'

/** Every area, by name: the one list. Routes, clients, tools, documents and tests follow from it. */
export const registry = {
  vaults: vaultOperations,
  secrets: secretOperations,
  policies: policyOperations,
} as const
