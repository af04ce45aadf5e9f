import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage, Write } from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sqliteDriver } from '../../../adapters/src/storage/sqlite-driver.ts'
import { bearerOf, type DiskDoor, openDoor, openOnDisk, signIn } from './door.ts'

// Goal: the store keeps, and decides nothing: not by what names say to it, not by what it gives back instead of what it
// was given. Method: SQLite on disk, restarts, and the hands of somebody who has the disk.

let folder: string
let open: DiskDoor | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-storage-'))
})
afterEach(async () => {
  await open?.stop()
  open = null
  rmSync(folder, { recursive: true })
})

async function start(...[data = join(folder, 'data'), ...more]: Partial<Parameters<typeof openOnDisk>>) {
  open = await openOnDisk(data, ...more)
  return open
}

async function stop(): Promise<void> {
  await open?.stop()
  open = null
}

const json = (method: string, body: unknown, bearer?: string) => ({
  method,
  body: JSON.stringify(body),
  ...(bearer ? { bearer } : {}),
})

/** Texts that mean something to a database, and to us are names. */
const quoted = [
  `x'); DROP TABLE record;--`,
  `x"; DELETE FROM entry; --`,
  `' OR '1'='1`,
  `'' UNION SELECT body FROM record --`,
  'x` ; [y]',
  '%_%',
  `\\'; PRAGMA writable_schema=1; --`,
]

describe('J1: a name in the language of the database', () => {
  test('is a name, kept and given back to the letter, and does nothing', async () => {
    const door = await start()
    const bearer = await signIn(door)
    const ids: string[] = []
    for (const name of quoted) {
      const made = await door.send('/v1/vaults', json('POST', { name, description: name }, bearer))
      expect([name, made.status, made.json.name]).toEqual([name, 201, name])
      ids.push(made.json.id)
      const stored = await door.send(`/v1/vaults/${made.json.id}/secrets/db`, json('PUT', { value: name }, bearer))
      expect(stored.status).toBe(201)
      const again = await door.send('/v1/vaults', json('POST', { name }, bearer))
      expect(again.status).toBe(409)
    }
    for (const text of quoted) {
      const encoded = encodeURIComponent(text)
      // A read of what is no id finds no vault (S3); a path that can be taken for two is refused.
      const { status } = await door.send(`/v1/vaults/${encoded}`, { bearer })
      expect([text, status]).toEqual([text, /[\\/]/.test(text) ? 400 : 404])
      expect((await door.send(`/v1/vaults/${encoded}`, { method: 'DELETE', bearer })).status).toBe(400)
      expect((await door.send(`/v1/vaults/${ids[0]}/secrets/${encoded}`, { bearer })).status).toBe(400)
      expect((await door.send(`/v1/vaults/${ids[0]}/secrets?prefix=${encoded}`, { bearer })).status).toBe(400)
      expect((await door.send(`/v1/audit/events?action=${encoded}`, { bearer })).json.events).toEqual([])
      expect((await door.send('/v1/auth/me', { bearer: text })).status).toBe(401)
      expect((await door.send('/v1/auth/token', json('POST', { email: text, password: text }))).status).toBe(401)
      expect((await door.send('/v1/auth/agent-token', json('POST', { api_key: text }))).status).toBe(401)
    }
    await stop()
    const later = await start()
    const token = await signIn(later)
    const { vaults } = (await later.send('/v1/vaults', { bearer: token })).json
    expect(vaults.map(({ name }: { name: string }) => name).sort()).toEqual([...quoted].sort())
    for (const [at, id] of ids.entries()) {
      expect((await later.send(`/v1/vaults/${id}/secrets/db`, { bearer: token })).json.value).toBe(quoted[at])
    }
  })
})

describe('J2: a setting in the language of the database', () => {
  test('is a path, and what is there is a vault', async () => {
    for (const [at, text] of [
      `a'; DROP TABLE record; --`,
      'b"; ATTACH x AS y',
      'c?mode=memory&cache=shared',
      'file:d',
    ].entries()) {
      const data = join(folder, String(at), text)
      const path = join(data, `${text}.db`)
      mkdirSync(join(folder, String(at)), { mode: 0o700 })
      for (const storage of [undefined, `sqlite:${path}`]) {
        const door = await start(data, storage ? { PAWL_STORAGE: storage, PAWL_HSM: `software:${path}.keys` } : {})
        expect(await signIn(door)).toEqual(expect.any(String))
        await stop()
      }
      expect(readdirSync(data)).toEqual(expect.arrayContaining(['vault.db', `${text}.db`]))
      expect(readdirSync(join(folder, String(at)))).toEqual([text])
    }
  })
})

