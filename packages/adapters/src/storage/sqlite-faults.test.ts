import { spawnSync } from 'node:child_process'
import fs, { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Put, StorageUnusable } from '@pawl/core/ports'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { programFrom } from '../../../../tools/real-parts/pawl.ts'
import { tries } from '../../../../tools/test-run/index.ts'
import { sqlite } from './sqlite.ts'
import { sqliteDriver } from './sqlite-driver.ts'

// Goal: whatever happens to its files, a store says what is wrong or gives what it was given, and never anything else.

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  path = join(folder, 'vault.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const pageBytes = 8_192
const bodyOf = (at: number) => Buffer.alloc(3_000, at)
const everything = { kind: 'thing', index: 'list', from: '', to: '~~', limit: 1_000 }

function put(at: number, expect: string | null = null): Put {
  const id = `r${String(at).padStart(3, '0')}`
  const keys = [{ index: 'list', key: id }]
  return { op: 'put', kind: 'thing', id, expect, version: 'v1', body: bodyOf(at), keys }
}

/** Records in one commit. */
const grouped = 10
const group = (from: number) => Array.from({ length: grouped }, (_, at) => put(from + at))

type Opened = Awaited<ReturnType<typeof opened>>

const nextOf = <T>(all: AsyncIterable<T>) => all[Symbol.asyncIterator]().next()

async function opened() {
  const storage = sqlite({ path })
  await storage.setup()
  return storage
}

/** The database, the log of SQLite and the log of commits. */
interface Files {
  readonly file: Uint8Array
  readonly pages?: Uint8Array
  readonly log?: Uint8Array
}

/** The files after so many commits and a crash, and the database file after a clean stop. */
async function crashed(commits: number) {
  const storage = await opened()
  for (let at = 0; at < commits; at++) await storage.commit([put(at)])
  const left = files()
  await storage.close()
  return { ...left, whole: readFileSync(path) }
}

function files() {
  return { file: readFileSync(path), pages: readFileSync(`${path}-wal`), log: readFileSync(`${path}-commits`) }
}

function lay({ file, pages, log }: Files): void {
  writeFileSync(path, file, { mode: 0o600 })
  rmSync(`${path}-shm`, { force: true })
  for (const [end, bytes] of [
    ['-wal', pages],
    ['-commits', log],
  ] as const) {
    rmSync(path + end, { force: true })
    if (bytes) writeFileSync(path + end, bytes, { mode: 0o600 })
  }
}

/** How many records there are; all of them are as they were stored, and a gap is only ever at the end. */
async function countRight(): Promise<number> {
  const storage = await opened()
  try {
    const found = await storage.scan(everything)
    const isRight = ({ id, body }: (typeof found)[number], at: number) => id === put(at).id && bodyOf(at).equals(body)
    expect(found.findIndex((one, at) => !isRight(one, at))).toBe(-1)
    return found.length
  } finally {
    await storage.close()
  }
}

const refused = (error: unknown) => {
  expect(error).toBeInstanceOf(StorageUnusable)
  return 'refused' as const
}

describe('the format that a sqlite file says', () => {
  const formatOfFile = () => {
    const database = new (sqliteDriver())(path)
    const format = database.pragma('user_version', { simple: true })
    database.close()
    return format
  }

  it('is 2 while a log can hold commits that it lacks, so that a Pawl without this log refuses it, and 1 after a stop', async () => {
    const { whole: _, ...left } = await crashed(3)
    lay(left)
    expect(formatOfFile()).toBe(2)
    lay(left)
    expect(await countRight()).toBe(3)
    expect([formatOfFile(), existsSync(`${path}-commits`)]).toEqual([1, false])
  })

  it('is on the disk before the log has its first commit', async () => {
    const storage = await opened()
    await storage.commit([put(0)])
    // SQLite itself has committed nothing but the format.
    const { file, pages, log } = files()
    await storage.close()
    lay({ file, pages })
    expect(formatOfFile()).toBe(2)
    lay({ file, pages })
    expect(await countRight()).toBe(0)
    lay({ file, pages, log })
    expect(await countRight()).toBe(1)
  })
})

describe('a sqlite file that was cut', () => {
  it('at the end of any page is refused, and nothing in it is changed', async () => {
    const { whole } = await crashed(12)
    for (let pages = 0; pages < whole.length / pageBytes; pages++) {
      const cut = whole.subarray(0, pages * pageBytes)
      lay({ file: cut })
      await expect(opened()).rejects.toThrow(/is (damaged|truncated)/)
      expect(readFileSync(path).equals(cut)).toBe(true)
    }
  })

  it('anywhere is refused', async () => {
    const { whole } = await crashed(12)
    const anywhere = fc.asyncProperty(fc.nat(whole.length - 1), async (bytes) => {
      lay({ file: whole.subarray(0, bytes) })
      await expect(opened()).rejects.toThrow(StorageUnusable)
    })
    await fc.assert(anywhere, { numRuns: tries(30, 4) })
  })
})

describe('the log of commits after a crash', () => {
  it('cut anywhere gives all commits up to there, and none by half', async () => {
    const left = await crashed(12)
    const used = left.log.findLastIndex((byte) => byte !== 0) + 1
    const anywhere = fc.asyncProperty(fc.nat(used - 1), async (bytes) => {
      lay({ ...left, log: left.log.subarray(0, bytes) })
      expect(await countRight()).toBe(Math.floor((12 * bytes) / used))
    })
    await fc.assert(anywhere, { numRuns: tries(30, 4) })
    lay(left)
    expect(await countRight()).toBe(12)
  })

  it('with bits flipped anywhere gives what was stored or is refused', async () => {
    const left = await crashed(12)
    const used = left.log.findLastIndex((byte) => byte !== 0) + 1
    const flip = fc.record({ at: fc.nat(used - 1), bit: fc.nat(7) })
    const flips = fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 4 }), async (chosen) => {
      const log = Buffer.from(left.log)
      for (const { at, bit } of chosen) log.writeUInt8(log.readUInt8(at) ^ (1 << bit), at)
      lay({ ...left, log })
      await countRight().catch(refused)
    })
    await fc.assert(flips, { numRuns: tries(40, 4) })
  })

  it('gives every commit, also after the log was full and began again', async () => {
    const storage = await opened()
    const mine = path
    let count = 0
    for (let restarts = 0, pages = 0; restarts < 2; ) {
      await storage.commit(group(count))
      count += grouped
      if (statSync(`${mine}-wal`).size > pages) restarts++
      pages = statSync(`${mine}-wal`).size
      if (count % (11 * grouped) !== 0) continue
      const left = files()
      path = join(folder, `${count}`, 'vault.db')
      mkdirSync(dirname(path), { mode: 0o700 })
      lay(left)
      expect(await countRight()).toBe(count)
      path = mine
    }
    await storage.close()
    expect(await countRight()).toBe(count)
  })

  it('gives every commit, even if the disk has only a part of the pages that SQLite wrote for a full log', async () => {
    const left = await whenFull()
    const anywhere = fc.asyncProperty(fc.nat(left.pages.length), async (bytes) => {
      lay({ ...left, pages: left.pages.subarray(0, bytes) })
      expect([left.count, left.count + grouped]).toContain(await countRight())
    })
    await fc.assert(anywhere, { numRuns: tries(12, 4) })
  })

  /** The files after a crash in which SQLite has written its pages for a full log, and the log has not begun again. */
  async function whenFull() {
    const storage = await opened()
    await storage.commit(group(0))
    let before = files()
    for (let count = grouped; ; count += grouped) {
      await storage.commit(group(count))
      const { pages } = files()
      if (pages.length > before.pages.length) {
        await storage.close()
        return { ...before, pages, count }
      }
      before = files()
    }
  }

  it('is removed only after the pages that SQLite wrote for it are on the disk', async () => {
    lay(await whenFull())
    const steps: string[] = []
    for (const name of ['fdatasyncSync', 'rmSync'] as const) {
      const original = fs[name] as (...given: unknown[]) => void
      vi.spyOn(fs, name).mockImplementation((...given: unknown[]) => {
        if (name === 'fdatasyncSync' || `${given[0]}`.endsWith('-commits')) steps.push(name)
        original(...given)
      })
    }
    syncBuiltinESMExports()
    await (await opened()).close()
    vi.restoreAllMocks()
    syncBuiltinESMExports()
    expect(steps.slice(0, 2)).toEqual(['fdatasyncSync', 'rmSync'])
  })

  it('of another database is refused, and so is one that is newer than its database', async () => {
    const mine = await crashed(12)
    rmSync(path)
    const other = await crashed(12)
    lay({ ...mine, log: other.log })
    await expect(opened()).rejects.toThrow('belongs to another database')
    lay(mine)
    const storage = await opened()
    await storage.close()
    const old = readFileSync(path)
    rmSync(path)
    lay({ file: old })
    const again = await opened()
    for (let at = 12; at < 15; at++) await again.commit([put(at)])
    const later = files()
    await again.close()
    lay({ file: mine.file, pages: mine.pages, log: later.log })
    await expect(opened()).rejects.toThrow('is newer than its database')
  })
})

