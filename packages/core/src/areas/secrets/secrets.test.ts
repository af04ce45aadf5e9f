import { tagged } from '@pawl/testkit/canary'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../../../../tools/test-run/characters.ts'
import { tries } from '../../../../../tools/test-run/index.ts'
import { Secret } from '../../kernel/secret.ts'
import { alphabets } from './generate.ts'

// Goal: what core.md §5 says of secrets, as callers see it. Method: a whole engine in memory, and a clock that is turned.

const code = (code: string) => expect.objectContaining({ code })
const gone = (reason: string) => expect.objectContaining({ code: 'secret_gone', data: { reason } })

async function withVault(options: WorldOptions = {}) {
  const world = await testPawl(options)
  const { id } = await world.owner.vaults.create({ name: 'prod' })
  const { secrets } = world.owner
  type Put = Partial<Parameters<typeof secrets.put>[0]>
  return {
    ...world,
    vaultId: id,
    put: (path: string, value: string, more: Put = {}) => secrets.put({ vault_id: id, path, value, ...more }),
    get: (path: string) => secrets.get({ vault_id: id, path }),
    read: async (path: string) => (await secrets.get({ vault_id: id, path })).value.reveal(),
    at: (path: string) => ({ vault_id: id, path }),
  }
}

describe('storing', () => {
  it('answers with everything but the value, and reads give the value back as a Secret', async () => {
    await using vault = await withVault()
    const stored = await vault.put('db/password', tagged('hunter2'), { type: 'password', metadata: { team: 'core' } })
    expect(stored).toMatchObject({ path: 'db/password', type: 'password', version: 1, metadata: { team: 'core' } })
    expect(JSON.stringify(stored)).not.toContain(tagged('hunter2'))
    const secret = await vault.get('db/password')
    expect(secret.value).toBeInstanceOf(Secret)
    expect(secret).toMatchObject({ created_by: `user:${vault.ownerId}`, cmek_encrypted: false, version: 1 })
    expect(JSON.stringify(secret)).not.toContain(tagged('hunter2'))
  })

  it('makes a new version each time, with the same id (§5.2.6)', async () => {
    await using vault = await withVault()
    const first = await vault.put('a', 'one')
    const second = await vault.put('a', 'two')
    expect([first.version, second.version]).toEqual([1, 2])
    expect(second.id).toBe(first.id)
    expect(await vault.read('a')).toBe('two')
  })

  it('keeps type and metadata that are not named, but gives each version a lifetime of its own (§5.2.3, §5.2.4)', async () => {
    await using vault = await withVault()
    const expires_at = '2026-02-01T00:00:00Z'
    await vault.put('a', 'one', { type: 'api_key', metadata: { a: 1 }, expires_at, max_access_count: 1 })
    const second = await vault.put('a', 'two')
    expect(second).toMatchObject({ type: 'api_key', metadata: { a: 1 } })
    expect(second.expires_at).toBeUndefined()
    await vault.read('a')
    expect(await vault.read('a')).toBe('two')
    expect(await vault.put('b', 'x')).toMatchObject({ type: 'generic', metadata: {} })
    expect(await vault.put('a', 'three', { type: 'note', metadata: {} })).toMatchObject({ type: 'note', metadata: {} })
  })

  it('S5: creates no secret, and brings none back, where the caller says that it must exist', async () => {
    await using vault = await withVault()
    const must = { must_exist: true }
    await expect(vault.put('typo', 'one', must)).rejects.toEqual(code('secret_not_found'))
    await expect(vault.get('typo')).rejects.toEqual(code('secret_not_found'))
    await vault.put('a', 'one')
    expect(await vault.put('a', 'two', must)).toMatchObject({ version: 2 })
    await vault.owner.secrets.delete(vault.at('a'))
    await expect(vault.put('a', 'three', must)).rejects.toEqual(gone('deleted'))
    await expect(vault.get('a')).rejects.toEqual(gone('deleted'))
    await vault.put('a', 'four')
    expect(await vault.read('a')).toBe('four')
  })

  it('stores nothing where the secret has another version than the caller expects', async () => {
    await using vault = await withVault()
    const differs = (version: number) => expect.objectContaining({ code: 'secret_version_differs', data: { version } })
    const expecting = (expected_version: number) => ({ expected_version })
    await expect(vault.put('a', 'x', expecting(1))).rejects.toEqual(differs(0))
    expect(await vault.put('a', 'one', expecting(0))).toMatchObject({ version: 1 })
    await vault.put('a', 'rotated')
    await expect(vault.put('a', 'old', expecting(1))).rejects.toEqual(differs(2))
    expect(await vault.read('a')).toBe('rotated')
    await vault.owner.secrets.disableVersion({ ...vault.at('a'), version: 2 })
    expect(await vault.put('a', 'two', expecting(1))).toMatchObject({ version: 3 })
    await vault.owner.secrets.delete(vault.at('a'))
    await expect(vault.put('a', 'x', expecting(3))).rejects.toEqual(differs(0))
  })

  it('lets one of many writers store who expect the same version', async () => {
    await using vault = await withVault()
    await vault.put('a', 'x')
    const puts = ['one', 'two', 'three'].map((value) => vault.put('a', value, { expected_version: 1 }))
    const stored = (await Promise.allSettled(puts)).filter(({ status }) => status === 'fulfilled')
    expect(stored).toHaveLength(1)
  })

  it('gives every one of many writers at once a version of its own', async () => {
    await using vault = await withVault()
    const stored = await Promise.all(Array.from({ length: 25 }, (_, at) => vault.put('a', `v${at}`)))
    expect(stored.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_, at) => at + 1),
    )
  })

  it('takes any text as a value, up to its limit, byte for byte', async () => {
    await using vault = await withVault()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 300 }), async (value) => {
        await vault.put('any', value)
        expect(await vault.read('any')).toBe(value)
      }),
      { numRuns: tries(40, 4) },
    )
    await expect(vault.put('big', 'x'.repeat(5 * 1024 * 1024 + 1))).rejects.toThrow(/^value:/)
  })

  it('names the field that is wrong and never repeats what was sent (F5)', async () => {
    await using vault = await withVault()
    const wrong = { type: 'NOT A TYPE', max_access_count: -1, expires_at: 'tomorrow', metadata: ['canary-1'] }
    const error = await vault.owner.secrets
      .put({ ...vault.at('a'), value: 7, ...wrong } as never)
      .catch((caught) => caught)
    expect(Object.keys(error.data.fields).sort()).toEqual([
      'expires_at',
      'max_access_count',
      'metadata',
      'type',
      'value',
    ])
    expect(error.message).not.toMatch(/NOT A TYPE|tomorrow|canary/)
  })

  it('refuses a lifetime that is over before it begins, and counts that are none (§5.2.10, §5.2.11)', async () => {
    await using vault = await withVault()
    await expect(vault.put('a', 'x', { expires_at: '2026-01-01T00:00:00Z' })).rejects.toThrow(/^expires_at:/)
    for (const max_access_count of [-1, 1.5]) {
      await expect(vault.put('a', 'x', { max_access_count })).rejects.toThrow(/^max_access_count:/)
    }
  })
})

