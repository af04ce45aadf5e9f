export {
  type ApiKey,
  apiKeyKind,
  keyHash,
  keyPrefix,
  newKeyText,
} from './api-keys.ts'
export { authenticate } from './authenticate.ts'

export { forgetFailures } from './password-check.ts'

export { type Claims, revokedTokenKind, rotateTokenKey } from './tokens.ts'
