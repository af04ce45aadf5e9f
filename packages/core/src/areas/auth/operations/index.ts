import { agentToken } from './agent-token.ts'
import { apiKeyToken } from './api-key-token.ts'
import { changePassword } from './change-password.ts'
import { createApiKey } from './create-api-key.ts'
import { deleteMe } from './delete-me.ts'
import { federatedToken } from './federated-token.ts'
import { getMe } from './get-me.ts'
import { jwks } from './jwks.ts'
import { jwtPublicKey } from './jwt-public-key.ts'
import { listApiKeys } from './list-api-keys.ts'
import { openidConfiguration } from './openid-configuration.ts'
import { refresh } from './refresh.ts'
import { revokeApiKey } from './revoke-api-key.ts'
import { revokeToken } from './revoke-token.ts'
import { token } from './token.ts'
import { updateMe } from './update-me.ts'

export const authOperations = {
  token,
  agentToken,
  apiKeyToken,
  federatedToken,
  refresh,
  revoke: revokeToken,
  me: getMe,
  updateMe,
  deleteMe,
  changePassword,
  createApiKey,
  listApiKeys,
  revokeApiKey,
  jwtPublicKey,
  jwks,
  openidConfiguration,
}
