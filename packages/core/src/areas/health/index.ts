import { area } from '../../operations/index.ts'
import { healthOperations } from './operations/index.ts'

/** Whether the engine and its keys work. */
export const health = area({
  name: 'health',
  uses: ['orgs'],
  operations: healthOperations,
})
