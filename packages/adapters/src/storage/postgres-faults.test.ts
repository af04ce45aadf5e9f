import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type Put, type Storage, StorageUnusable } from '@pawl/core/ports'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { hasPostgres, type Postgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { postgres } from './postgres.ts'

const startMs = 60_000

/** A disk of a megabyte can be made by root, where the machine lets it. */
const canMount = hasPart('mount as root', 'Run as root, with CAP_SYS_ADMIN.', tryMount())

describe.skipIf(!hasPostgres)('a PostgreSQL server that fails', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres({ fsync: true, settings: { max_connections: '12' } })
  }, startMs)
  afterAll(() => server?.[Symbol.asyncDispose](), startMs)

  async function opened(url: string, poolMax = 3) {
    const storage = postgres({ url, poolMax })
    await storage.setup()
    onTestFinished(() => storage.close())
    return storage
  }
  const cut = (url: string, where = '') =>
    server.sql(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pawl' ${where}`)

  describe('and cuts connections', () => {
    it('that nobody uses, is used again as if nothing had been', async () => {
      const url = await server.newDatabase()
      const storage = await opened(url)
      await Promise.all([storage.commit([put('a')]), storage.commit([put('b')])])
      await cut(url)
      expect(await storage.get([ref('a')])).toMatchObject([{ version: 'a v1' }])
      await storage.commit([put('c')])
    })

    /** From when `slow` says so, what is read or put sleeps until it is cut. */
    async function sleepy() {
      const url = await server.newDatabase()
      const storage = await opened(url)
      await storage.commit([put('a')])
      await server.sql(
        url,
        `CREATE TABLE slow (is_so boolean); INSERT INTO slow VALUES (true); GRANT SELECT ON slow TO pawl;
         CREATE FUNCTION sleep() RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS
           $$ BEGIN IF (SELECT is_so FROM slow) THEN PERFORM pg_sleep(60); END IF; RETURN true; END $$;
         CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN PERFORM public.sleep(); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER late AFTER INSERT ON pawl.record DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION late();
         ALTER TABLE pawl.record RENAME TO kept;
         CREATE VIEW pawl.record AS SELECT * FROM pawl.kept WHERE public.sleep(); GRANT ALL ON pawl.record TO pawl`,
      )
      const cutAsleep = async () => {
        const asleep = "FROM pg_stat_activity WHERE application_name = 'pawl' AND wait_event = 'PgSleep'"
        await until(async () => (await server.sql(url, `SELECT count(*) ${asleep}`)) === '1')
        await server.sql(url, 'UPDATE slow SET is_so = false')
        await server.sql(url, `SELECT pg_terminate_backend(pid) ${asleep}`)
      }
      return { url, storage, cutAsleep }
    }

    it('in the middle of a read, is asked again', async () => {
      const { storage, cutAsleep } = await sleepy()
      const [read] = await Promise.all([storage.get([ref('a')]), cutAsleep()])
      expect(read).toMatchObject([{ version: 'a v1' }])
    })

    it('when everything of a commit is done but its end, has none of it, and it is an error', async () => {
      const { url, storage, cutAsleep } = await sleepy()
      await server.sql(url, 'DROP VIEW pawl.record; ALTER TABLE pawl.kept RENAME TO record')
      const batch = ['x', 'y', 'z'].map((id) => put(id))
      const [message] = await Promise.all([refusal(storage.commit(batch)), cutAsleep()])
      expect(message).toContain('cannot be reached')
      expect(await storage.get(batch)).toEqual([null, null, null])
      await storage.commit(batch)
    })
  })

  it('and is killed under load, has all that was acknowledged when it is back, and no half of a batch', async () => {
    const url = await server.newDatabase()
    const stores = [await opened(url), await opened(url)]
    const acknowledged = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const before = acknowledged.size
      const writers = stores.flatMap((storage, at) =>
        [0, 1].map((one) => write(storage, `${round}-${at}-${one}`, acknowledged)),
      )
      await until(async () => acknowledged.size > before + 60)
      await server.kill()
      await Promise.all(writers)
      await server.start()
      const found = new Map<string, number>()
      for await (const chunk of (stores[0] as (typeof stores)[number]).snapshot())
        for (const { id } of chunk) found.set(id.slice(0, -2), (found.get(id.slice(0, -2)) ?? 0) + 1)
      expect([...found.values()].every((count) => count === 3)).toBe(true)
      expect([...acknowledged].filter((name) => !found.has(name))).toEqual([])
    }
  }, 120_000)

  describe('for a reason that an operator can do something about', () => {
    it.each([
      ['is not there', (url: URL) => Object.assign(url, { port: '1' }), 'cannot be reached'],
      [
        'does not know the password',
        (url: URL) => Object.assign(url, { password: 'wrongly-given' }),
        'refuses this user',
      ],
      ['gets no password', (url: URL) => Object.assign(url, { password: '' }), 'refuses this user'],
      ['does not have the database', (url: URL) => Object.assign(url, { pathname: '/other' }), 'does not exist'],
      [
        'does not know the host',
        (url: URL) => Object.assign(url, { hostname: 'db.invalid', search: 'sslmode=disable' }),
        'cannot be reached',
      ],
    ])('%s, says so, and never the password', async (_, change, words) => {
      const url = change(new URL(await server.newDatabase())).href
      const error = await postgres({ url })
        .setup()
        .catch((error: unknown) => error)
      expect(error).toBeInstanceOf(StorageUnusable)
      expect((error as Error).message).toContain(words)
      const password = new URL(url).password || 'none'
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password)
    })

    it('is read-only, says so', async () => {
      const url = await server.newDatabase()
      await (await opened(url)).commit([put('a')])
      await server.sql(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`)
      const storage = await opened(url)
      expect(await refusal(storage.commit([put('b')]))).toContain('read-only')
      expect(await storage.get([ref('a'), ref('b')])).toMatchObject([{ version: 'a v1' }, null])
    })

    it('lets this role only read, says so', async () => {
      const url = await server.newDatabase()
      await (await opened(url)).commit([put('a')])
      await server.sql(
        url,
        `CREATE ROLE reader LOGIN PASSWORD 'pw'; GRANT USAGE ON SCHEMA pawl TO reader;
         GRANT SELECT ON ALL TABLES IN SCHEMA pawl TO reader`,
      )
      const storage = await opened(Object.assign(new URL(url), { username: 'reader', password: 'pw' }).href)
      expect(await storage.get([ref('a')])).toMatchObject([{ version: 'a v1' }])
      expect(await refusal(storage.commit([put('b')]))).toContain(
        'The role reader lacks DELETE on pawl.entry, DELETE on pawl.record, INSERT',
      )
    })

    it('has no connection left, says so', async () => {
      const url = await server.newDatabase()
      const all: Storage[] = []
      onTestFinished(async () => void (await Promise.all(all.map((storage) => storage.close()))))
      const openAll = async () => {
        for (let at = 0; at < 12; at++) {
          const storage = postgres({ url, poolMax: 1 })
          await storage.setup()
          all.push(storage)
        }
      }
      expect(await refusal(openAll())).toContain('too many connections')
    })

    it.skipIf(!canMount)('has a full disk, says so, loses nothing, and goes on when there is room', async () => {
      const disk = mkdtempSync(join(tmpdir(), 'pawl-disk-'))
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk])
      onTestFinished(() => {
        execFileSync('umount', ['-l', disk])
        rmSync(disk, { recursive: true })
      })
      await using own = await startPostgres()
      const { uid, gid } = statSync(own.folder)
      chownSync(disk, uid, gid)
      await own.sql('postgres://127.0.0.1/postgres', `CREATE TABLESPACE small LOCATION '${disk}'`)
      const storage = postgres({ url: await own.newDatabase('TABLESPACE small') })
      await storage.setup()
      let kept = 0
      const fill = async () => {
        for (; kept < 1_000; kept++) await storage.commit([put(`r${kept}`, { body: new Uint8Array(200_000) })])
      }
      expect(await refusal(fill())).toContain('is full')
      expect(await storage.scan(everything)).toHaveLength(kept)
      execFileSync('mount', ['-o', 'remount,size=64m', disk])
      await storage.commit([put(`r${kept}`)])
      await storage.close()
    })
  })
})

describe('the URL of a PostgreSQL server', () => {
  it.each([
    ['mysql://h/d', 'must begin with postgres://'],
    ['postgres://h', 'must name a host and a database'],
    ['postgres:///d', 'must name a host and a database'],
    ['postgres://h/d?options=-c%20x', 'unknown parameter options'],
    ['postgres://h/d?sslmode=prefer', 'verifies nothing'],
    ['postgres://h/d?sslmode=no-verify', 'verifies nothing'],
    ['postgres://h/d?sslrootcert=/nowhere/ca.pem', 'cannot be read'],
  ])('%s is refused', (url, words) => {
    expect(() => postgres({ url })).toThrow(words)
  })
})

const canTls = hasPart('openssl', 'apt-get install openssl', programAt('openssl') !== null)

describe.skipIf(!hasPostgres || !canTls)('a PostgreSQL server with TLS', () => {
  let server: Postgres
  let database: string
  const folder = mkdtempSync(join(tmpdir(), 'pawl-ca-'))

  beforeAll(async () => {
    for (const ca of ['ca', 'other'])
      openssl('req', '-x509', ...newKey, `${ca}.key`, '-out', `${ca}.crt`, '-subj', `/CN=${ca}`)
    openssl(
      'req',
      ...newKey,
      'server.key',
      '-out',
      'server.csr',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    )
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-out',
      'server.crt',
      '-copy_extensions',
      'copy',
    )
    const file = (name: string) => readFileSync(join(folder, name), 'utf8')
    server = await startPostgres({
      files: { 'server.crt': file('server.crt'), 'server.key': file('server.key') },
      settings: { ssl: 'on', ssl_cert_file: '../server.crt', ssl_key_file: '../server.key' },
    })
    database = await server.newDatabase()
  }, startMs)
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await server?.[Symbol.asyncDispose]()
  }, startMs)

  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout']
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const to = (hostname: string, search: string) =>
    postgres({ url: Object.assign(new URL(database), { hostname, search }).href })
  const ca = (name: string) => `sslrootcert=${encodeURIComponent(join(folder, name))}`

  it.each(['require', 'verify-ca', 'verify-full'])('is used when its CA is known, with sslmode=%s', async (mode) => {
    const storage = to('localhost', `sslmode=${mode}&${ca('ca.crt')}`)
    await storage.setup()
    await storage.get([ref('a')])
    const over =
      "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'pawl'"
    expect(await server.sql(database, over)).toBe('t')
    await storage.close()
  })

  it.each([
    ['no CA is named', 'localhost', ''],
    ['another CA signed it', 'localhost', ca('other.crt')],
    ['it is of another name', '127.0.0.1', ca('ca.crt')],
  ])('is refused in every mode when %s', async (_, host, search) => {
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      expect(await refusal(to(host, `sslmode=${mode}&${search}`).setup())).toContain('cannot be verified')
    }
  })

  it('is refused when it has none and shall have', async () => {
    await using plain = await startPostgres()
    const url = `${await plain.newDatabase()}?sslmode=verify-full&${ca('ca.crt')}`
    expect(await refusal(postgres({ url }).setup())).toContain('does not support TLS')
  })
})

const everything = { kind: 'thing', index: 'list', from: '', to: '~~', limit: 1_000 }
const ref = (id: string) => ({ kind: 'thing', id })

function put(id: string, change: Partial<Put> = {}): Put {
  const body = new Uint8Array(700).fill(id.length)
  return {
    op: 'put',
    ...ref(id),
    expect: null,
    version: `${id} v1`,
    body,
    keys: [{ index: 'list', key: id }],
    ...change,
  }
}

/** Commits three records at a time until the store fails. */
async function write(storage: Storage, name: string, acknowledged: Set<string>): Promise<void> {
  try {
    for (let at = 0; ; at++) {
      await storage.commit(['x', 'y', 'z'].map((part) => put(`${name}-${at} ${part}`)))
      acknowledged.add(`${name}-${at}`)
    }
  } catch (error) {
    expect(error).toBeInstanceOf(StorageUnusable)
  }
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(StorageUnusable)
  return (error as StorageUnusable).message
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}
