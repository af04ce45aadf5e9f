import type { Engine, JobType } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type RewrapPayload, retireKeys, rewrap, rewrapKey, vaultKeysKind } from '../vaults/index.ts'
import { type SecretEntry, secretKind, secretVersionKind, versionId } from './records.ts'

const secretsAtOnce = 50
const versionsAtOnce = 40

/**
 * After a vault got a new wrapping key: moves the data key of every version to it, some at a time, and then lets the
 * old keys go. It may be cut off anywhere and begins again; versions that were moved are passed over.
 */
export const rewrapJob: JobType<RewrapPayload> = {
  ...rewrap,
  run: async (engine, payload) => {
    const { org, vaultId } = payload
    const keys = await reading(engine, org).get(vaultKeysKind, vaultId)
    if (!keys || keys.oldest === keys.current) return
    for await (const secret of secretsOf(engine, org, vaultId)) await moveVersions(engine, org, secret, keys.current)
    await retireKeys(engine, payload, keys.current)
  },
}

async function* secretsOf(engine: Engine, org: string, vaultId: string): AsyncGenerator<SecretEntry> {
  let after: string | null = null
  for (;;) {
    const page: SecretEntry[] = await reading(engine, org).page(secretKind, 'path', {
      tuple: [vaultId],
      limit: secretsAtOnce,
      ...(after === null ? {} : { after: [vaultId, after] }),
    })
    yield* page
    const last = page[page.length - 1]
    if (!last || page.length < secretsAtOnce) return
    after = last.path
  }
}

async function moveVersions(engine: Engine, org: string, secret: SecretEntry, current: number): Promise<void> {
  for (let from = 1; from <= secret.newest.number; from += versionsAtOnce) {
    const to = Math.min(from + versionsAtOnce - 1, secret.newest.number)
    await engine.records.transact(async (unit) => {
      unit.enter(org)
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

function reading(engine: Engine, org: string): Unit {
  const unit = engine.records.reading()
  unit.enter(org)
  return unit
}