describe('paths', () => {
  const tricks = [
    'a/../b',
    'a/./b',
    'a//b',
    '/a',
    'a/',
    '..',
    '.',
    '%2e%2e/b',
    'a%2fb',
    'a\\b',
    'a b',
    'é',
    'ａ',
    'a\u200bb',
    '',
  ]

  it('that are not in the one form are refused by every operation, reads too (A1, A2, A15)', async () => {
    await using vault = await withVault()
    await vault.put('b', 'treasure')
    const { secrets } = vault.owner
    for (const path of tricks) {
      const at = vault.at(path)
      const calls = [
        secrets.put({ ...at, value: tagged('x') }),
        secrets.get(at),
        secrets.delete(at),
        secrets.listVersions(at),
        secrets.getVersion({ ...at, version: 1 }),
        secrets.disableVersion({ ...at, version: 1 }),
        secrets.rotate(at),
        secrets.restore(at),
      ]
      for (const outcome of await Promise.allSettled(calls)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'invalid_input' } })
      }
    }
    expect(await vault.read('b')).toBe('treasure')
  })

  it('that were refused stand in the trail as they were sent (A1)', async () => {
    await using vault = await withVault()
    await vault.get('team/../prod').catch(() => {})
    const { events } = await vault.owner.audit.events({ action: 'secret.read' })
    expect(events[0]?.details).toMatchObject({ path: 'team/../prod', code: 'invalid_input' })
  })

  it('differ when their case differs, for policies and for the store (A2)', async () => {
    await using vault = await withVault()
    await vault.put('secret/Example', 'upper')
    await expect(vault.get('secret/example')).rejects.toEqual(code('secret_not_found'))
    const agent = await vault.agent()
    const rule = { principal_type: 'agent' as const, principal_id: agent.id, permissions: ['read' as const] }
    await vault.owner.policies.create({ vault_id: vault.vaultId, secret_path_pattern: '**', ...rule })
    await vault.owner.policies.create({
      vault_id: vault.vaultId,
      secret_path_pattern: 'secret/Example',
      ...rule,
      effect: 'deny',
    })
    await expect(agent.as.secrets.get(vault.at('secret/Example'))).rejects.toEqual(code('denied'))
    await expect(agent.as.secrets.get(vault.at('secret/example'))).rejects.toEqual(code('secret_not_found'))
  })

  it('may have dots inside, as people name things', async () => {
    await using vault = await withVault()
    await vault.put('tls/api.example.com/tls.crt', 'cert')
    expect(await vault.read('tls/api.example.com/tls.crt')).toBe('cert')
  })
})

