import { area } from '../../operations/index.ts'
import { healthOperations } from './operations/index.ts'

/** Health reports of the engine and its keys. */
export const health = area({
  name: 'health',
  uses: ['orgs'],
  operations: healthOperations,
})