const prlimit = programAt('prlimit')

describe.skipIf(!hasPart('prlimit', 'apt-get install util-linux', prlimit !== null))('a disk that fails', () => {
  it('keeps what was acknowledged, says so, and is used again when it works', async () => {
    const storage = await opened()
    onTestFinished(() => storage.close())
    await storage.commit([put(0)])
    // The system then fails every write beyond this with an error, as a broken disk does.
    limitFiles(10)
    onTestFinished(() => limitFiles('unlimited'))
    for (let at = 1; at < 4; at++)
      await expect(storage.commit([put(at)])).rejects.toThrow(/The disk of \S+ (failed|is full)/)
    expect(await storage.scan(everything)).toHaveLength(1)
    limitFiles('unlimited')
    await storage.commit([put(1)])
    expect(await storage.scan(everything)).toHaveLength(2)
  })

  it.each([
    ['the store gives space back', (storage: Opened) => storage.shrink()],
    ['a backup begins', (storage: Opened) => nextOf(storage.snapshot())],
    ['the store closes', (storage: Opened) => storage.close()],
  ])('keeps acknowledged commits, even if it fails while %s', async (_, use) => {
    const storage = await opened()
    await storage.commit(group(0))
    limitFiles(10)
    onTestFinished(() => limitFiles('unlimited'))
    await expect(use(storage)).rejects.toThrow(/The disk of \S+ (failed|is full)/)
    limitFiles('unlimited')
    await storage.setup()
    expect(await storage.scan(everything)).toHaveLength(grouped)
    await storage.commit(group(grouped))
    await storage.close()
    expect(await countRight()).toBe(2 * grouped)
  })

  it('keeps acknowledged commits, even if it fails while SQLite commits for a full log', async () => {
    const storage = await opened()
    await storage.commit(group(0))
    limitFiles(statSync(`${path}-commits`).size)
    onTestFinished(() => limitFiles('unlimited'))
    let count = grouped
    let refusals = 0
    while (refusals < 3) {
      const next = storage.commit(group(count))
      await next.then(
        () => {
          count += grouped
        },
        (error) => {
          expect(error.message).toMatch(/The disk of \S+ (failed|is full)/)
          refusals++
        },
      )
    }
    expect(await storage.scan(everything)).toHaveLength(count)
    limitFiles('unlimited')
    await storage.commit(group(count))
    await storage.close()
    expect(await countRight()).toBe(count + grouped)
  })
})

