import type { Engine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { retireKeys, rewrapKey, vaultKeysKind } from '../vaults/index.ts'
import { type SecretEntry, secretVersionKind, versionId } from './records.ts'
import { secretsUnder } from './walk.ts'

const versionsAtOnce = 40

/**
 * After a vault got a new wrapping key: moves the data key of every version to it, some at a time, and then lets the
 * old keys go. It may be cut off anywhere and begins again; versions that were moved are passed over.
 */
export async function rewrapDataKeys(engine: Engine, { org, id: vaultId }: { org: string; id: string }): Promise<void> {
  const reading = () => engine.records.reading(org)
  const keys = await reading().get(vaultKeysKind, vaultId)
  if (!keys || keys.oldest === keys.current) return
  for await (const secret of secretsUnder(reading, vaultId)) await moveVersions(engine, org, secret, keys.current)
  await retireKeys(engine, { org, vaultId }, keys.current)
}

async function moveVersions(engine: Engine, org: string, secret: SecretEntry, current: number): Promise<void> {
  for (let from = 1; from <= secret.newest.number; from += versionsAtOnce) {
    const to = Math.min(from + versionsAtOnce - 1, secret.newest.number)
    await engine.records.transactIn(org, async (unit) => {
      for (let number = from; number <= to; number++) await moveVersion(engine, unit, secret, number, current)
    })
  }
}

async function moveVersion(engine: Engine, unit: Unit, secret: SecretEntry, number: number, current: number) {
  const version = await unit.get(secretVersionKind, versionId(secret.id, number))
  if (!version || version.key.number >= current) return
  const place = { org: unit.org ?? '', vaultId: secret.vaultId, secretId: secret.id, version: number }
  unit.put(secretVersionKind, { ...version, key: await rewrapKey(engine, place, version.key, current) })
}
