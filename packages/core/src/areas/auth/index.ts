export {
  type ApiKey,
  apiKeyKind,
  findKey,
  isLiveKey,
  keyHash,
  keyPrefix,
  looksLikeKey,
  newKeyText,
} from './api-keys.ts'
export { authenticate } from './authenticate.ts'
export { wrongPassword } from './errors.ts'
export { checkPassword, forgetFailures } from './password-check.ts'
export { agentToken, userToken } from './sessions.ts'
export { type Claims, endSession, mintToken, revokedTokenKind, tokenKeys, verifyToken } from './tokens.ts'
