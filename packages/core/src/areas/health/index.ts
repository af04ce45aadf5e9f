import { area } from '../../operations/index.ts'
import { healthOperations } from './operations/index.ts'

export const health = area({
  name: 'health',
  summary: 'Health reports of the server and its keys.',
  uses: ['orgs', 'vaults'],
  operations: healthOperations,
})
