import * as z from 'zod'
import { AfterCommit, type Context, fields, operation } from '../../../operations/index.ts'
import { fingerprintField, systemVault, type Vault, vaultAt, vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { cmekNotEnabled, cmekRotationRunning } from '../errors.ts'
import { heldKeys, holdKeys, parseKey } from '../held-keys.ts'
import { type CmekRotation, cmekRotationKind, isInterrupted, leaseMs } from '../records.ts'
import { advance } from '../rotation.ts'
import { CmekRotationBody, cmekRotationBody } from '../schemas.ts'
import { manageableVault } from '../vault.ts'

export const rotateCmek = operation({
  name: 'cmek.rotate',
  summary:
    'Encrypt the values of a vault again under a new key of the client. The same keys continue what was interrupted.',
  http: {
    method: 'POST',
    path: '/v1/vaults/{vault_id}/cmek-rotate',
    status: 202,
    id: 'rotateCmek',
    tag: 'CMEK',
    headers: { old_key: 'x-cmek-old-key', new_key: 'x-cmek-new-key' },
  },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: {
    action: 'cmek.rotate',
    resource: 'vault',
    about: ({ vault_id, new_fingerprint }) => ({ id: vault_id, new_fingerprint }),
  },
  input: z.object({
    vault_id: fields.id(),
    old_key: fields.secretText(100).describe('The current key, in base64 (header X-CMEK-Old-Key).'),
    new_key: fields.secretText(100).describe('The new key, in base64 (header X-CMEK-New-Key).'),
    new_fingerprint: fingerprintField().describe('SHA-256 of the new key.'),
  }),
  output: CmekRotationBody,
  errors: [vaultNotFound, systemVault, cmekNotEnabled, cmekRotationRunning],
  run: (context, { vault_id: vaultId, old_key, new_key, new_fingerprint: newFingerprint }) => {
    const { unit } = context
    const vault = manageableVault(unit, vaultId)
    const unfinished = unfinishedRotation(context, vault, newFingerprint)
    const oldFingerprint = unfinished?.oldFingerprint ?? vault.cmekFingerprint
    if (oldFingerprint === undefined) throw cmekNotEnabled()
    const to = parseKey(context, 'new_key', new_key, newFingerprint)
    const from = parseKey(context, 'old_key', old_key, oldFingerprint)
    const rotation = { ...(unfinished ?? started(context, vault, oldFingerprint, newFingerprint)), ...lease(context) }
    const { id } = rotation
    const org = unit.org ?? ''
    unit.put(cmekRotationKind, rotation)
    return new AfterCommit({ id: vaultId, rotation: id, new_fingerprint: newFingerprint }, async (engine) => {
      holdKeys(engine, id, { org, vaultId, from, to })
      const now = await advance(engine, id, 1)
      return cmekRotationBody(now ?? rotation, engine.records.now())
    })
  },
})

/** The rotation that these keys continue, or null. Throws if another one is not finished. */
function unfinishedRotation(context: Context, vault: Vault, newFingerprint: string): CmekRotation | null {
  const { unit, now } = context
  const rotation = vault.cmekRotation === undefined ? null : unit.get(cmekRotationKind, vault.cmekRotation)
  if (!rotation) return null
  // An engine that is slow still works with the keys that it holds.
  const isHeld = unit.waitFor(() => heldKeys(context).has(rotation.id))
  if (isHeld || !isInterrupted(rotation, now) || rotation.newFingerprint !== newFingerprint) throw cmekRotationRunning()
  return rotation
}

function started({ unit, now, newId }: Context, vault: Vault, oldFingerprint: string, newFingerprint: string) {
  const id = newId()
  unit.put(vaultKind, { ...vault, cmekRotation: id })
  const nothingDone = { total: null, processed: 0, error: null, completedAt: null }
  return { id, vaultId: vault.id, oldFingerprint, newFingerprint, startedAt: now, ...nothingDone }
}

function lease({ now }: Context) {
  return { status: 'running' as const, leasedUntil: now + leaseMs }
}