describe('reading', () => {
  it('gives 404 for what never was, and 410 for what was deleted (§5.2.8)', async () => {
    await using vault = await withVault()
    await expect(vault.get('a')).rejects.toEqual(code('secret_not_found'))
    await vault.put('a', 'x')
    await vault.owner.secrets.delete(vault.at('a'))
    await expect(vault.get('a')).rejects.toEqual(gone('deleted'))
    await expect(vault.owner.secrets.delete(vault.at('a'))).rejects.toEqual(code('secret_not_found'))
    expect(await vault.owner.secrets.list({ vault_id: vault.vaultId })).toEqual({ secrets: [] })
  })

  it('ends when the secret expires, at that very moment, and never falls back to an older version (§5.2.7)', async () => {
    await using vault = await withVault()
    await vault.put('a', 'old')
    await vault.put('a', 'new', { expires_at: '2026-01-01T00:01:00Z' })
    vault.clock.advance(59_999)
    expect(await vault.read('a')).toBe('new')
    vault.clock.advance(1)
    await expect(vault.get('a')).rejects.toEqual(gone('expired'))
    const { secrets } = await vault.owner.secrets.list({ vault_id: vault.vaultId })
    expect(secrets).toHaveLength(1)
  })

  it('skips disabled versions, and ends when all are disabled (§5.2.7)', async () => {
    await using vault = await withVault()
    for (const value of ['one', 'two', 'three']) await vault.put('a', value)
    const disable = (version: number) => vault.owner.secrets.disableVersion({ ...vault.at('a'), version })
    await disable(3)
    expect(await vault.read('a')).toBe('two')
    await disable(1)
    await disable(1)
    expect(await vault.read('a')).toBe('two')
    await disable(2)
    await expect(vault.get('a')).rejects.toEqual(gone('disabled'))
    await expect(disable(4)).rejects.toEqual(code('secret_version_not_found'))
  })

  it('serves exactly as many of many readers at once as reads are allowed (§5.2.10)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 14 }), async (allowed, readers) => {
        await using vault = await withVault()
        await vault.put('a', 'x', { max_access_count: allowed })
        const outcomes = await Promise.allSettled(
          Array.from({ length: readers }, (_, at) =>
            at % 2 === 0 ? vault.get('a') : vault.owner.secrets.getVersion({ ...vault.at('a'), version: 1 }),
          ),
        )
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(Math.min(allowed, readers))
        if (readers >= allowed) await expect(vault.get('a')).rejects.toEqual(gone('used_up'))
      }),
      { numRuns: tries(25, 4) },
    )
  })

  it('counts no read for a list of secrets or of versions, nor for a rotation (§5.2.10)', async () => {
    await using vault = await withVault()
    await vault.put('a', 'x', { max_access_count: 1 })
    await vault.owner.secrets.list({ vault_id: vault.vaultId })
    await vault.owner.secrets.listVersions(vault.at('a'))
    expect(await vault.read('a')).toBe('x')
  })

  it('is unlimited when the limit is 0 (§5.2.10)', async () => {
    await using vault = await withVault()
    await vault.put('a', 'x', { max_access_count: 0 })
    for (let reads = 0; reads < 5; reads++) expect(await vault.read('a')).toBe('x')
  })
})

