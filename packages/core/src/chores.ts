import { activityChore } from './areas/agents/index.ts'
import { checkpointChore, deliveryChore } from './areas/audit/index.ts'
import { type Chore, keyedCallsChore } from './operations/index.ts'

/** Everything an engine does by itself. */
export const choreList: readonly Chore[] = [checkpointChore, activityChore, deliveryChore, keyedCallsChore]
