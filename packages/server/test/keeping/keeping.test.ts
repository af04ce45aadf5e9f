import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasPart } from '../../../../tools/real-parts/index.ts'
import { isLong } from '../../../../tools/test-run/index.ts'
import { openPawl, readConfig, start } from '../../src/host/index.ts'
import { filledVault, killedPawl, newFolder, pawl, readIn, textOf } from './program.ts'

// Goal: what an operator backs up, restores and moves is all there, or is refused with a reason, whatever happens in
// between. Method: the real command line, store and key store; kill -9; a disk that is full.

const envOf = (folder: string, name = 'data') => ({ PAWL_DATA_DIR: join(folder, name), PAWL_PORT: '0' })

/** Another machine: a folder with a copy of the root key, and nothing else. */
function machine(folder: string, name: string) {
  mkdirSync(join(folder, name), { mode: 0o700 })
  copyFileSync(join(folder, 'data', 'root.key'), join(folder, name, 'root.key'))
  return envOf(folder, name)
}

async function backedUp(secrets = 30) {
  const folder = newFolder()
  const ids = await filledVault(envOf(folder), secrets)
  const file = join(folder, 'a.backup')
  const made = await pawl(['backup', file], envOf(folder))
  expect(made).toMatchObject({ status: 0, errors: '' })
  return { folder, ids, file, made }
}

/** Commits until there is the marker of a store that is half filled, and something of what fills it. */
const untilFilling = 2

const areKilled = isLong('restores and migrations that are killed')

