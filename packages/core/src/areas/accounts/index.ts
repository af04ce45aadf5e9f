import { area } from '../../operations/index.ts'
import { accountOperations } from './operations/index.ts'

export const accounts = area({
  name: 'accounts',
  summary: 'Sign-up, sign-in codes, lost passwords and changed addresses.',
  uses: [
    'auth',
    'credentials',
    'mail',
    'orgs',
    'vaults',
    'agents',
    'policies',
    'secrets',
    'settings',
    'platform',
    'wallets',
    'deposits',
    'devices',
    'identities',
    'ledger',
    'oauth',
    'recovery',
    'sharing',
    'treasury',
  ],
  operations: accountOperations,
})
