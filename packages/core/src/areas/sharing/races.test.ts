import { type Pawl, PawlError } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { slow } from '@pawl/testkit/wrappers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import type { GroupCommit, Storage } from '../../ports/storage.ts'

// Goal: what is counted, is counted once, whoever else counts at the same moment. Method: many at once, on one engine
// and on two that share a store, with stores that answer in any order.

const tick = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Two engines on one store that neither has for itself; one of them answers in a rhythm of its own. */
async function twoEngines(delays: readonly number[], options = {}) {
  const { setup, get, scan, commit, commitMany, close } = memoryStorage()
  const storage: Storage & GroupCommit = { setup, get, scan, commit, commitMany, close }
  const hsm = memoryHsm()
  let call = 0
  const pause = async () => {
    for (let left = delays[call++ % delays.length] ?? 0; left > 0; left--) await tick()
  }
  const world = await testPawl({ storage: slow(storage, pause), hsm, seed: 'one', ...options })
  const other = await testPawl({ storage, hsm, seed: 'two', ...options })
  const { id } = await world.owner.vaults.create({ name: 'prod' })
  return { ...world, engines: [world.pawl, other.pawl] as const, vaultId: id }
}

async function outcomes(count: number, call: (at: number) => Promise<unknown>): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  const calls = Array.from({ length: count }, (_, at) =>
    call(at).then(
      () => 'answered',
      (error) => (error instanceof PawlError ? error.code : String(error)),
    ),
  )
  for (const outcome of await Promise.all(calls)) found[outcome] = (found[outcome] ?? 0) + 1
  return found
}

const delays = fc.array(fc.nat(2), { minLength: 1, maxLength: 12 })

describe('many at once', () => {
  it('k readers of a share with n uses, of a secret with m reads, read min(k, n, m) times', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.nat(8), fc.nat(8), delays, async (k, n, m, pace) => {
        const { owner, ownerId, engines, vaultId } = await twoEngines(pace)
        const place = { vault_id: vaultId, path: 'a' }
        const { id: secret_id } = await owner.secrets.put({ ...place, value: tagged('x'), max_access_count: m })
        const wanted = { secret_id, recipient_type: 'anyone_with_link', max_access_count: n } as const
        const { id: share_id } = await owner.sharing.create(wanted)
        const read = (at: number) => (engines[at % 2] as Pawl).as({}).sharing.access({ share_id })
        const { answered = 0, share_gone = 0, secret_gone = 0, ...others } = await outcomes(k, read)
        expect(others).toEqual({})
        expect(answered).toBe(Math.min(k, n || k, m || k))
        expect(answered + share_gone + secret_gone).toBe(k)
        expect(await owner.sharing.get({ share_id })).toMatchObject({ access_count: answered })
        const { count } = await engines[0].as({ user: ownerId }).audit.events({ action: 'share.access' })
        expect(count).toBe(k)
      }),
      { numRuns: tries(40, 4) },
    )
  })

  it('wrong passphrases are each counted: of thirty at once ten are tried, and then not even the right one is', async () => {
    const { owner, engines, vaultId } = await twoEngines([1, 0, 2])
    const { id: secret_id } = await owner.secrets.put({ vault_id: vaultId, path: 'a', value: tagged('x') })
    const wanted = { secret_id, recipient_type: 'anyone_with_link', passphrase: tagged('right') } as const
    const { id: share_id } = await owner.sharing.create(wanted)
    const guess = (at: number) =>
      (engines[at % 2] as Pawl).as({}).sharing.access({ share_id, passphrase: `wrong ${at}` })
    expect(await outcomes(30, guess)).toEqual({ passphrase_wrong: 10, share_gone: 20 })
    const right = engines[0].as({}).sharing.access({ share_id, passphrase: tagged('right') })
    await expect(right).rejects.toMatchObject({ code: 'share_gone' })
  })

  it('creations are each counted: of twenty-five at once ten are made (core.md 9.2.16)', async () => {
    const { owner, ownerId, engines, vaultId } = await twoEngines([2, 0, 1], { rateLimits: true })
    const { id: secret_id } = await owner.secrets.put({ vault_id: vaultId, path: 'a', value: tagged('x') })
    const create = (at: number) =>
      (engines[at % 2] as Pawl).as({ user: ownerId }).sharing.create({ secret_id, recipient_type: 'anyone_with_link' })
    expect(await outcomes(25, create)).toEqual({ answered: 10, rate_limited: 15 })
    expect((await owner.sharing.outbound({})).shares).toHaveLength(10)
  })

  it('readers and whoever revokes: after the revocation nobody reads, and it happens once', async () => {
    const { owner, ownerId, engines, vaultId } = await twoEngines([0, 1])
    const { id: secret_id } = await owner.secrets.put({ vault_id: vaultId, path: 'a', value: tagged('x') })
    const { id: share_id } = await owner.sharing.create({
      secret_id,
      recipient_type: 'anyone_with_link',
      max_access_count: 0,
    })
    const found = await outcomes(16, (at) => {
      const engine = engines[at % 2] as Pawl
      return at % 8 < 6
        ? engine.as({}).sharing.access({ share_id })
        : engine.as({ user: ownerId }).sharing.revoke({ share_id })
    })
    expect(Object.keys(found).filter((code) => !['answered', 'share_not_found'].includes(code))).toEqual([])
    await expect(engines[1].as({}).sharing.access({ share_id })).rejects.toMatchObject({ code: 'share_not_found' })
    expect(
      (await owner.audit.events({ action: 'share.revoke' })).events.filter(({ details }) => !details.outcome),
    ).toHaveLength(1)
  })
})
