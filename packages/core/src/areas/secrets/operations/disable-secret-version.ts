import * as z from 'zod'
import type { Context } from '../../../operations/index.ts'
import { operation } from '../../../operations/index.ts'
import { vaultNotFound } from '../../vaults/index.ts'
import { putChanged } from '../changes.ts'
import { secretGone, secretNotFound, versionNotFound } from '../errors.ts'
import { type SecretEntry, secretVersionKind } from '../records.ts'
import { secretAt } from '../resource.ts'
import { secretRef } from '../schemas.ts'
import { findLiveSecret, requireVersion } from '../secret.ts'
import { versionField } from './get-secret-version.ts'

export const disableSecretVersion = operation({
  name: 'secrets.disableVersion',
  summary: 'Permanently disable one version of a secret. Reads return the newest enabled version.',
  http: {
    method: 'POST',
    path: '/v1/vaults/{vault_id}/secret-version-disable/{path+}/{version}',
    status: 204,
    id: 'disableSecretVersion',
    tag: 'Secrets',
  },
  effect: 'write',
  access: { permission: 'rotate', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  delegable: true,
  audit: {
    action: 'secret.version_disable',
    resource: 'secret',
    about: ({ vault_id, path, version }) => ({ vault_id, path, version }),
  },
  input: z.object({ ...secretRef, version: versionField() }),
  output: z.undefined(),
  errors: [vaultNotFound, secretNotFound, versionNotFound, secretGone],
  run: (context, { vault_id, path, version: number }) => {
    const secret = findLiveSecret(context, vault_id, path)
    const version = requireVersion(context, secret, number)
    if (version.isDisabled) return undefined
    context.unit.put(secretVersionKind, { ...version, isDisabled: true })
    // Even when what reads give stays the same: two who disable two versions at once must see each other.
    putChanged(context.unit, { ...secret, current: newestEnabled(context, secret, number) })
    return undefined
  },
})

function newestEnabled(context: Context, secret: SecretEntry, disabled: number): number | null {
  if (secret.current !== disabled) return secret.current
  for (let number = disabled - 1; number >= secret.firstVersion; number--) {
    if (!requireVersion(context, secret, number).isDisabled) return number
  }
  return null
}
