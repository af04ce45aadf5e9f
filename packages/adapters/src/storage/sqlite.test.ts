import { execSync, spawn } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Put, StorageUnusable } from '@pawl/core/ports'
import { testStorage } from '@pawl/testkit/conformance'
import fc from 'fast-check'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { programFrom } from '../../../../tools/real-parts/pawl.ts'
import { tries } from '../../../../tools/test-run/index.ts'
import { sqlite } from './sqlite.ts'
import { sqliteDriver } from './sqlite-driver.ts'

testStorage(
  'sqlite',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawl-'))
    const open = () => sqlite({ path: join(folder, 'vault.db') })
    return { storage: open(), again: open, destroy: () => rmSync(folder, { recursive: true }) }
  },
  { describe, it },
)

const everyone = { recursive: true, force: true }
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, everyone)
})

describe('space that deleted records left', () => {
  it('goes back to the file system in small steps, and what is left stays readable', async () => {
    const path = newPath()
    const storage = sqlite({ path })
    await storage.setup()
    const body = new Uint8Array(100_000).fill(7)
    const ids = Array.from({ length: 200 }, (_, at) => `record-${at}`)
    for (const id of ids) {
      await storage.commit([{ op: 'put', kind: 'block', id, expect: null, version: 'v', body, keys: [] }])
    }
    expect(await storage.shrink()).toBe(false)
    for (const id of ids.slice(1)) await storage.commit([{ op: 'delete', kind: 'block', id, expect: 'v' }])
    let steps = 1
    while (await storage.shrink()) steps++
    expect(steps).toBeGreaterThan(10)
    await storage.close()
    expect(statSync(path).size).toBeLessThan(1_000_000)
    await storage.setup()
    expect(await storage.get([{ kind: 'block', id: 'record-0' }])).toMatchObject([{ version: 'v', body }])
    await storage.close()
  })
})

describe('what is deleted', () => {
  it.each([700, 60_000])(
    'leaves nothing of a body of %i bytes in the file, and neither does what is replaced',
    async (bytes) => {
      const path = newPath()
      const storage = await opened(path)
      const bodyOf = (mark: string) => new Uint8Array(Buffer.from(mark.repeat(bytes / mark.length)))
      const marks = ['replaced ', 'deleted  ', 'kept     ']
      const [replaced, deleted, kept] = marks.map(bodyOf)
      for (const [id, body] of Object.entries({ a: replaced, b: deleted, c: kept })) {
        await storage.commit([put(id, { body: body ?? new Uint8Array() })])
      }
      await storage.close()
      await storage.setup()
      await storage.commit([put('a', { expect: 'a v1', version: 'a v2' })])
      await storage.commit([{ op: 'delete', kind: 'thing', id: 'b', expect: 'b v1' }])
      await storage.close()
      const file = readFileSync(path)
      expect(marks.filter((mark) => file.includes(mark))).toEqual(['kept     '])
    },
  )
})