describe('J3: what was taken back before a restart', () => {
  test('is refused by the first request after it', async () => {
    const door = await start()
    const bearer = await signIn(door)
    const post = (path: string, body: unknown) => door.send(path, json('POST', body, bearer))
    const exchanged = async (api_key: string) =>
      (await door.send('/v1/auth/agent-token', json('POST', { api_key }))).json.access_token as string
    const ada = { email: 'ada@example.com', password: tagged('Correct-Horse-7'), role: 'member' }
    const { id: member } = (await post('/v1/org/members', ada)).json
    const adasToken = await signIn(door, ada)
    const agents = await Promise.all([1, 2, 3].map(async (n) => (await post('/v1/agents', { name: `a${n}` })).json))
    const [disabled, deleted, rotated] = agents
    const personal = (await post('/v1/auth/api-keys', { name: 'laptop' })).json
    const fromKey = (await door.send('/v1/auth/api-key-token', json('POST', { api_key: personal.api_key }))).json
    const gone: [string, string, string][] = [
      ['a token that was ended', '/v1/auth/me', await signIn(door)],
      ['the token of a removed member', '/v1/auth/me', adasToken],
      ['a personal key', '/v1/auth/me', personal.api_key],
      ['a token from that key', '/v1/auth/me', fromKey.access_token],
    ]
    for (const agent of agents) {
      gone.push([`the key of ${agent.agent.name}`, '/v1/agents/me', agent.api_key])
      gone.push([`a token of ${agent.agent.name}`, '/v1/agents/me', await exchanged(agent.api_key)])
    }
    for (const [what, path, shown] of gone) {
      expect([what, (await door.send(path, { bearer: shown })).status]).toEqual([what, 200])
    }
    const ended = gone[0]?.[2] ?? ''
    const taken = [
      await door.send('/v1/auth/token', { method: 'DELETE', bearer: ended }),
      await door.send(`/v1/org/members/${member}`, { method: 'DELETE', bearer }),
      await door.send(`/v1/auth/api-keys/${personal.key.id}`, { method: 'DELETE', bearer }),
      await door.send(`/v1/agents/${disabled.agent.id}`, json('PATCH', { is_active: false }, bearer)),
      await door.send(`/v1/agents/${deleted.agent.id}`, { method: 'DELETE', bearer }),
      await post(`/v1/agents/${rotated.agent.id}/rotate-key`, {}),
    ]
    for (const { status, text } of taken) expect(status, text).toBeLessThan(300)

    for (const [what, path, shown] of gone) {
      await stop()
      const later = await start()
      expect([what, (await later.send(path, { bearer: shown })).status]).toEqual([what, 401])
    }
    const later = open
    expect((await later?.send('/v1/auth/me', { bearer }))?.status).toBe(200)
  })
})

