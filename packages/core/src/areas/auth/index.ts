export { type ApiKey, apiKeyKind, findKey, keyHash, keyPrefix, looksLikeKey, newKeyText } from './api-keys.ts'
export { authenticate } from './authenticate.ts'
export { type Claims, mintToken, revokedTokenKind, revokeToken, tokenKeys, verifyToken } from './tokens.ts'