describe('sqlite without a path', () => {
  it.each([undefined, {}, { path: '' }, 'data/vault.db'])('%j is refused at once, with an example', (options) => {
    expect(() => sqlite(options as never)).toThrow(
      /^sqlite: the option path is missing\. Pass the path of a file: sqlite\(/,
    )
  })
})

/** The path of a database in a folder of its own; neither of the two is there yet. */
function newPath(name = 'vault.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  folders.push(folder)
  return join(folder, 'data', name)
}

async function opened(path: string, check?: 'always' | 'never') {
  const storage = sqlite({ path, ...(check ? { check } : {}) })
  await storage.setup()
  return storage
}

/** A closed database of so many records, r0 and so on, each with a key in the index 'list'. */
async function filled(path: string, count: number): Promise<void> {
  const storage = await opened(path)
  for (let at = 0; at < count; at++) await storage.commit([put(`r${at}`)])
  await storage.close()
}

function put(id: string, change: Partial<Put> = {}): Put {
  const body = new Uint8Array(700).fill(id.length)
  return {
    op: 'put',
    kind: 'thing',
    id,
    expect: null,
    version: `${id} v1`,
    body,
    keys: [{ index: 'list', key: id }],
    ...change,
  }
}

const ref = (id: string) => ({ kind: 'thing', id })
const everything = { kind: 'thing', index: 'list', from: '', to: '~~', limit: 1_000 }
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

async function refusal(path: string): Promise<string> {
  const error = await opened(path).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(StorageUnusable)
  return (error as StorageUnusable).message
}

describe('the file of sqlite', () => {
  it('is for its owner alone, and so is its folder, whatever the umask', async () => {
    const path = newPath()
    const umask = process.umask(0)
    onTestFinished(() => void process.umask(umask))
    const storage = await opened(path)
    await storage.commit([put('a')])
    expect(modeOf(dirname(path))).toBe('700')
    for (const name of readdirSync(dirname(path))) expect(modeOf(join(dirname(path), name))).toBe('600')
    await storage.close()
  })

  it('is the only one left after a clean stop', async () => {
    const path = newPath()
    await filled(path, 3)
    expect(readdirSync(dirname(path))).toEqual(['vault.db'])
  })

  it('is refused when others can read it, with the command that helps', async () => {
    const path = newPath("it's a vault.db")
    await filled(path, 1)
    for (const [target, wide] of [
      [path, 0o640],
      [path, 0o602],
      [dirname(path), 0o755],
    ] as const) {
      chmodSync(target, wide)
      const message = await refusal(path)
      expect(message).toContain('Other users of this machine can access')
      execSync(message.slice(message.indexOf('chmod')))
    }
    await (await opened(path)).close()
  })

  it('is refused when others can read its log', async () => {
    const path = newPath()
    await filled(path, 1)
    writeFileSync(`${path}-wal`, '')
    chmodSync(`${path}-wal`, 0o644)
    expect(await refusal(path)).toContain(`chmod 600 ${path}-wal`)
  })

  it('is not put into a folder that many use, and no chmod of that folder is proposed', async () => {
    const path = newPath()
    mkdirSync(dirname(path))
    chmodSync(dirname(path), 0o1777)
    const message = await refusal(path)
    expect(message).toContain('folder of its own')
    expect(message).not.toContain('chmod')
  })

  it('is refused when a newer Pawl wrote it, and stays as it is', async () => {
    const path = newPath()
    await filled(path, 1)
    const database = new (sqliteDriver())(path)
    database.pragma('user_version = 3')
    database.close()
    const before = readFileSync(path)
    expect(await refusal(path)).toContain('format 3')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it.each([
    [
      'a trigger that takes commits back',
      'CREATE TRIGGER back AFTER UPDATE ON record BEGIN UPDATE record SET body = OLD.body, version = OLD.version WHERE n = NEW.n; END',
    ],
    ['another index', 'CREATE UNIQUE INDEX more ON record (id)'],
    [
      'a view in the place of a table',
      'ALTER TABLE record RENAME TO records; CREATE VIEW record AS SELECT * FROM records',
    ],
    ['a table less', 'DROP TABLE entry'],
  ])('is refused with %s, and stays as it is', async (_, sql) => {
    const path = newPath()
    await filled(path, 1)
    ;new (sqliteDriver())(path).exec(sql).close()
    const before = readFileSync(path)
    expect(await refusal(path)).toContain('are not those that Pawl creates')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('opens from an earlier version without a table for the log, and after ANALYZE', async () => {
    const path = newPath()
    await filled(path, 1)
    ;new (sqliteDriver())(path).exec('DROP TABLE log; ANALYZE').close()
    const storage = await opened(path)
    expect(await storage.scan(everything)).toHaveLength(1)
    await storage.close()
  })

  it('is refused when it is no database, or that of another program', async () => {
    const path = newPath()
    mkdirSync(dirname(path), { mode: 0o700 })
    const text = 'not a database, but a text that is there'.padEnd(8_192)
    writeFileSync(path, text, { mode: 0o600 })
    expect(await refusal(path)).toContain('not a SQLite database')
    expect(readFileSync(path, 'utf8')).toBe(text)
    rmSync(path)
    writeFileSync(path, '', { mode: 0o600 })
    ;new (sqliteDriver())(path).exec('CREATE TABLE theirs (x)').close()
    expect(await refusal(path)).toContain('another program')
    rmSync(path)
    mkdirSync(path, { mode: 0o700 })
    expect(await refusal(path)).toContain('not a vault')
    writeFileSync(join(path, 'text'), '', { mode: 0o600 })
    expect(await refusal(join(path, 'text', 'vault.db'))).toContain('cannot be opened')
  })

  it('is not made anew when only its log is left', async () => {
    const path = newPath()
    await filled(path, 1)
    rmSync(path)
    writeFileSync(`${path}-wal`, 'the last commits', { mode: 0o600 })
    expect(await refusal(path)).toContain('is missing, but its log')
    expect(readdirSync(dirname(path))).toEqual(['vault.db-wal'])
  })

  it('cannot be used before setup or after close', async () => {
    const storage = sqlite({ path: newPath() })
    await expect(storage.get([])).rejects.toThrow(StorageUnusable)
    await storage.setup()
    await storage.close()
    await storage.close()
    await expect(storage.commit([])).rejects.toThrow('Call setup() first')
  })
})

describe('a damaged sqlite file', () => {
  it('is refused when it was truncated, and left as it is', async () => {
    const path = newPath()
    await filled(path, 60)
    const whole = readFileSync(path)
    for (const size of [
      0,
      1,
      99,
      512,
      8_192,
      16_384,
      20_000,
      whole.length - 8_192,
      whole.length - 512,
      whole.length - 1,
    ]) {
      truncateSync(path, size)
      expect(await refusal(path)).toMatch(/is (damaged|truncated)/)
      expect(readFileSync(path).equals(whole.subarray(0, size))).toBe(true)
      writeFileSync(path, whole)
    }
    const storage = await opened(path)
    expect(await storage.scan(everything)).toHaveLength(60)
    await storage.close()
  })

  it('gives clean errors wherever a bit was flipped, and has everything when it is flipped back', async () => {
    const path = newPath()
    await filled(path, 30)
    const whole = readFileSync(path)
    const property = fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (at, bit) => {
      const flipped = Buffer.from(whole)
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at)
      writeFileSync(path, flipped)
      await readAll(path).catch((error: unknown) => expect(error).toBeInstanceOf(StorageUnusable))
    })
    await fc.assert(property, { numRuns: tries(150, 4), seed: 7 })
    writeFileSync(path, whole)
    expect(await readAll(path)).toHaveLength(30)
  })

  async function readAll(path: string) {
    const storage = await opened(path)
    try {
      await storage.get([ref('r1'), ref('r29')])
      return await storage.scan(everything)
    } finally {
      await storage.close()
    }
  }

  it('is found out before it is used, unless the check is off', async () => {
    const path = newPath()
    await filled(path, 60)
    const damaged = readFileSync(path)
    damaged.fill(0, damaged.length - 8_192)
    writeFileSync(path, damaged)
    expect(await refusal(path)).toContain('is damaged')
    await expect(opened(path, 'always')).rejects.toThrow('is damaged')
    const storage = await opened(path, 'never')
    await expect(storage.scan(everything)).rejects.toThrow('is damaged')
    await storage.close()
  })
})

describe('a commit of sqlite', () => {
  it('that fails half-way leaves nothing behind, and later ones succeed', async () => {
    const storage = await opened(newPath())
    const broken = put('b', { kind: 'late', body: 'no bytes' as unknown as Uint8Array })
    await expect(storage.commitMany([[put('a')], [put('c', { kind: 'new' }), broken]])).rejects.toThrow()
    expect(await storage.get([ref('a'), { kind: 'new', id: 'c' }])).toEqual([null, null])
    await storage.commit([put('c', { kind: 'new' }), put('b', { kind: 'late' }), put('a')])
    expect((await storage.scan({ ...everything, kind: 'late' })).map(({ id }) => id)).toEqual(['b'])
    await storage.close()
  })

  it('survives a kill -9 of the writer once it was acknowledged, and is whole', async () => {
    const path = newPath()
    let acknowledged = 0
    for (let round = 0; round < 3; round++) {
      acknowledged = await writeUntilKilled(path, acknowledged + 40 * (round + 1))
      const storage = await opened(path)
      const found = await storage.scan({ ...everything, kind: 'event', limit: 100_000 })
      const [head] = await storage.get([{ kind: 'head', id: 'head' }])
      expect(found.length).toBeGreaterThanOrEqual(acknowledged)
      expect(found.map(({ id }) => Number(id))).toEqual(found.map((_, at) => at))
      expect(Number(head?.version)).toBe(found.length)
      await storage.close()
      acknowledged = found.length
    }
  })

  it('is refused to a second process, which is told why', async () => {
    const path = newPath()
    await filled(path, 1)
    const child = writer(path)
    await new Promise((resolve) => child.lines.once('line', resolve))
    expect(await refusal(path)).toContain('in use by another process')
    await child.kill()
    await (await opened(path)).close()
  })
})

/** Every batch adds an event and moves the head; the number of events is printed when the commit has come back. */
const program = (path: string) => `
  import { sqlite } from '@pawl/adapters/storage/sqlite'
  const storage = sqlite({ path: ${JSON.stringify(path)} })
  await storage.setup()
  const [head] = await storage.get([{ kind: 'head', id: 'head' }])
  let version = head?.version ?? null
  const next = () => {
    const expect = version
    const id = String(Number(expect)).padStart(9, '0')
    version = String(Number(expect) + 1)
    const body = new Uint8Array(10_240).fill(Number(expect))
    return [
      { op: 'put', kind: 'event', id, expect: null, version: 'v', body, keys: [{ index: 'list', key: id }] },
      { op: 'put', kind: 'head', id: 'head', expect, version, body, keys: [] },
    ]
  }
  for (;;) {
    const answers = await storage.commitMany([next(), next(), next()])
    if (answers.some((answer) => answer)) throw new Error('a batch was refused')
    process.stdout.write(version + '\\n')
    await new Promise(setImmediate)
  }`

function writer(path: string) {
  const child = spawn(process.execPath, [programFrom(program(path))], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return { lines: createInterface({ input: child.stdout }), kill }
}

/** The number of events that were acknowledged when the writer was killed. */
async function writeUntilKilled(path: string, wanted: number): Promise<number> {
  const child = writer(path)
  let acknowledged = 0
  await new Promise<void>((resolve) => {
    child.lines.on('line', (line) => {
      acknowledged = Number(line)
      if (acknowledged >= wanted) resolve()
    })
  })
  await child.kill()
  return acknowledged
}
