import { agentKind } from './areas/agents/index.ts'
import { checkpointKind } from './areas/audit/index.ts'
import { apiKeyKind, revokedTokenKind } from './areas/auth/index.ts'
import { bindingKind, executionKind } from './areas/bindings/index.ts'
import { directoryKind, orgKind, userKind } from './areas/orgs/index.ts'
import { policyKind } from './areas/policies/index.ts'
import { secretKind } from './areas/secrets/index.ts'
import { shareKind } from './areas/sharing/index.ts'
import { vaultKind } from './areas/vaults/index.ts'
import { idempotentCallKind, jobKind } from './operations/index.ts'
import { type AnyKind, blockKind, laneKind } from './records/index.ts'

/** Every kind of record that can be found by an index. */
export const kinds: readonly AnyKind[] = [
  agentKind,
  apiKeyKind,
  bindingKind,
  blockKind,
  checkpointKind,
  directoryKind,
  executionKind,
  jobKind,
  idempotentCallKind,
  laneKind,
  orgKind,
  policyKind,
  revokedTokenKind,
  secretKind,
  shareKind,
  userKind,
  vaultKind,
]
