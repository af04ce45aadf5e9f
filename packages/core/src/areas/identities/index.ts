import { area } from '../../operations/index.ts'
import { identityOperations } from './operations/index.ts'
import { identityKind } from './records.ts'

export { identityKind } from './records.ts'

export const identities = area({
  name: 'identities',
  summary: 'Sign-in with other identity providers.',
  uses: ['auth', 'credentials', 'issuers', 'orgs', 'wallets'],
  operations: identityOperations,
  reports: ['identity.link', 'user.register'],
  kinds: [identityKind],
  onRemoved: {
    user: {
      inUnit: ({ unit }, id) => {
        for (const one of unit.list(identityKind, 'user', unit.org ?? '', id)) unit.delete(identityKind, one)
      },
    },
  },
})
