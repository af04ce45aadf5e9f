import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, worldDefaults } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { cmekFingerprint, decryptCmek, encryptCmek } from '../../cmek.ts'
import { base64 } from '../../kernel/bytes.ts'
import { nextTurn } from '../../kernel/turn.ts'
import { memoryHsm, memoryStorage } from '../../ports/reference/index.ts'

const denied = expect.objectContaining({ code: 'denied' })
const [oldKey, newKey, otherKey] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const secret = tagged('hunter2')

const keys = (from = oldKey, to = newKey) => ({
  old_key: base64(from),
  new_key: base64(to),
  new_fingerprint: cmekFingerprint(to),
})

async function vaultWith({ owner }: World, count: number) {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  await owner.cmek.enable({ vault_id, fingerprint: cmekFingerprint(oldKey) })
  for (let at = 0; at < count; at++) {
    const value = encryptCmek(oldKey, `${secret}-${at}`, at % 2 === 0 ? 'base64' : 'hex')
    await owner.secrets.put({ vault_id, path: `a/${at}`, value })
  }
  return vault_id
}

const read = async ({ owner }: Pick<World, 'owner'>, vault_id: string, path: string) =>
  (await owner.secrets.get({ vault_id, path })).value.reveal()

describe('a customer-managed key', () => {
  it('labels no value that the caller encrypted with another key, and stores none after it was disabled', async () => {
    await using world = await testPawl()
    const { owner } = world
    const vault_id = await vaultWith(world, 1)
    const put = (key: Uint8Array) =>
      owner.secrets.put({
        ...{ vault_id, path: 'a/0', value: encryptCmek(key, secret) },
        cmek_fingerprint: cmekFingerprint(key),
      })
    const differs = expect.objectContaining({ code: 'client_key_differs', kind: 'conflict' })
    await expect(put(newKey)).rejects.toEqual(differs)
    expect(await put(oldKey)).toMatchObject({ version: 2 })
    await owner.cmek.disable({ vault_id })
    await expect(put(oldKey)).rejects.toEqual(differs)
    expect(decryptCmek(oldKey, await read(world, vault_id, 'a/0'))).toBe(secret)
  })

  it('is known by its fingerprint, and marks the values that are stored from then on (seed 002)', async () => {
    await using world = await testPawl()
    const { owner } = world
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    await owner.secrets.put({ vault_id, path: 'before', value: secret })
    const fingerprint = cmekFingerprint(oldKey)
    expect(await owner.cmek.enable({ vault_id, fingerprint })).toMatchObject({
      id: vault_id,
      cmek_enabled: true,
      cmek_fingerprint: fingerprint,
    })
    const blob = encryptCmek(oldKey, secret)
    await owner.secrets.put({ vault_id, path: 'after', value: blob })
    const flags = async () => {
      const found = await Promise.all(['before', 'after'].map((path) => owner.secrets.get({ vault_id, path })))
      return found.map(({ cmek_encrypted }) => cmek_encrypted)
    }
    expect(await flags()).toEqual([false, true])
    const { as: agent } = await world.agent({ vault: vault_id })
    const { value } = await agent.secrets.get({ vault_id, path: 'after' })
    expect([value.reveal(), decryptCmek(oldKey, value.reveal())]).toEqual([blob, secret])
    const disabled = await owner.cmek.disable({ vault_id })
    expect([disabled.cmek_enabled, disabled.cmek_fingerprint]).toEqual([false, undefined])
    expect(await flags()).toEqual([false, true])
    await owner.secrets.put({ vault_id, path: 'after', value: secret })
    expect(await flags()).toEqual([false, false])
  })

  it('is enabled twice only with the same fingerprint, and disabled once', async () => {
    await using world = await testPawl()
    const vault_id = await vaultWith(world, 0)
    const enable = (fingerprint: string) => world.owner.cmek.enable({ vault_id, fingerprint })
    await expect(enable(cmekFingerprint(oldKey))).resolves.toMatchObject({ cmek_enabled: true })
    await expect(enable(cmekFingerprint(newKey))).rejects.toMatchObject({ code: 'cmek_key_differs', kind: 'invalid' })
    for (const bad of ['', 'A'.repeat(64), 'a'.repeat(63), 'g'.repeat(64)]) {
      await expect(enable(bad)).rejects.toMatchObject({ data: { fields: { fingerprint: expect.any(String) } } })
    }
    await world.owner.cmek.disable({ vault_id })
    await expect(world.owner.cmek.disable({ vault_id })).rejects.toMatchObject({ code: 'cmek_not_enabled' })
  })

  it('is replaced by another one without a moment in which values are stored without a key', async () => {
    await using world = await testPawl()
    const vault_id = await vaultWith(world, 0)
    const [old, replacing] = [cmekFingerprint(oldKey), cmekFingerprint(newKey)]
    await world.owner.cmek.enable({ vault_id, fingerprint: old })
    await world.owner.secrets.put({ vault_id, path: 'before', value: encryptCmek(oldKey, secret) })
    const wrong = world.owner.cmek.enable({ vault_id, fingerprint: replacing, replaces: replacing })
    await expect(wrong).rejects.toMatchObject({ code: 'cmek_key_differs' })
    await world.owner.cmek.enable({ vault_id, fingerprint: replacing, replaces: old })
    await world.owner.secrets.put({ vault_id, path: 'after', value: encryptCmek(newKey, secret) })
    const keyOf = async (path: string) => (await world.owner.secrets.get({ vault_id, path })).cmek_fingerprint
    expect([await keyOf('before'), await keyOf('after')]).toEqual([old, replacing])
  })

  it('is for people who manage the vault, and for no vault of the engine', async () => {
    await using world = await testPawl()
    const vault_id = await vaultWith(world, 1)
    const fingerprint = cmekFingerprint(oldKey)
    const { as: agent } = await world.agent({ vault: vault_id })
    await expect(agent.cmek.enable({ vault_id, fingerprint })).rejects.toEqual(denied)
    await expect(agent.cmek.disable({ vault_id })).rejects.toEqual(denied)
    await expect(agent.cmek.rotate({ vault_id, ...keys() })).rejects.toEqual(denied)
    const { owner: stranger } = await world.otherOrg()
    await expect(stranger.cmek.enable({ vault_id, fingerprint })).rejects.toMatchObject({ kind: 'not_found' })
    const { vault_id: system } = await world.owner.agents.agentKeysVault()
    await expect(world.owner.cmek.enable({ vault_id: system, fingerprint })).rejects.toMatchObject({ kind: 'denied' })
  })

  it('lets nobody make a value that the server would have to encrypt (§5.2.21)', async () => {
    await using world = await testPawl()
    const vault_id = await vaultWith(world, 1)
    await expect(world.owner.secrets.rotate({ vault_id, path: 'a/0' })).rejects.toMatchObject({
      code: 'value_is_encrypted',
      kind: 'invalid',
    })
  })
})