describe('J4: a file that somebody else has written in', () => {
  interface Row {
    readonly n: number
    readonly kind: string
    readonly version: string
    readonly body: Buffer
  }
  const values = { a: tagged('value-of-a'), b: tagged('value-of-b') }
  const older = tagged('value-before')

  /** A vault with two secrets, an owner and a member, stopped; with its rows from before the last write of `a`. */
  async function written() {
    const door = await start()
    const bearer = await signIn(door)
    const ada = { email: 'ada@example.com', password: tagged('Correct-Horse-7'), role: 'member' }
    await door.send('/v1/org/members', json('POST', ada, bearer))
    const { id: vault } = (await door.send('/v1/vaults', json('POST', { name: 'prod' }, bearer))).json
    const put = (path: string, value: string) =>
      door.send(`/v1/vaults/${vault}/secrets/${path}`, json('PUT', { value }, bearer))
    await put('a', older)
    await stop()
    const before = rows()
    const again = await start()
    const token = await signIn(again)
    const at = `/v1/vaults/${vault}/secrets`
    for (const [path, value] of Object.entries(values)) {
      const { status } = await again.send(`${at}/${path}`, json('PUT', { value }, token))
      expect(status).toBe(201)
    }
    await stop()
    const good = join(folder, 'good.db')
    copyFileSync(file(), good)
    return { at, bearer: token, ada, before, restore: () => copyFileSync(good, file()) }
  }

  const file = () => join(folder, 'data', 'vault.db')

  type Database = InstanceType<ReturnType<typeof sqliteDriver>>

  function inFile<T>(work: (database: Database) => T): T {
    const Driver = sqliteDriver()
    const database = new Driver(file())
    try {
      return work(database)
    } finally {
      database.close()
    }
  }

  function rows(): Row[] {
    const text = `SELECT DISTINCT record.n, kind, version, body FROM record JOIN entry ON entry.record = record.n
      JOIN space ON space.n = entry.space ORDER BY record.n`
    return inFile((database) => database.prepare(text).all() as Row[])
  }

  function setBody({ n }: Row, body: Uint8Array, version?: string): void {
    inFile((database) => {
      database.prepare('UPDATE record SET body = ? WHERE n = ?').run(Buffer.from(body), n)
      if (version !== undefined) database.prepare('UPDATE record SET version = ? WHERE n = ?').run(version, n)
    })
  }

  const kindsOfSecrets = ['secret', 'secretVersion']

  /** Opens the file as it is now and reads both secrets; what is given is right, or nothing is. */
  async function reading(at: string, bearer: string) {
    const told: string[] = []
    const door = await start(undefined, {}, (level, message, fields) => {
      told.push(`${level} ${message} ${(fields?.error as Error | undefined)?.name ?? ''}`)
    }).catch((error: Error) => error)
    if (door instanceof Error) return { failed: 2, told: [door.message] }
    let failed = 0
    for (const [path, value] of Object.entries(values)) {
      const answer = await door.send(`${at}/${path}`, { bearer })
      for (const other of [older, ...Object.values(values)]) {
        if (other !== value) expect(answer.text).not.toContain(other)
      }
      if (answer.status === 200) {
        expect(answer.json.value).toBe(value)
        continue
      }
      failed++
      expect(Object.keys(answer.json).sort()).toEqual(['code', 'detail', 'status', 'title', 'type'])
    }
    await stop()
    return { failed, told }
  }

  test('gives nobody one secret for another: bodies that changed places do not open, and the log says so', async () => {
    const { at, bearer, restore } = await written()
    for (const kind of kindsOfSecrets) {
      let refused = 0
      const same = rows().filter((row) => row.kind === kind)
      expect(same.length, kind).toBeGreaterThan(1)
      for (const [index, one] of same.entries()) {
        const other = same[(index + 1) % same.length]
        if (!other) continue
        for (const withVersion of [false, true]) {
          setBody(one, other.body, withVersion ? other.version : undefined)
          const { failed, told } = await reading(at, bearer)
          if (failed > 0) expect(told.join()).toContain('TamperedRecord')
          // A version that is not the current one is not looked at by these reads.
          if (kind === 'secret') expect(failed).toBe(1)
          refused += failed
          restore()
        }
      }
      expect(refused, kind).toBeGreaterThanOrEqual(4)
    }
  })

  test('gives nobody an older value: a body of before does not open as the one of now', async () => {
    const { at, bearer, before, restore } = await written()
    const now = rows()
    const changed = before.filter(({ n, kind, version }) => {
      const row = now.find((one) => one.n === n)
      return kindsOfSecrets.includes(kind) && row !== undefined && row.version !== version
    })
    expect(changed.length).toBeGreaterThan(0)
    for (const row of changed) {
      setBody(row, row.body)
      const { failed, told } = await reading(at, bearer)
      expect(failed).toBeGreaterThan(0)
      expect(told.join()).toContain('TamperedRecord')
      restore()
    }
  })

  test('opens nothing that was cut short or changed by a bit', async () => {
    const { at, bearer, restore } = await written()
    const secrets = rows().filter(({ kind }) => kind === 'secret')
    for (const row of secrets) {
      const flipped = Buffer.from(row.body)
      flipped[flipped.length - 1] = (flipped[flipped.length - 1] ?? 0) ^ 1
      for (const body of [
        flipped,
        row.body.subarray(0, -1),
        row.body.subarray(0, -16),
        row.body.subarray(0, 12),
        Buffer.of(),
      ]) {
        setBody(row, body)
        expect((await reading(at, bearer)).failed).toBe(1)
        restore()
      }
    }
    expect((await reading(at, bearer)).failed).toBe(0)
  })

  test('makes nobody an owner: a member with the record of one is nobody', async () => {
    const { ada, restore } = await written()
    const people = rows().filter(({ kind }) => kind === 'user')
    expect(people).toHaveLength(2)
    const [one, other] = people
    if (!one || !other) return
    for (const withVersion of [false, true]) {
      setBody(one, other.body, withVersion ? other.version : undefined)
      setBody(other, one.body, withVersion ? one.version : undefined)
      const door = await start().catch(() => null)
      const answer = await door?.send('/v1/auth/token', json('POST', { email: ada.email, password: ada.password }))
      expect([401, 500, undefined]).toContain(answer?.status)
      expect(answer?.text ?? '').not.toContain('access_token')
      await stop()
      restore()
    }
  })
})

