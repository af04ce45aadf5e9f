import { freezeAgent } from './freeze-agent.ts'
import { freezeOrg } from './freeze-org.ts'
import { getOrgFreeze } from './get-org-freeze.ts'
import { listRevisions } from './list-revisions.ts'
import { replayDecisions } from './replay-decisions.ts'
import { unfreezeAgent } from './unfreeze-agent.ts'
import { unfreezeOrg } from './unfreeze-org.ts'

export const guardrailOperations = {
  freeze: freezeAgent,
  unfreeze: unfreezeAgent,
  freezeOrg,
  unfreezeOrg,
  orgFreeze: getOrgFreeze,
  revisions: listRevisions,
  replay: replayDecisions,
}