describe('versions', () => {
  it('are listed newest first, disabled ones too, without a value (§5.2.14)', async () => {
    await using vault = await withVault()
    for (const value of ['one', 'two']) await vault.put('a', value)
    await vault.owner.secrets.disableVersion({ ...vault.at('a'), version: 1 })
    const { versions } = await vault.owner.secrets.listVersions(vault.at('a'))
    expect(versions.map(({ version, is_disabled }) => [version, is_disabled])).toEqual([
      [2, undefined],
      [1, true],
    ])
    expect(JSON.stringify(versions)).not.toMatch(/"(one|two)"/)
    await expect(vault.owner.secrets.listVersions(vault.at('b'))).rejects.toEqual(code('secret_not_found'))
  })

  it('go on counting after a deletion, and a new write brings the secret back (§5.2.6)', async () => {
    await using vault = await withVault()
    const { id } = await vault.put('a', 'one')
    await vault.owner.secrets.delete(vault.at('a'))
    expect(await vault.put('a', 'two')).toMatchObject({ id, version: 2 })
    expect(await vault.read('a')).toBe('two')
  })

  it('come back with a restore, for as long as the server keeps them (S1, §5.2.12)', async () => {
    await using vault = await withVault()
    await vault.put('a', 'one')
    await vault.put('a', 'two')
    await expect(vault.owner.secrets.restore(vault.at('a'))).rejects.toEqual(code('secret_not_deleted'))
    await vault.owner.secrets.delete(vault.at('a'))
    const { secrets } = await vault.owner.secrets.listDeleted({ vault_id: vault.vaultId })
    expect(secrets).toEqual([expect.objectContaining({ path: 'a', version: 2, purged_at: '2026-01-31T00:00:00.000Z' })])
    vault.clock.advance(29 * 86_400_000)
    await vault.pawl.runJobs()
    await vault.owner.secrets.restore(vault.at('a'))
    expect(await vault.read('a')).toBe('two')
    expect((await vault.owner.secrets.getVersion({ ...vault.at('a'), version: 1 })).value.reveal()).toBe('one')
  })

  it('stay shut when a deletion was followed by a new write (S1)', async () => {
    await using vault = await withVault()
    const { secrets } = vault.owner
    await vault.put('a', 'one', { type: 'note', metadata: { old: true } })
    await secrets.delete(vault.at('a'))
    expect(await vault.put('a', 'two')).toMatchObject({ version: 2, type: 'generic', metadata: {} })
    await expect(secrets.getVersion({ ...vault.at('a'), version: 1 })).rejects.toEqual(gone('deleted'))
    await expect(secrets.disableVersion({ ...vault.at('a'), version: 1 })).rejects.toEqual(gone('deleted'))
    expect((await secrets.listVersions(vault.at('a'))).versions.map(({ version }) => version)).toEqual([2])
    await secrets.disableVersion({ ...vault.at('a'), version: 2 })
    await expect(vault.read('a')).rejects.toEqual(gone('disabled'))
    await secrets.delete(vault.at('a'))
    await secrets.restore(vault.at('a'))
    await expect(secrets.getVersion({ ...vault.at('a'), version: 1 })).rejects.toEqual(gone('deleted'))
  })

  it('end with a purge, or when the days of the settings are over (S1)', async () => {
    await using vault = await withVault({ keepDeletedMs: 2 * 86_400_000 })
    const { secrets } = vault.owner
    for (const path of ['now', 'later', 'kept']) await vault.put(path, 'one')
    await expect(secrets.purge(vault.at('now'))).rejects.toEqual(code('secret_not_deleted'))
    await secrets.delete(vault.at('now'))
    await secrets.delete(vault.at('later'))
    await secrets.purge(vault.at('now'))
    await expect(secrets.restore(vault.at('now'))).rejects.toEqual(code('secret_not_found'))
    vault.clock.advance(2 * 86_400_000)
    await vault.pawl.runJobs()
    await expect(secrets.restore(vault.at('later'))).rejects.toEqual(code('secret_not_found'))
    expect(await vault.read('kept')).toBe('one')
    expect(await vault.put('now', 'again')).toMatchObject({ version: 1 })
  })

  it('come back, and end for good, only by the owner of the vault or an admin (S1)', async () => {
    await using vault = await withVault()
    const bot = await vault.agent({
      vault: vault.vaultId,
      policies: [{ pattern: '**', permissions: ['read', 'write'] }],
    })
    await vault.put('a', 'one')
    await bot.as.secrets.delete(vault.at('a'))
    for (const call of [bot.as.secrets.restore, bot.as.secrets.purge]) {
      await expect(call(vault.at('a'))).rejects.toEqual(code('denied'))
    }
    await expect(bot.as.secrets.listDeleted({ vault_id: vault.vaultId })).rejects.toEqual(code('denied'))
  })
})

