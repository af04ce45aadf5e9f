import { activityTask } from './areas/agents/index.ts'
import { checkpointTask, deliveryTask } from './areas/audit/index.ts'
import { idempotentCallsTask, type ScheduledTask } from './operations/index.ts'

/** Everything an engine does by itself. */
export const taskList: readonly ScheduledTask[] = [checkpointTask, activityTask, deliveryTask, idempotentCallsTask]
