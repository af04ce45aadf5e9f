import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { passkeyNeeded, passkeyTokenField, passkeyTokenHeader, requireUnlocked } from '../../credentials/index.ts'
import { clientShareMissing, clientShareWrong, vaultNotFound } from '../../vaults/index.ts'
import { keyMaterialDenied, secretGone, secretNotFound } from '../errors.ts'
import { secretAt } from '../resource.ts'
import { clientShareField, clientShareHeader, SecretBody, secretBody, secretRef, valueTag } from '../schemas.ts'
import { currentVersion, findSecret, readValue } from '../secret.ts'
import { getEnvBundleTool, getSecretTool } from '../tools.ts'

export const getSecret = operation({
  name: 'secrets.get',
  summary: 'Get the value of a secret.',
  http: {
    method: 'GET',
    path: '/v1/vaults/{vault_id}/secrets/{path+}',
    status: 200,
    id: 'getSecret',
    tag: 'Secrets',
    headers: { ...clientShareHeader, ...passkeyTokenHeader },
    etag: valueTag,
  },
  tools: [getSecretTool, getEnvBundleTool],
  command: { columns: ['value'] },
  effect: 'read',
  access: { permission: 'read', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  delegable: true,
  audit: {
    action: 'secret.read',
    resource: 'secret',
    about: ({ vault_id, path }, secret) => ({ id: secret?.id, vault_id, path, version: secret?.version }),
  },
  input: z.object({ ...secretRef, client_share: clientShareField(), passkey_token: passkeyTokenField() }),
  output: SecretBody,
  reveals: ['value'],
  errors: [
    vaultNotFound,
    secretNotFound,
    secretGone,
    keyMaterialDenied,
    clientShareMissing,
    clientShareWrong,
    passkeyNeeded,
  ],
  run: (context, { vault_id, path, client_share: clientShare, passkey_token }) => {
    requireUnlocked(context, passkey_token)
    const secret = findSecret(context, vault_id, path)
    const version = currentVersion(context, secret)
    return secretBody(secret, version, readValue(context, secret, version, clientShare))
  },
})