describe('pawl backup and pawl restore', () => {
  it('bring a vault to another machine, with every value, and its trail verifies there', async () => {
    const { folder, ids, file, made } = await backedUp()
    expect(made.out).toMatch(/^\d+ records, .* in .*a\.backup\.\nTo restore it, you also need the root key/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const third = machine(folder, 'third')
    const restored = await pawl(['restore', file], third)
    expect(restored).toMatchObject({ status: 0, errors: '' })
    expect(restored.out).toMatch(/1 audit lane, 30 values tried/)
    expect(await readIn(third, ids, 's/7')).toBe(textOf(7))
    expect((await pawl(['audit', 'verify'], third)).out).toMatch(/ whole\n$/)
    const mode = (name: string) => statSync(join(folder, 'third', name)).mode & 0o777
    expect([mode('vault.db'), mode('keys')]).toEqual([0o600, 0o600])
  })

  it('overwrite neither a file nor a vault', async () => {
    const { folder, file } = await backedUp(1)
    const before = [readFileSync(file), readFileSync(join(folder, 'data', 'vault.db'))]
    expect(await pawl(['backup', file], envOf(folder))).toMatchObject({ status: 78 })
    const refused = await pawl(['restore', file], envOf(folder))
    expect(refused.status).toBe(1)
    expect(refused.errors).toContain('The target already holds a vault')
    expect(readFileSync(file).equals(before[0] as Buffer)).toBe(true)
    expect(readFileSync(join(folder, 'data', 'vault.db')).equals(before[1] as Buffer)).toBe(true)
  })

  it('write nothing at all with another root key, or none', async () => {
    const { folder, file } = await backedUp(1)
    const third = machine(folder, 'third')
    writeFileSync(join(folder, 'third', 'root.key'), Buffer.alloc(32, 9))
    const refused = await pawl(['restore', file], third)
    expect(refused.status).toBe(1)
    expect(refused.errors).toContain('This is not a root key that opens')
    expect(readdirSync(join(folder, 'third'))).toEqual(['root.key'])
    expect((await pawl(['restore', file], envOf(folder, 'none'))).errors).toContain('root.key is missing')
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  it('refuse a backup that is cut off, changed or something else, and no server starts on what it left', async () => {
    const { folder, file } = await backedUp(400)
    const whole = readFileSync(file)
    const flipped = Buffer.from(whole)
    flipped.writeUInt8(flipped.readUInt8(whole.length - 70_000) ^ 1, whole.length - 70_000)
    const bad = { cut: whole.subarray(0, whole.length - 1), flipped, other: Buffer.from('no backup') }
    for (const [name, bytes] of Object.entries(bad)) {
      const env = machine(folder, name)
      writeFileSync(join(folder, `${name}.backup`), bytes)
      const refused = await pawl(['restore', join(folder, `${name}.backup`)], env)
      expect(refused.status, name).toBe(1)
      expect(refused.errors, name).toMatch(/backup is (cut off|damaged)|not a Pawl backup/)
      if (name !== 'other') await expect(openPawl(readConfig(env)), name).rejects.toThrow('only half filled')
    }
    // The good one does not mix with what a bad one left.
    const mixed = await pawl(['restore', file], envOf(folder, 'flipped'))
    expect([mixed.status, mixed.errors]).toEqual([0, ''])
  })

  it.runIf(areKilled)('go on after a restore was killed, and start no server in between', async () => {
    const { folder, ids, file } = await backedUp(300)
    const third = machine(folder, 'third')
    await killedPawl(['restore', file], third, untilFilling)
    await expect(openPawl(readConfig(third))).rejects.toThrow('pawl restore did not finish')
    expect(await pawl(['restore', file], third)).toMatchObject({ status: 0, errors: '' })
    expect(await readIn(third, ids, 's/299')).toBe(textOf(299))
  })
})

describe('a backup of a server that is written to', () => {
  it('has every write that was answered before it began, and is one moment', async () => {
    const folder = newFolder()
    const ids = await filledVault(envOf(folder), 500)
    const started = await start(readConfig(envOf(folder)))
    const owner = started.pawl.as({ user: ids.user })
    let [written, writing] = [0, true]
    const writer = (async () => {
      while (writing) {
        await owner.secrets.put({ vault_id: ids.vaultId, path: `w/${written}`, value: textOf(written) })
        written++
      }
    })()
    while (written < 50) await new Promise((resolve) => setImmediate(resolve))
    const before = written
    const made = await pawl(['backup', join(folder, 'live.backup')], envOf(folder))
    writing = false
    await writer
    await started.stop()
    expect(made).toMatchObject({ status: 0, errors: '' })
    expect(written).toBeGreaterThan(before)

    const third = machine(folder, 'third')
    expect(await pawl(['restore', join(folder, 'live.backup')], third)).toMatchObject({ status: 0, errors: '' })
    const restored = await openPawl(readConfig(third))
    const there = restored.as({ user: ids.user })
    const { secrets } = await there.secrets.list({ vault_id: ids.vaultId, prefix: 'w/' })
    // Writes were answered one after the other, so one moment has the first so many, and each with its value.
    expect(secrets.length).toBeGreaterThanOrEqual(before)
    for (let at = 0; at < secrets.length; at++) {
      const { value } = await there.secrets.get({ vault_id: ids.vaultId, path: `w/${at}` })
      expect(value.reveal()).toBe(textOf(at))
    }
    await restored.close()
  }, 60_000)
})

const canMount = process.platform === 'linux' && process.getuid?.() === 0

describe('a disk that is full', () => {
  it.skipIf(!hasPart('a tmpfs', 'Run as root on Linux.', canMount))('keeps no half backup, and says why', async () => {
    const folder = newFolder()
    await filledVault(envOf(folder), 200, 5_000)
    const small = join(folder, 'small')
    mkdirSync(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small])
    onTestFinished(() => void execFileSync('umount', [small]))
    const { status, errors } = await pawl(['backup', join(small, 'a.backup')], envOf(folder))
    expect(status).toBe(1)
    expect(errors).toContain('is full. Nothing was written. Free some space.')
    expect(readdirSync(small)).toEqual([])
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['keys', 'root.key', 'vault.db'])
  })
})

describe('pawl migrate', () => {
  it('moves a vault, leaves the source as it is, and says what to do with the two', async () => {
    const folder = newFolder()
    const ids = await filledVault(envOf(folder), 50)
    const source = readFileSync(join(folder, 'data', 'vault.db'))
    const target = `sqlite:${join(folder, 'moved', 'vault.db')}`
    const moved = await pawl(['migrate', '--to', target], envOf(folder))
    expect(moved).toMatchObject({ status: 0, errors: '' })
    expect(moved.out).toContain('Set PAWL_STORAGE to the new storage')
    expect(readFileSync(join(folder, 'data', 'vault.db')).equals(source)).toBe(true)
    const env = { ...envOf(folder), PAWL_STORAGE: target }
    expect(await readIn(env, ids, 's/49')).toBe(textOf(49))
    const again = await pawl(['migrate', '--to', target], envOf(folder))
    expect([again.status, again.errors]).toEqual([1, expect.stringContaining('The target already holds a vault')])
  })

  it.runIf(areKilled)('goes on after it was killed, also when the source has changed since', async () => {
    const folder = newFolder()
    const ids = await filledVault(envOf(folder), 300)
    const database = join(folder, 'moved', 'vault.db')
    const env = { ...envOf(folder), PAWL_STORAGE: `sqlite:${database}` }
    await killedPawl(['migrate', '--to', `sqlite:${database}`], envOf(folder), untilFilling)
    await expect(openPawl(readConfig(env))).rejects.toThrow('pawl migrate did not finish')

    const changed = await openPawl(readConfig(envOf(folder)))
    const owner = changed.as({ user: ids.user })
    for (let at = 0; at < 40; at++)
      await owner.secrets.put({ vault_id: ids.vaultId, path: `s/${at}`, value: tagged('changed') })
    for (let at = 40; at < 80; at++) await owner.secrets.delete({ vault_id: ids.vaultId, path: `s/${at}` })
    await changed.close()

    const done = await pawl(['migrate', '--to', `sqlite:${database}`], envOf(folder))
    expect(done).toMatchObject({ status: 0, errors: '' })
    expect(await readIn(env, ids, 's/5')).toBe(tagged('changed'))
    await expect(readIn(env, ids, 's/50')).rejects.toMatchObject({ kind: 'gone' })
    expect(await readIn(env, ids, 's/299')).toBe(textOf(299))
  })

  it('refuses a source that is not there or in use, a target that is not empty, and a password in the command', async () => {
    const folder = newFolder()
    await filledVault(envOf(folder), 1)
    const target = `sqlite:${join(folder, 'moved', 'vault.db')}`
    const missing = await pawl(['migrate', '--from', `sqlite:${join(folder, 'no.db')}`, '--to', target], envOf(folder))
    expect([missing.status, missing.errors]).toEqual([78, expect.stringContaining('no.db is missing')])
    expect(existsSync(join(folder, 'no.db'))).toBe(false)
    const secret = await pawl(['migrate', '--to', 'postgres://me:hunter2@host/db'], envOf(folder))
    expect(secret.status).toBe(64)
    expect(secret.errors).toContain('PGPASSWORD')
    expect(secret.errors).not.toContain('hunter2')

    const other = sqlite({ path: join(folder, 'moved', 'vault.db') })
    await other.setup()
    const body = new Uint8Array(1)
    await other.commit([{ op: 'put', kind: 'thing', id: 'a', expect: null, version: '1', body, keys: [] }])
    await other.close()
    expect((await pawl(['migrate', '--to', target], envOf(folder))).errors).toContain('target already holds records')

    const started = await start(readConfig(envOf(folder)))
    const used = await pawl(['migrate', '--to', `sqlite:${join(folder, 'x', 'vault.db')}`], envOf(folder))
    expect([used.status, used.errors]).toEqual([78, expect.stringContaining('A server runs on')])
    await started.stop()
  }, 60_000)
})
