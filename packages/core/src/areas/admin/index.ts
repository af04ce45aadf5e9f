import { area } from '../../operations/index.ts'
import { adminOperations } from './operations/index.ts'

export const admin = area({
  name: 'admin',
  summary: 'What the operator of a server does for all organisations.',
  uses: ['billing', 'orgs', 'settings'],
  operations: adminOperations,
})
