import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl, type PawlOptions } from '@pawl/core'

type Parts = Pick<PawlOptions, 'storage' | 'hsm' | 'strictKeys' | 'auditSync'>

/** The owner of every vault. */
export const person = { email: 'bench@example.com', password: 'Correct-Horse-1815' }

/** A vault as people run it, on a disk, with so many secrets in it: SQLite and the software HSM, unless told. */
export async function fullVault(
  secrets: number,
  given: Partial<Parts> = {},
  policies = 1,
  tiers: PawlOptions['tiers'] = null,
) {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-bench-'))
  const usual = { ...partsIn(join(folder, 'data')), strictKeys: false, auditSync: 'disk' } as const
  const parts = { ...usual, ...given, tiers, rateLimits: false, background: false }
  const pawl = await createPawl(parts)
  const { user } = await pawl.firstOwner(person)
  const owner = pawl.as({ user })
  const { id: vaultId } = await owner.vaults.create({ name: 'bench' })
  const { agent, api_key } = await owner.agents.create({ name: 'reader' })
  const grant = {
    principal_type: 'agent',
    principal_id: agent.id,
    permissions: ['read' as const, 'write' as const],
  } as const
  await owner.policies.create({
    vault_id: vaultId,
    secret_path_pattern: 'app/**',
    ...grant,
    permissions: [...grant.permissions],
  })
  const more = { vault_id: vaultId, ...grant, permissions: [...grant.permissions] }
  await fill(policies - 1, (at) => owner.policies.create({ ...more, secret_path_pattern: `team-${at}/**` }))
  const apiKey = api_key?.reveal() ?? ''
  const { access_token } = await pawl.as({}).auth.agentToken({ api_key: apiKey })
  const token = access_token.reveal()
  await fill(secrets, (at) => owner.secrets.put({ vault_id: vaultId, path: pathOf(at), value: `value-${at}` }))
  return {
    pawl,
    vaultId,
    token,
    apiKey,
    agent: pawl.as(token),
    owner,
    close: async () => {
      await pawl.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** What `pawl serve` uses in the same data folder. */
export function partsIn(folder: string) {
  const crypto = nodeCrypto()
  const storage = sqlite({ path: join(folder, 'vault.db') })
  const hsm = softwareHsm({ path: join(folder, 'keys'), root: { keyFile: join(folder, 'root.key') }, crypto })
  return { storage, hsm, crypto }
}

export const pathOf = (at: number) => `app/service-${at % 97}/secret-${at}`

/** So many calls, so many at once. */
export async function fill(count: number, call: (at: number) => Promise<unknown>, atOnce = 400): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await call(next++)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker))
}

/** How long `calls` calls take with so many at once, in calls per second. */
export async function rate(calls: number, call: (at: number) => Promise<unknown>, atOnce = 50): Promise<number> {
  const started = performance.now()
  await fill(calls, call, atOnce)
  return (calls / (performance.now() - started)) * 1_000
}

/** The same numbers for the same seed, in [0, below). */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
