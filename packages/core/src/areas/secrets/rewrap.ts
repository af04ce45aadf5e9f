import type { Engine } from '../../operations/index.ts'
import {
  countMoved,
  countValues,
  currentPlace,
  type KeyPlace,
  retireKeys,
  rewrapKey,
  vaultKeysKind,
} from '../vaults/index.ts'
import { type SecretEntry, type SecretVersion, secretVersionKind, versionId } from './records.ts'
import { secretsUnder } from './walk.ts'

const versionsAtOnce = 40

/**
 * Runs after the rotation of a vault key. It wraps the data key of every version with the new key, some at a time, and
 * then retires the old keys. After an interruption it starts again and skips versions that are done.
 */
export async function rewrapDataKeys(engine: Engine, { org, id: vaultId }: { org: string; id: string }): Promise<void> {
  const reading = () => engine.records.reading(org)
  const keys = await reading().get(vaultKeysKind, vaultId)
  if (!keys || keys.oldest === keys.current) return
  const place = currentPlace(keys)
  let total = 0
  for await (const { newest } of secretsUnder(reading, vaultId)) total += newest.number
  await engine.records.transactIn(org, (unit) => countValues(unit, vaultId, place.number, total))
  for await (const secret of secretsUnder(reading, vaultId)) await moveVersions(engine, org, secret, place)
  await retireKeys(engine, { org, vaultId }, keys.current)
}

async function moveVersions(engine: Engine, org: string, secret: SecretEntry, place: KeyPlace): Promise<void> {
  for (let from = 1; from <= secret.newest.number; from += versionsAtOnce) {
    const count = Math.min(versionsAtOnce, secret.newest.number - from + 1)
    const ids = Array.from({ length: count }, (_, at) => versionId(secret.id, from + at))
    await engine.records.transactIn(org, (unit) => {
      const old = unit
        .getAll(secretVersionKind, ids)
        .filter((version) => version && version.value.number < place.number)
      const versions = old as SecretVersion[]
      const vault = { org, vaultId: secret.vaultId }
      const keys = unit.waitFor(() => Promise.all(versions.map(({ value }) => rewrapKey(engine, vault, value, place))))
      for (const [at, version] of versions.entries()) {
        unit.put(secretVersionKind, { ...version, value: { ...version.value, ...keys[at] } })
      }
      countMoved(unit, secret.vaultId, place.number, versions.length)
    })
  }
}