describe('J5: two servers', () => {
  test('are not opened on one file, so neither remembers what the other has taken back', async () => {
    await start()
    await expect(openOnDisk(join(folder, 'data'))).rejects.toThrow(/in use|locked|another process/i)
  })

  test('on one store that they share both refuse at once what either has taken back', async () => {
    const { exclusive, ...storage } = memoryStorage() as Storage & { exclusive?: true }
    await using one = await openDoor({ storage })
    await using two = await openDoor({ storage, hsm: one.world.hsm, seed: 'another' })
    const { world } = one
    const ended = await bearerOf(world, { user: world.ownerId })
    const agent = await world.agent()
    const token = await bearerOf(world, { agent: agent.id })
    const asked = async () =>
      Promise.all([
        two.send('/v1/auth/me', { bearer: ended }),
        two.send('/v1/agents/me', { bearer: token }),
        two.send('/v1/agents/me', { bearer: agent.key }),
      ])
    expect((await asked()).map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await one.send('/v1/auth/token', { method: 'DELETE', bearer: ended })).status).toBe(204)
    await world.owner.agents.update({ agent_id: agent.id, is_active: false })
    expect((await asked()).map(({ status }) => status)).toEqual([401, 401, 401])
  })
})

describe('I4: a nonce', () => {
  test('never comes from the caller: what is stored twice in the same words is sealed in different bytes', async () => {
    const bodies: string[] = []
    const storage = memoryStorage()
    const note = (writes: readonly Write[]) => {
      for (const write of writes) if (write.op === 'put') bodies.push(Buffer.from(write.body).toString('hex'))
    }
    const watched = {
      ...storage,
      commit: (writes: readonly Write[]) => {
        note(writes)
        return storage.commit(writes)
      },
      commitMany: (batches: readonly (readonly Write[])[]) => {
        batches.forEach(note)
        return storage.commitMany(batches)
      },
    }
    await using door = await openDoor({ storage: watched })
    const bearer = await bearerOf(door.world, { user: door.world.ownerId })
    const { id } = await door.world.owner.vaults.create({ name: 'prod' })
    const nonce = Buffer.alloc(12).toString('base64')
    const wanted = {
      value: tagged('hunter2'),
      iv: nonce,
      nonce,
      dek: nonce,
      key: nonce,
      aad: '',
      wrapped_key: nonce,
      version: 1,
    }
    for (let count = 1; count <= 20; count++) {
      const answer = await door.send(`/v1/vaults/${id}/secrets/db`, json('PUT', wanted, bearer ?? ''))
      expect([answer.status, answer.json.version]).toEqual([201, count])
    }
    // An envelope begins with 29 bytes of version, salt and nonce; a value, whose key is its own, with its ciphertext.
    const starts = bodies.map((body) => body.slice(0, 2 * 29))
    expect(new Set(starts).size).toBe(starts.length)
    expect(bodies.length).toBeGreaterThan(40)
  })
})