describe('a key', () => {
  it('stays a key until the caller says that it becomes something else (S2)', async () => {
    await using vault = await withVault()
    const { secrets } = vault.owner
    const intents = await vault.agent({
      vault: vault.vaultId,
      policies: [{ pattern: '**' }],
      intents_api_enabled: true,
    })
    const readsIt = () => intents.as.secrets.get(vault.at('k'))
    await vault.put('k', 'one', { type: 'private_key' })
    // What published clients send with every rotation.
    expect(await vault.put('k', 'two', { type: 'generic' })).toMatchObject({ type: 'private_key' })
    expect(await secrets.rotate({ ...vault.at('k'), type: 'generic' })).toMatchObject({ type: 'private_key' })
    await expect(readsIt()).rejects.toEqual(code('key_material_denied'))
    await expect(vault.put('k', 'three', { type: 'note' })).rejects.toThrow(/^type:/)
    expect(await vault.put('k', 'three', { type: 'ssh_key' })).toMatchObject({ type: 'ssh_key' })
    expect(await vault.put('k', 'four', { type: 'note', leave_key_type: true })).toMatchObject({ type: 'note' })
    await readsIt()
  })
})

describe('listing', () => {
  it('narrows to what begins with the prefix, byte for byte, in the order of paths (§5.2.13)', async () => {
    await using vault = await withVault()
    for (const path of ['db/b', 'db/a', 'DB/a', 'dbx', 'app']) await vault.put(path, 'x')
    const list = async (prefix?: string) => {
      const { secrets } = await vault.owner.secrets.list({ vault_id: vault.vaultId, prefix })
      return secrets.map(({ path }) => path)
    }
    expect(await list()).toEqual(['DB/a', 'app', 'db/a', 'db/b', 'dbx'])
    expect(await list('db')).toEqual(['db/a', 'db/b', 'dbx'])
    expect(await list('db/')).toEqual(['db/a', 'db/b'])
    expect(await list('nothing')).toEqual([])
    await expect(list('../')).rejects.toThrow(/^prefix:/)
  })

  it('shows each caller what they may read, so a deny below a broad grant stays unseen (A5)', async () => {
    await using vault = await withVault()
    for (const path of ['foo/a', 'foo/private/b', 'bar']) await vault.put(path, 'x')
    const agent = await vault.agent()
    const rule = { principal_type: 'agent' as const, principal_id: agent.id, permissions: ['read' as const] }
    await vault.owner.policies.create({ vault_id: vault.vaultId, secret_path_pattern: 'foo/**', ...rule })
    await vault.owner.policies.create({
      vault_id: vault.vaultId,
      secret_path_pattern: 'foo/private/**',
      ...rule,
      effect: 'deny',
    })
    for (const prefix of ['', 'foo/', 'foo/private', 'foo/private/']) {
      const { secrets } = await agent.as.secrets.list({ vault_id: vault.vaultId, prefix })
      expect(secrets.map(({ path }) => path)).toEqual(prefix.startsWith('foo/p') ? [] : ['foo/a'])
    }
  })

  it('gives all of them, however many there are', async () => {
    await using vault = await withVault()
    await Promise.all(Array.from({ length: 1_203 }, (_, at) => vault.put(`s/${at}`, 'x')))
    const { secrets } = await vault.owner.secrets.list({ vault_id: vault.vaultId })
    expect(new Set(secrets.map(({ path }) => path)).size).toBe(1_203)
  })
})

