import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { changeProtection, systemVault, VaultBody, vaultAt, vaultBody, vaultNotFound } from '../../vaults/index.ts'
import { cmekNotEnabled, cmekRotationRunning } from '../errors.ts'
import { cmekRotationKind, isInterrupted } from '../records.ts'
import { manageableVault } from '../vault.ts'

export const disableCmek = operation({
  name: 'cmek.disable',
  summary: 'Store new values without a key of the client. Existing values still need the key.',
  http: { method: 'DELETE', path: '/v1/vaults/{vault_id}/cmek', status: 200, id: 'disableCmek', tag: 'CMEK' },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: { action: 'cmek.disable', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id() }),
  output: VaultBody,
  errors: [vaultNotFound, systemVault, cmekNotEnabled, cmekRotationRunning],
  run: ({ unit, now }, { vault_id }) => {
    const vault = manageableVault(unit, vault_id)
    if (vault.cmekFingerprint === undefined) throw cmekNotEnabled()
    const rotation = vault.cmekRotation === undefined ? null : unit.get(cmekRotationKind, vault.cmekRotation)
    if (rotation) {
      if (!isInterrupted(rotation, now)) throw cmekRotationRunning()
      const error = 'Customer-managed encryption was disabled.'
      unit.put(cmekRotationKind, { ...rotation, status: 'failed', error, completedAt: now })
    }
    const changed = { ...vault, cmekFingerprint: undefined, cmekRotation: undefined }
    changeProtection(unit, changed)
    return vaultBody(changed)
  },
})
