import { area } from '../../operations/index.ts'
import { authOperations } from './operations/index.ts'
import { forgetFailures, passwordFailuresKind } from './password-check.ts'
import { revokedTokenKind, rotateTokenKey, tokenKeysKind } from './tokens.ts'

export { authenticate } from './authenticate.ts'

/** Authentication: passwords, API keys and tokens. */
export const auth = area({
  name: 'auth',
  uses: ['orgs', 'credentials', 'vaults', 'agents', 'policies'],
  operations: authOperations,
  kinds: [passwordFailuresKind, revokedTokenKind, tokenKeysKind],
  onRemoved: { user: { inUnit: ({ unit }, id) => forgetFailures(unit, id) } },
  rotateKeys: rotateTokenKey,
})