describe('rotating', () => {
  it('stores a random value of that length and alphabet, and shows it to nobody (§5.2.17)', async () => {
    await using vault = await withVault()
    await vault.put('a', 'old', { type: 'password', metadata: { a: 1 } })
    for (const charset of ['hex', 'base64', 'alphanumeric', 'ascii'] as const) {
      const rotated = await vault.owner.secrets.rotate({ ...vault.at('a'), length: 200, charset })
      expect(rotated).toMatchObject({ type: 'password', metadata: { a: 1 } })
      expect(rotated).not.toHaveProperty('value')
      const value = await vault.read('a')
      expect(value).toHaveLength(200)
      expect([...value].every((char) => alphabets[charset].includes(char))).toBe(true)
      expect(new Set(value).size).toBeGreaterThan(10)
    }
    await vault.owner.secrets.rotate(vault.at('a'))
    expect(await vault.read('a')).toMatch(/^[0-9a-f]{32}$/)
  })

  it('needs a secret to rotate, and lengths from 8 to 1024', async () => {
    await using vault = await withVault()
    await expect(vault.owner.secrets.rotate(vault.at('a'))).rejects.toEqual(code('secret_not_found'))
    await vault.put('a', 'x')
    for (const length of [7, 1_025]) {
      await expect(vault.owner.secrets.rotate({ ...vault.at('a'), length })).rejects.toThrow(/^length:/)
    }
    await vault.owner.secrets.delete(vault.at('a'))
    await expect(vault.owner.secrets.rotate(vault.at('a'))).rejects.toEqual(gone('deleted'))
  })
})