const strace = programAt('strace')

describe.skipIf(!hasPart('strace', 'apt-get install strace', strace !== null))('the sync of a commit', () => {
  /** Commits one record after the other in another process, and prints what became of each. */
  function commits(
    sync: 'disk' | 'os',
    faults: readonly string[] = [],
  ): { readonly said: string[]; readonly calls: string } {
    const program = `import { sqlite } from '@pawl/adapters/storage/sqlite'
      const storage = sqlite({ path: process.argv[2] })
      await storage.setup()
      console.error('is open')
      for (let at = 0; at < 6; at++) {
        const put = { op: 'put', kind: 'thing', id: 'r' + at, expect: null, version: 'v', body: new Uint8Array(9), keys: [] }
        const answer = await storage.commitMany([[put]], process.argv[3]).then(() => 'durable', (error) => error.message)
        console.log('commit', at, answer)
      }
      console.log('read', await storage.get([{ kind: 'thing', id: 'r0' }]).then(([one]) => one?.id, (error) => error.message))
      await storage.close()`
    const calls = join(folder, 'calls')
    const traced = ['-f', '-o', calls, '-e', 'trace=fdatasync,write', ...faults]
    const node = [process.execPath, programFrom(program)]
    const { stdout, stderr } = spawnSync(strace ?? '', [...traced, ...node, path, sync], {
      encoding: 'utf8',
      // strace counts the calls of each thread.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    })
    if (stdout === '') throw new Error(stderr)
    return { said: stdout.trim().split('\n'), calls: readFileSync(calls, 'utf8') }
  }

  it('is over before the commit is answered', () => {
    const { said, calls } = commits('disk')
    expect(said).toEqual([...Array.from({ length: 6 }, (_, at) => `commit ${at} durable`), 'read r0'])
    const steps = [...calls.matchAll(/fdatasync(?:\(\d+\)| resumed>\)) += 0|"commit \d/g)].map(([step]) =>
      step.slice(0, 4),
    )
    const answers = steps.flatMap((step, at) => (step === '"com' ? [at] : []))
    expect(answers).toHaveLength(6)
    for (const [at, answer] of answers.entries()) {
      expect(steps.slice(at === 0 ? 0 : answers[at - 1], answer)).toContain('fdat')
    }
  })

  it('is left to the operating system where the caller asks for that', () => {
    const { said, calls } = commits('os')
    expect(said.slice(0, 6).every((line) => line.endsWith('durable'))).toBe(true)
    const whileOpen = calls.slice(calls.indexOf('"is open'), calls.indexOf('"commit 5'))
    expect(whileOpen).toContain('"commit 4')
    expect(whileOpen).not.toContain('fdatasync')
  })

  it('ends all use of the store when it fails, because the disk may have lost what it was given', () => {
    // A slow disk is synced by another thread, whose calls count on their own. So the third sync of a thread is the fifth at most.
    const { said } = commits('disk', ['-e', 'inject=fdatasync:error=EIO:when=3'])
    const first = said.findIndex((line) => !line.endsWith(' durable'))
    expect(first).toBeGreaterThan(1)
    expect(first).toBeLessThan(5)
    expect(said).toHaveLength(7)
    for (const line of said.slice(first)) expect(line).toMatch(/^\w+ (?:\d )?The disk of \S+ failed \(EIO\)/)
  })
})

/** For files that this process writes; the soft limit alone, so that anybody can take it back. */
function limitFiles(bytes: number | 'unlimited'): void {
  const { status, stderr } = spawnSync(prlimit ?? '', ['--pid', String(process.pid), `--fsize=${bytes}:`])
  expect(status, String(stderr)).toBe(0)
}
