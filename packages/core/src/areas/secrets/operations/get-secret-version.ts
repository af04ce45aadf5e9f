import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { passkeyNeeded, passkeyTokenField, passkeyTokenHeader, requireUnlocked } from '../../credentials/index.ts'
import { clientShareMissing, clientShareWrong, vaultNotFound } from '../../vaults/index.ts'
import { keyMaterialDenied, secretGone, secretNotFound, versionNotFound } from '../errors.ts'
import { secretAt } from '../resource.ts'
import { clientShareField, clientShareHeader, SecretBody, secretBody, secretRef, valueTag } from '../schemas.ts'
import { findLiveSecret, readValue, requireVersion } from '../secret.ts'

export const getSecretVersion = operation({
  name: 'secrets.getVersion',
  summary: 'Get the value of one version of a secret.',
  http: {
    method: 'GET',
    path: '/v1/vaults/{vault_id}/secret-version/{path+}/{version}',
    status: 200,
    id: 'getSecretVersion',
    tag: 'Secrets',
    headers: { ...clientShareHeader, ...passkeyTokenHeader },
    etag: valueTag,
  },
  command: { name: 'secret get-version', columns: ['value'] },
  effect: 'read',
  access: { permission: 'read', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  delegable: true,
  audit: {
    action: 'secret.read',
    resource: 'secret',
    about: ({ vault_id, path, version }, secret) => ({ id: secret?.id, vault_id, path, version }),
  },
  input: z.object({
    ...secretRef,
    version: versionField(),
    client_share: clientShareField(),
    passkey_token: passkeyTokenField(),
  }),
  output: SecretBody,
  reveals: ['value'],
  errors: [
    vaultNotFound,
    secretNotFound,
    versionNotFound,
    secretGone,
    keyMaterialDenied,
    clientShareMissing,
    clientShareWrong,
    passkeyNeeded,
  ],
  run: (context, { vault_id, path, version: number, client_share: clientShare, passkey_token }) => {
    requireUnlocked(context, passkey_token)
    const secret = findLiveSecret(context, vault_id, path)
    const version = requireVersion(context, secret, number)
    return secretBody(secret, version, readValue(context, secret, version, clientShare))
  },
})

/** A number from 1; in a URL, its digits. */
export function versionField() {
  const problem = 'must be a whole number from 1'
  return z.preprocess(
    (given) => (typeof given === 'string' && /^[1-9][0-9]{0,9}$/.test(given) ? Number(given) : given),
    fields.count().min(1, problem),
  )
}
