import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { openPawl, readConfig } from '../../src/host/index.ts'
import { filledVault, killedPawl, newFolder, pawl, readIn, textOf } from './program.ts'

// Goal: a vault goes from SQLite to PostgreSQL and back, by moving it and by restoring a backup. Method: a real server.

/** More commits than a restore to an empty database makes before it stores the first records. */
const commitsMax = 30

describe.skipIf(!hasPostgres)('a vault between SQLite and PostgreSQL', () => {
  it('is moved there and back, and what was written in between comes along', async () => {
    await using server = await startPostgres()
    const folder = newFolder()
    const sqlite = { PAWL_DATA_DIR: join(folder, 'data') }
    const postgres = { ...sqlite, PAWL_STORAGE: await server.newDatabase() }
    const ids = await filledVault(sqlite, 300)
    const there = await pawl(['migrate', '--from', `sqlite:${join(folder, 'data', 'vault.db')}`], postgres)
    expect(there).toMatchObject({ status: 0, errors: '' })
    expect(await readIn(postgres, ids, 's/299')).toBe(textOf(299))

    const pawlThere = await openPawl(readConfig(postgres))
    await pawlThere
      .as({ user: ids.user })
      .secrets.put({ vault_id: ids.vaultId, path: 'new', value: tagged('made there') })
    const used = await pawl(['migrate', '--to', `sqlite:${join(folder, 'used', 'vault.db')}`], postgres)
    expect([used.status, used.errors]).toEqual([1, expect.stringContaining('The keys are in use by process')])
    await pawlThere.close()

    const back = `sqlite:${join(folder, 'back', 'vault.db')}`
    expect(await pawl(['migrate', '--to', back], postgres)).toMatchObject({ status: 0, errors: '' })
    expect(await readIn({ ...sqlite, PAWL_STORAGE: back }, ids, 'new')).toBe(tagged('made there'))
    expect((await pawl(['doctor'], postgres)).out).toContain('records were opened')
  }, 120_000)

  it('is served by a role that may not create, after the owner of the schema has set it up', async () => {
    await using server = await startPostgres()
    const folder = newFolder()
    const url = await server.newDatabase()
    const owner = { PAWL_DATA_DIR: join(folder, 'owner'), PAWL_STORAGE: url }
    await server.sql(url, "CREATE ROLE pawl_server LOGIN PASSWORD 'x'")
    const serverUrl = Object.assign(new URL(url), { username: 'pawl_server', password: 'x' }).href
    const served = { PAWL_DATA_DIR: join(folder, 'data'), PAWL_STORAGE: serverUrl }
    const setUp = { status: 0, out: 'The storage is ready for this version of Pawl.\n', errors: '' }

    expect(await pawl(['storage', 'setup'], served)).toMatchObject({
      status: 1,
      errors: expect.stringMatching(
        /pawl_server lacks CREATE on the database .* a superuser can create it for this role/,
      ),
    })
    expect(await pawl(['storage', 'setup'], owner)).toMatchObject(setUp)
    expect(existsSync(join(folder, 'owner'))).toBe(false)
    await server.sql(url, 'GRANT USAGE ON SCHEMA pawl TO pawl_server')
    await server.sql(url, 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pawl TO pawl_server')
    const ids = await filledVault(served, 3)

    await server.sql(url, 'ALTER FUNCTION pawl.commit_many RENAME TO commit_many_of_an_earlier_version')
    const { errors } = await pawl(['backup', join(folder, 'a.backup')], served)
    expect(errors).toContain('The role pawl_server lacks CREATE on the schema pawl.')
    expect(errors).toContain('Run pawl storage setup as the role that owns the schema.')
    expect(await pawl(['storage', 'setup'], owner)).toMatchObject(setUp)
    expect(await readIn(served, ids, 's/2')).toBe(textOf(2))
  }, 120_000)

  it('is never created by a setup in a file', async () => {
    const folder = newFolder()
    const { status, errors } = await pawl(['storage', 'setup'], { PAWL_DATA_DIR: folder })
    expect([status, errors]).toEqual([
      78,
      expect.stringContaining('PAWL_STORAGE must name a PostgreSQL database or a storage module.'),
    ])
    expect(readdirSync(folder)).toEqual([])
  })

  it('is restored on the other kind, also when the first restore was killed', async () => {
    await using server = await startPostgres({ fsync: true })
    const folder = newFolder()
    const sqlite = { PAWL_DATA_DIR: join(folder, 'data') }
    const ids = await filledVault(sqlite, 300)
    const file = join(folder, 'a.backup')
    expect(await pawl(['backup', file], sqlite)).toMatchObject({ status: 0 })

    mkdirSync(join(folder, 'third'), { mode: 0o700 })
    copyFileSync(join(folder, 'data', 'root.key'), join(folder, 'third', 'root.key'))
    const url = await server.newDatabase()
    const postgres = { PAWL_DATA_DIR: join(folder, 'third'), PAWL_STORAGE: url }
    const records = async () => Number(await server.sql(url, 'SELECT count(*) FROM pawl.record'))
    for (let commits = 3; commits === 3 || (await records()) < 2; commits++) {
      expect(commits).toBeLessThan(commitsMax)
      await killedPawl(['restore', file], postgres, commits)
    }
    await expect(openPawl(readConfig(postgres))).rejects.toThrow('pawl restore did not finish')
    expect(await pawl(['restore', file], postgres)).toMatchObject({ status: 0, errors: '' })
    expect(await readIn(postgres, ids, 's/299')).toBe(textOf(299))

    const again = join(folder, 'b.backup')
    expect(await pawl(['backup', again], postgres)).toMatchObject({ status: 0, errors: '' })
    mkdirSync(join(folder, 'fourth'), { mode: 0o700 })
    copyFileSync(join(folder, 'data', 'root.key'), join(folder, 'fourth', 'root.key'))
    const fourth = { PAWL_DATA_DIR: join(folder, 'fourth') }
    expect(await pawl(['restore', again], fourth)).toMatchObject({ status: 0, errors: '' })
    expect(await readIn(fourth, ids, 's/3')).toBe(textOf(3))
  }, 120_000)
})
