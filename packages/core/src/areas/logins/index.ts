import { area } from '../../operations/index.ts'
import { loginOperations } from './operations/index.ts'

export const logins = area({
  name: 'logins',
  summary: 'Sign-in of a command line or another device, which a user allows in the browser.',
  uses: ['auth', 'credentials', 'orgs'],
  operations: loginOperations,
})