describe('permissions', () => {
  it('are needed as the contract maps them: write brings delete and rotate, read brings none (§7.2.2)', async () => {
    await using vault = await withVault()
    const can = async (permissions: ('read' | 'write' | 'delete' | 'rotate')[]) => {
      await vault.put('a', 'x')
      const agent = await vault.agent()
      const rule = { principal_type: 'agent' as const, principal_id: agent.id, permissions }
      await vault.owner.policies.create({ vault_id: vault.vaultId, secret_path_pattern: 'a', ...rule })
      const { secrets } = agent.as
      const at = vault.at('a')
      const tries: [string, () => Promise<unknown>][] = [
        ['get', () => secrets.get(at)],
        ['versions', () => secrets.listVersions(at)],
        ['rotate', () => secrets.rotate(at)],
        ['put', () => secrets.put({ ...at, value: tagged('y') })],
        ['delete', () => secrets.delete(at)],
      ]
      const allowed: string[] = []
      for (const [name, attempt] of tries)
        await attempt().then(
          () => allowed.push(name),
          () => {},
        )
      return allowed
    }
    expect(await can(['read'])).toEqual(['get', 'versions'])
    expect(await can(['write'])).toEqual(['rotate', 'put', 'delete'])
    expect(await can(['delete'])).toEqual(['delete'])
    expect(await can(['rotate'])).toEqual(['rotate'])
  })

  it('come before existence: without one, a path that is there looks like one that is not (D15)', async () => {
    await using vault = await withVault()
    await vault.put('there', 'x')
    const agent = await vault.agent()
    const [there, absent] = await Promise.all(
      ['there', 'absent'].map((path) => agent.as.secrets.get(vault.at(path)).catch((error: Error) => error)),
    )
    expect(there).toEqual(absent)
  })

  it('are felt by running tokens at once when they come and go (§7.2.11)', async () => {
    await using vault = await withVault()
    await vault.put('a', 'x')
    const agent = await vault.agent()
    const { access_token } = await vault.pawl.as({}).auth.agentToken({ api_key: agent.key })
    const token = vault.pawl.as(access_token.reveal())
    await expect(token.secrets.get(vault.at('a'))).rejects.toEqual(code('denied'))
    const rule = { principal_type: 'agent' as const, principal_id: agent.id, permissions: ['read' as const] }
    const policy = await vault.owner.policies.create({ vault_id: vault.vaultId, secret_path_pattern: '**', ...rule })
    await token.secrets.get(vault.at('a'))
    await vault.owner.policies.delete({ vault_id: vault.vaultId, policy_id: policy.id })
    await expect(token.secrets.get(vault.at('a'))).rejects.toEqual(code('denied'))
  })

  it('of an agent with scopes end where its scopes end, and labels are no paths (§3.13)', async () => {
    await using vault = await withVault()
    for (const path of ['a/x', 'b/x']) await vault.put(path, 'v')
    const all = { secret_path_pattern: '**', permissions: ['read' as const] }
    const can = async (scopes: string[]) => {
      const agent = await vault.agent({ scopes })
      await vault.owner.policies.create({
        vault_id: vault.vaultId,
        ...all,
        principal_type: 'agent',
        principal_id: agent.id,
      })
      const { secrets } = await agent.as.secrets.list({ vault_id: vault.vaultId })
      return secrets.map(({ path }) => path)
    }
    expect(await can(['a/**'])).toEqual(['a/x'])
    expect(await can(['vaults:read'])).toEqual(['a/x', 'b/x'])
    expect(await can(['*'])).toEqual(['a/x', 'b/x'])
    expect(await can(['vaults:read', 'b/*'])).toEqual(['b/x'])
  })
})

describe('the trail', () => {
  it('tells of every read, write and denial, and never of a value (F1)', async () => {
    await using vault = await withVault()
    await vault.put('a', 'canary-value')
    await vault.read('a')
    const agent = await vault.agent()
    await agent.as.secrets.get(vault.at('a')).catch(() => {})
    const { events } = await vault.owner.audit.events({ resource_type: 'secret' })
    expect(events.map(({ action, details }) => [action, details.outcome])).toEqual([
      ['secret.read', 'denied'],
      ['secret.read', undefined],
      ['secret.write', undefined],
    ])
    expect(JSON.stringify(events)).not.toContain('canary')
  })

  it('is part of the answer: a read whose event cannot be stored gives nothing', async () => {
    let broken = false
    await using vault = await withVault({
      onCommit: () => {
        if (broken) throw new Error('disk full')
      },
    })
    await vault.put('a', 'x')
    broken = true
    await expect(vault.get('a')).rejects.toEqual(code('unavailable'))
    broken = false
    expect(await vault.read('a')).toBe('x')
  })
})
