import { area } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { cmekOperations } from './operations/index.ts'
import { cmekRotationKind } from './records.ts'
import { releaseTask, rotationTask } from './rotation.ts'

export const cmek = area({
  name: 'cmek',
  summary: 'Keys with which clients encrypt values before they reach the vault.',
  uses: ['vaults', 'secrets'],
  operations: cmekOperations,
  kinds: [cmekRotationKind],
  scheduledTasks: [rotationTask, releaseTask],
  onRemoved: {
    vault: { asJob: ({ records }, { org, id }) => dropAll(records, org, cmekRotationKind, 'vault', id) },
  },
})