describe('the rotation of a customer-managed key', () => {
  it('encrypts each value again in its own format, and changes no number and no count of reads', async () => {
    await using world = await testPawl()
    const { owner } = world
    const vault_id = await vaultWith(world, 2)
    const limited = { vault_id, path: 'limited', value: encryptCmek(oldKey, secret), max_access_count: 1 }
    await owner.secrets.put(limited)
    await owner.secrets.put({ vault_id, path: 'a/0', value: encryptCmek(oldKey, 'newer') })
    const warm = await read(world, vault_id, 'a/1')
    const job = await owner.cmek.rotate({ vault_id, ...keys() })
    expect(job).toMatchObject({
      vault_id,
      status: 'completed',
      total_secrets: 4,
      processed: 4,
      old_fingerprint: cmekFingerprint(oldKey),
      new_fingerprint: cmekFingerprint(newKey),
    })
    expect(await owner.cmek.getRotation({ vault_id, job_id: job.id })).toEqual(job)
    expect((await owner.vaults.get({ vault_id })).cmek_fingerprint).toBe(cmekFingerprint(newKey))
    const again = await read(world, vault_id, 'a/1')
    expect(again).toMatch(/^[0-9a-f]+$/)
    expect(again).not.toBe(warm)
    expect(decryptCmek(newKey, again)).toBe(`${secret}-1`)
    const { version, value } = await owner.secrets.get({ vault_id, path: 'a/0' })
    expect([version, decryptCmek(newKey, value.reveal())]).toEqual([2, 'newer'])
    const first = await owner.secrets.getVersion({ vault_id, path: 'a/0', version: 1 })
    expect([decryptCmek(newKey, first.value.reveal()), first.cmek_encrypted]).toEqual([`${secret}-0`, true])
    expect(decryptCmek(newKey, await read(world, vault_id, 'limited'))).toBe(secret)
    await expect(read(world, vault_id, 'limited')).rejects.toMatchObject({ code: 'secret_gone' })
  })

  it('works in batches of 100, shows its progress, and says running while it runs (§10.3)', async () => {
    await using world = await testPawl()
    const { owner } = world
    const vault_id = await vaultWith(world, 230)
    const job = await owner.cmek.rotate({ vault_id, ...keys() })
    expect(job).toMatchObject({ status: 'running', total_secrets: 230, processed: 100 })
    expect((await owner.vaults.get({ vault_id })).cmek_fingerprint).toBe(cmekFingerprint(oldKey))
    await expect(owner.cmek.rotate({ vault_id, ...keys() })).rejects.toMatchObject({ code: 'cmek_rotation_running' })
    await expect(owner.cmek.disable({ vault_id })).rejects.toMatchObject({ code: 'cmek_rotation_running' })
    // A client that still has the old key stores a value meanwhile, in front of what was worked through.
    await owner.secrets.put({ vault_id, path: 'A', value: encryptCmek(oldKey, 'meanwhile') })
    world.clock.advance(1_000)
    await world.pawl.runJobs()
    const done = await owner.cmek.getRotation({ vault_id, job_id: job.id })
    expect(done).toMatchObject({ status: 'completed', total_secrets: 231, processed: 231 })
    expect(done.error).toBeUndefined()
    expect(decryptCmek(newKey, await read(world, vault_id, 'A'))).toBe('meanwhile')
    for (let at = 0; at < 230; at += 23) {
      expect(decryptCmek(newKey, await read(world, vault_id, `a/${at}`))).toBe(`${secret}-${at}`)
    }
  })

  it('is continued with the same keys after the engine has ended, and skips what is done', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm(worldDefaults)
    const first = await testPawl({ storage, hsm })
    const vault_id = await vaultWith(first, 130)
    const job = await first.owner.cmek.rotate({ vault_id, ...keys() })
    // The first engine dies, so it closes nothing.
    await using second = await testPawl({ storage, hsm, seed: 'second' })
    const { owner, clock } = second
    clock.advance(30_000)
    await expect(owner.cmek.rotate({ vault_id, ...keys() })).rejects.toMatchObject({ code: 'cmek_rotation_running' })
    clock.advance(40_000)
    await second.pawl.runJobs()
    const stopped = await owner.cmek.getRotation({ vault_id, job_id: job.id })
    expect(stopped).toMatchObject({ status: 'failed', processed: 100, error: expect.stringContaining('same two keys') })
    const wrong = owner.cmek.rotate({ vault_id, ...keys(oldKey, otherKey) })
    await expect(wrong).rejects.toMatchObject({ code: 'cmek_rotation_running' })
    const done = await owner.cmek.rotate({ vault_id, ...keys() })
    expect(done).toMatchObject({ id: job.id, status: 'completed', total_secrets: 130, processed: 130 })
    for (const at of [0, 99, 129]) {
      expect(decryptCmek(newKey, await read(second, vault_id, `a/${at}`))).toBe(`${secret}-${at}`)
    }
  })

  it('is continued at once after the engine was closed, and not only when its lease is over', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm(worldDefaults)
    const first = await testPawl({ storage, hsm })
    const vault_id = await vaultWith(first, 130)
    const job = await first.owner.cmek.rotate({ vault_id, ...keys() })
    await first.pawl.close()
    await using second = await testPawl({ storage, hsm, seed: 'second' })
    const done = await second.owner.cmek.rotate({ vault_id, ...keys() })
    expect(done).toMatchObject({ id: job.id, status: 'completed', processed: 130 })
  })

  it('does not look stopped while it passes many values that are done, and its keys are not replaced meanwhile', async () => {
    const stored = memoryStorage()
    let tick = () => {}
    // A walk that takes hours.
    const get: typeof stored.get = async (refs) => {
      if (refs.some(({ kind }) => kind === 'secretVersion')) tick()
      await nextTurn()
      return stored.get(refs)
    }
    const storage = { ...stored, get }
    await using world = await testPawl({ storage, cacheBytes: 1 })
    const { owner, clock } = world
    const vault_id = await vaultWith(world, 230)
    const { id: job_id } = await owner.cmek.rotate({ vault_id, ...keys() })
    const seen = new Set<string>()
    clock.advance(1_000)
    tick = () => clock.advance(10_000)
    const working = world.pawl.runJobs()
    let isDone = false
    void working.then(() => {
      isDone = true
    })
    while (!isDone) {
      const again = await owner.cmek.rotate({ vault_id, ...keys() }).catch((error) => error.code)
      const { status } = await owner.cmek.getRotation({ vault_id, job_id })
      seen.add(status)
      if (status !== 'completed') expect(again).toBe('cmek_rotation_running')
    }
    expect([...seen]).not.toContain('failed')
    expect(await owner.cmek.getRotation({ vault_id, job_id })).toMatchObject({ status: 'completed', processed: 230 })
  })

  it('needs both keys as their fingerprints say, and changes nothing without', async () => {
    await using world = await testPawl()
    const { owner } = world
    const vault_id = await vaultWith(world, 1)
    const before = await read(world, vault_id, 'a/0')
    const bad = [
      [{ ...keys(), old_key: base64(otherKey) }, 'old_key'],
      [{ ...keys(), old_key: 'short' }, 'old_key'],
      [{ ...keys(), new_key: base64(otherKey) }, 'new_key'],
      [{ ...keys(), new_fingerprint: 'a'.repeat(64) }, 'new_key'],
      [{ ...keys(), new_fingerprint: 'x' }, 'new_fingerprint'],
    ] as const
    for (const [given, field] of bad) {
      const rotation = owner.cmek.rotate({ vault_id, ...given })
      await expect(rotation).rejects.toMatchObject({ data: { fields: { [field]: expect.any(String) } } })
    }
    expect(await read(world, vault_id, 'a/0')).toBe(before)
    await owner.cmek.disable({ vault_id })
    await expect(owner.cmek.rotate({ vault_id, ...keys() })).rejects.toMatchObject({ code: 'cmek_not_enabled' })
  })

  it('leaves values that the old key does not open, and says how many', async () => {
    await using world = await testPawl()
    const { owner } = world
    const vault_id = await vaultWith(world, 3)
    await owner.secrets.put({ vault_id, path: 'plain', value: secret })
    const job = await owner.cmek.rotate({ vault_id, ...keys() })
    expect(job).toMatchObject({
      status: 'completed',
      total_secrets: 4,
      processed: 3,
      error: expect.stringMatching(/: 1\./),
    })
    expect(await read(world, vault_id, 'plain')).toBe(secret)
  })

  it('is one at a time: of many that begin together, one does', async () => {
    await using world = await testPawl()
    const vault_id = await vaultWith(world, 3)
    const begun = Array.from({ length: 8 }, () => world.owner.cmek.rotate({ vault_id, ...keys() }))
    const outcomes = await Promise.allSettled(begun)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const at of [0, 1, 2])
      expect(decryptCmek(newKey, await read(world, vault_id, `a/${at}`))).toBe(`${secret}-${at}`)
  })

  it('of an empty vault is complete at once', async () => {
    await using world = await testPawl()
    const vault_id = await vaultWith(world, 0)
    const job = await world.owner.cmek.rotate({ vault_id, ...keys() })
    expect(job).toMatchObject({ status: 'completed', total_secrets: 0, processed: 0 })
  })

  it('leaves no key in the store, the trail or an answer', async () => {
    const bodies: string[] = []
    await using world = await testPawl()
    const vault_id = await vaultWith(world, 2)
    bodies.push(JSON.stringify(await world.owner.cmek.rotate({ vault_id, ...keys() })))
    bodies.push(JSON.stringify(await world.owner.audit.events({})))
    for (const key of [oldKey, newKey]) expect(bodies.join()).not.toContain(base64(key))
    expect(world.storedKinds().job ?? 0).toBe(0)
  })

  it('goes with its vault', async () => {
    await using world = await testPawl()
    const vault_id = await vaultWith(world, 101)
    await world.owner.cmek.rotate({ vault_id, ...keys() })
    await world.owner.vaults.delete({ vault_id })
    world.clock.advance(1_000)
    await world.pawl.runJobs()
    expect(world.storedKinds().cmekRotation ?? 0).toBe(0)
  })
})
