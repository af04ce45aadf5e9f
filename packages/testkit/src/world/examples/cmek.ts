import { cmekFingerprint, encryptCmek } from '@pawl/core/cmek'
import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const oldKey = new Uint8Array(32).fill(1)
const newKey = new Uint8Array(32).fill(2)
const text = (key: Uint8Array) => btoa(String.fromCharCode(...key))

const ownVault = async ({ owner, ownerId }: World) => {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  return { who: { user: ownerId }, input: { vault_id } }
}

const enabled = async (world: World) => {
  const { who, input } = await ownVault(world)
  await world.owner.cmek.enable({ ...input, fingerprint: cmekFingerprint(oldKey) })
  await world.owner.secrets.put({ ...input, path: 'db/password', value: encryptCmek(oldKey, tagged('hunter2')) })
  return { who, input }
}

const bothKeys = { old_key: text(oldKey), new_key: text(newKey), new_fingerprint: cmekFingerprint(newKey) }

export const cmekExamples: ExamplesOf<'cmek'> = {
  enable: async (world) => {
    const { who, input } = await ownVault(world)
    return { who, input: { ...input, fingerprint: cmekFingerprint(oldKey) } }
  },
  disable: enabled,
  // Without values: they change in later commits, and after a crash between these only the same keys continue (cmek.test.ts).
  rotate: async (world) => {
    const { who, input } = await ownVault(world)
    await world.owner.cmek.enable({ ...input, fingerprint: cmekFingerprint(oldKey) })
    return { who, input: { ...input, ...bothKeys } }
  },
  getRotation: async (world) => {
    const { who, input } = await enabled(world)
    const { id } = await world.owner.cmek.rotate({ ...input, ...bothKeys })
    return { who, input: { ...input, job_id: id } }
  },
}
