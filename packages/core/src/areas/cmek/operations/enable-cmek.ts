import * as z from 'zod'
import { fields, operation, requireFeature, tierLimitReached } from '../../../operations/index.ts'
import {
  changeProtection,
  fingerprintField,
  systemVault,
  VaultBody,
  vaultAt,
  vaultBody,
  vaultNotFound,
} from '../../vaults/index.ts'
import { cmekKeyDiffers, cmekRotationRunning } from '../errors.ts'
import { manageableVault } from '../vault.ts'

export const enableCmek = operation({
  name: 'cmek.enable',
  summary:
    'Declare that clients encrypt the values of a vault with their own key. The server gets only its fingerprint.',
  http: { method: 'POST', path: '/v1/vaults/{vault_id}/cmek', status: 200, id: 'enableCmek', tag: 'CMEK' },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: {
    action: 'cmek.enable',
    resource: 'vault',
    about: ({ vault_id, fingerprint }) => ({ id: vault_id, fingerprint }),
  },
  input: z.object({
    vault_id: fields.id(),
    fingerprint: fingerprintField().describe('SHA-256 of the key.'),
    replaces: fields
      .optional(fingerprintField())
      .describe('SHA-256 of the key that this key replaces. Stored values keep the key that they have.'),
  }),
  output: VaultBody,
  errors: [vaultNotFound, systemVault, cmekKeyDiffers, cmekRotationRunning, tierLimitReached],
  run: (context, { vault_id, fingerprint, replaces }) => {
    const { unit } = context
    requireFeature(context, 'cmek')
    const vault = manageableVault(unit, vault_id)
    const before = vault.cmekFingerprint
    if (before !== undefined && before !== fingerprint && before !== replaces) throw cmekKeyDiffers()
    if (before !== fingerprint && vault.cmekRotation !== undefined) throw cmekRotationRunning()
    const changed = { ...vault, cmekFingerprint: fingerprint }
    changeProtection(unit, changed)
    return vaultBody(changed)
  },
})
