import { area } from '../../operations/index.ts'
import { proofNonceKind } from './dpop.ts'
import { federationKeysKind, rotateFederationKey } from './federation-keys.ts'
import { federationSettings } from './federation-settings.ts'
import { authOperations } from './operations/index.ts'
import { forgetFailures, passwordFailuresKind } from './password-check.ts'
import { revokedTokenKind, rotateTokenKey, tokenKeysKind } from './tokens.ts'

export { authenticate } from './authenticate.ts'
export { currentUser } from './current-user.ts'
export { type Method, stageFailure, stageSuccess } from './events.ts'
export { exchangeErrors, exchangeGrantType, exchangeSubject } from './exchange-subject.ts'
export { federationKeys } from './federation-keys.ts'
export { stagePasswordChanged } from './password-changed.ts'
export { checkGuess, checkPassword, forgetFailures } from './password-check.ts'
export { SignInBody, secondStepFields, TokenBody, tokenBody } from './schemas.ts'
export { mfaTokenUse, signInBody } from './second-step.ts'
export { serverMetadata, serverMetadataFields } from './server-metadata.ts'
export { isFresh, needsProofToEnrol, userToken } from './sessions.ts'
export { setOwnerPassword } from './set-owner-password.ts'

export const auth = area({
  name: 'auth',
  summary: 'Authentication with passwords, API keys and tokens.',
  uses: ['orgs', 'credentials', 'vaults', 'agents', 'policies', 'platform', 'issuers', 'mail'],
  operations: authOperations,
  reports: [
    'auth.success',
    'auth.challenge',
    'auth.failure',
    'auth.federated_token_issued',
    'auth.federated_token_refused',
  ],
  kinds: [passwordFailuresKind, revokedTokenKind, tokenKeysKind, federationKeysKind, proofNonceKind],
  agentSettings: federationSettings,
  onRemoved: { user: { inUnit: ({ unit }, id) => forgetFailures(unit, id) } },
  rotateKeys: async (engine) => {
    await rotateTokenKey(engine)
    await rotateFederationKey(engine)
  },
})
