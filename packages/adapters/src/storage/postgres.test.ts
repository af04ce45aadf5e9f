import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Put, type Range, StorageUnusable, type Write } from '@pawl/core/ports'
import { testStorage } from '@pawl/testkit/conformance'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { hasPgbouncer, hasPostgres, type Postgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { type PostgresOptions, postgres } from './postgres.ts'
import { quoteIdentifier } from './postgres-tables.ts'

let schemas = 0

/** Stores in schemas of their own, which is quicker than a database each. */
function storesOf(urlOf: () => string) {
  return () => {
    const settings = { url: urlOf(), schema: `s${schemas++}`, poolMax: 3 }
    return { storage: postgres(settings), again: () => postgres(settings) }
  }
}

const lacks = { exclusive: 'any number of processes may use it' }

describe.skipIf(!hasPostgres)('a PostgreSQL server', () => {
  let server: Postgres
  let url: string
  let strange: string

  beforeAll(async () => {
    server = await startPostgres()
    url = await server.newDatabase()
    strange = await server.newDatabase("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    for (const setting of ["synchronous_commit = 'off'", "default_transaction_isolation = 'serializable'"]) {
      await server.sql(strange, `ALTER DATABASE ${new URL(strange).pathname.slice(1)} SET ${setting}`)
    }
  }, 60_000)
  afterAll(() => server?.[Symbol.asyncDispose](), 60_000)

  async function opened(more: Partial<PostgresOptions> = {}) {
    const storage = postgres({ url, schema: `s${schemas++}`, ...more })
    await storage.setup()
    onTestFinished(() => storage.close())
    return storage
  }

  const sql = (text: string) => server.sql(url, text)

  testStorage(
    'postgres',
    storesOf(() => url),
    { describe, it },
    { lacks },
  )
  testStorage(
    'postgres in a database of other defaults',
    storesOf(() => strange),
    { describe, it },
    { lacks, runs: 12 },
  )

  describe.skipIf(!hasPgbouncer)('behind a pooler in transaction mode', () => {
    let pooled: string
    beforeAll(async () => {
      pooled = (await server.startPgbouncer())(url)
    })
    testStorage(
      'postgres',
      storesOf(() => pooled),
      { describe, it },
      { lacks, runs: 12 },
    )
  })

  describe('setup', () => {
    /** A database in which a function of ours takes the place of one of the server. */
    async function pretending(statement: string) {
      const fake = await server.newDatabase()
      await server.sql(fake, `ALTER DATABASE ${new URL(fake).pathname.slice(1)} SET search_path = public, pg_catalog`)
      await server.sql(fake, `CREATE FUNCTION public.${statement}`)
      return postgres({ url: fake })
    }

    it('N8: refuses what is not PostgreSQL by its name, and makes nothing there', async () => {
      const storage = await pretending(
        "version() RETURNS text LANGUAGE sql AS $$ SELECT 'CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)' $$",
      )
      await expect(storage.setup()).rejects.toThrow(/ is CockroachDB, which Pawl does not support\. Use PostgreSQL\./)
      await expect(storage.setup()).rejects.toBeInstanceOf(StorageUnusable)
    })

    it('N8: refuses a server whose advisory locks let two connections in', async () => {
      const storage = await pretending(
        'pg_try_advisory_xact_lock(bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$',
      )
      await expect(storage.setup()).rejects.toThrow('do not lock')
    })

    it('N8: works with a pool of one connection', async () => {
      const storage = await opened({ poolMax: 1 })
      expect(await storage.get([])).toEqual([])
    })

    it('is done once when many begin it at the same time', async () => {
      const schema = `s${schemas++}`
      const stores = Array.from({ length: 12 }, () => postgres({ url, schema, poolMax: 1 }))
      await Promise.all(stores.map((storage) => storage.setup()))
      await Promise.all(stores.map((storage, at) => storage.commit([put(`r${at}`)])))
      expect(await stores[0]?.scan(everything)).toHaveLength(12)
      await Promise.all(stores.map((storage) => storage.close()))
    })

    it('refuses tables that a newer Pawl made, and leaves them as they are', async () => {
      const schema = `s${schemas++}`
      await (await opened({ schema })).commit([put('a')])
      await sql(`UPDATE ${schema}.pawl_format SET version = 2`)
      expect(await refusal(postgres({ url, schema }).setup())).toContain('format 2')
      expect(await sql(`SELECT count(*) FROM ${schema}.record`)).toBe('1')
    })

    it('gives a database of an earlier version the function that it lacks, and keeps its records', async () => {
      const schema = `s${schemas++}`
      await (await opened({ schema })).commit([put('a')])
      await sql(`DROP FUNCTION ${schema}.commit_many`)
      await sql(`CREATE FUNCTION ${schema}.commit_many(whole boolean) RETURNS integer LANGUAGE sql AS 'SELECT 1'`)
      const again = await opened({ schema })
      await again.commit([put('a', { expect: 'a v1', version: 'a v2' })])
      expect(await again.get([ref('a')])).toMatchObject([{ version: 'a v2' }])
    })

    it('refuses a schema that has tables of another program', async () => {
      await sql('CREATE SCHEMA theirs; CREATE TABLE theirs.record (x integer)')
      await sql('GRANT ALL ON SCHEMA theirs TO pawl')
      expect(await refusal(postgres({ url, schema: 'theirs' }).setup())).toContain('another program')
      expect(await sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'theirs'::regnamespace")).toBe('1')
    })

    it('uses a schema that was made for it, and needs no more rights than there', async () => {
      const database = `DATABASE ${new URL(url).pathname.slice(1)}`
      await sql(`CREATE SCHEMA ready AUTHORIZATION pawl; ALTER ${database} OWNER TO postgres`)
      onTestFinished(async () => void (await sql(`ALTER ${database} OWNER TO pawl`)))
      expect(await refusal(postgres({ url, schema: 'unready' }).setup())).toContain(
        `The role pawl lacks CREATE on the ${database.replace('DATABASE', 'database')}.`,
      )
      await (await opened({ schema: 'ready' })).commit([put('a')])
    })

    describe('of a role that does not own the schema', () => {
      const rights = 'SELECT, INSERT, UPDATE, DELETE'
      /** A schema that `pawl` set up, and a role that can only log in. */
      async function service() {
        const schema = `s${schemas++}`
        const role = `service_${schema}`
        await opened({ schema })
        await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
        const storage = postgres({ url: Object.assign(new URL(url), { username: role, password: 'x' }).href, schema })
        onTestFinished(() => storage.close())
        const granted = () =>
          sql(
            `GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT ${rights} ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
          )
        return { schema, role, storage, granted }
      }

      it('needs no right to create, once the owner has set up the schema', async () => {
        const { storage, granted } = await service()
        await granted()
        await storage.setup()
        await storage.commit([put('a')])
        await storage.commit([put('a', { expect: 'a v1', version: 'a v2', keys: [] })])
        await storage.commit([{ op: 'delete', ...ref('a'), expect: 'a v2' }])
        expect(await storage.scan(everything)).toEqual([])
        for await (const chunk of storage.snapshot()) expect(chunk).toEqual([])
      })

      it('names each right that is missing', async () => {
        const { schema, role, storage, granted } = await service()
        expect(await refusal(storage.setup())).toContain(`The role ${role} lacks USAGE on the schema ${schema}.`)
        await granted()
        await sql(`REVOKE SELECT ON ${schema}.record, ${schema}.entry FROM ${role}`)
        await sql(`REVOKE EXECUTE ON FUNCTION ${schema}.read_many FROM PUBLIC`)
        expect(await refusal(storage.setup())).toContain(
          `lacks EXECUTE on ${schema}.read_many, SELECT on ${schema}.entry, SELECT on ${schema}.record.`,
        )
        await granted()
        await sql(
          `GRANT EXECUTE ON FUNCTION ${schema}.read_many TO ${role}; REVOKE DELETE ON ${schema}.entry FROM ${role}`,
        )
        await sql(`REVOKE INSERT, UPDATE ON ${schema}.record FROM ${role}`)
        await storage.setup()
        expect(await refusal(storage.commit([put('a')]))).toContain(
          `The role ${role} lacks DELETE on ${schema}.entry, INSERT on ${schema}.record, UPDATE on ${schema}.record.`,
        )
        await granted()
        await storage.commit([put('a')])
      })

      it('asks for the owner when this version adds a function, and changes nothing', async () => {
        const { schema, role, storage, granted } = await service()
        await granted()
        await sql(`DROP FUNCTION ${schema}.commit_many`)
        const message = await refusal(storage.setup())
        expect(message).toContain(`The role ${role} lacks CREATE on the schema ${schema}.`)
        expect(message).toContain('Run pawl storage setup as the role that owns the schema.')
        expect(await sql(`SELECT count(*) FROM pg_proc WHERE pronamespace = '${schema}'::regnamespace`)).toBe('1')
        await opened({ schema })
        await storage.setup()
        await storage.commit([put('a')])
      })
    })

    it('of an owner who took CREATE from itself, names this right', async () => {
      await sql('CREATE SCHEMA bare AUTHORIZATION pawl; REVOKE CREATE ON SCHEMA bare FROM pawl')
      expect(await refusal(postgres({ url, schema: 'bare' }).setup())).toContain(
        'The role pawl lacks CREATE on the schema bare.',
      )
    })

    it('cannot be left out', async () => {
      const storage = postgres({ url })
      expect(await refusal(storage.get([ref('a')]))).toContain('Call setup() first')
      await storage.close()
    })
  })

  describe('a password in PGPASSFILE', () => {
    /** What a store without a password in its URL answers to `setup`, with this line in the file. */
    async function setupWith(lineOf: (login: URL) => string, mode = 0o600) {
      const folder = process.env.CREDENTIALS_DIRECTORY ?? mkdtempSync(join(tmpdir(), 'pawl-pgpass-'))
      const file = join(folder, 'pgpass')
      writeFileSync(file, `# a comment\n${lineOf(new URL(url))}\n`, { mode })
      vi.stubEnv('PGPASSFILE', file)
      const warned = vi.spyOn(process, 'emitWarning')
      const storage = postgres({ url: Object.assign(new URL(url), { password: '' }).href, schema: `s${schemas++}` })
      onTestFinished(async () => {
        await storage.close()
        vi.unstubAllEnvs()
        warned.mockRestore()
        rmSync(folder, { recursive: true })
      })
      await storage.setup()
      expect(warned).not.toHaveBeenCalled()
      await storage.commit([put('a')])
    }
    const database = ({ pathname }: URL) => pathname.slice(1)

    it('is found by host, port, database and user, without a warning of the driver', async () => {
      await setupWith((login) => `${login.hostname}:${login.port}:${database(login)}:pawl:${login.password}`)
    })

    it('is the first that fits, also with * for each field', async () => {
      await setupWith(({ password }) => `*:1:*:*:no\n*:*:*:other:no\n*:*:*:*:${password}\n*:*:*:*:no`)
    })

    it('can be a credential of systemd, whose mode shows its ACL', async () => {
      vi.stubEnv('CREDENTIALS_DIRECTORY', mkdtempSync(join(tmpdir(), 'pawl-credentials-')))
      await setupWith(({ password }) => `*:*:*:*:${password}`, 0o440)
    })

    it('can have colons and backslashes', async () => {
      const odd = 'a:b\\c:d'
      await sql(`ALTER ROLE pawl PASSWORD '${odd}'`)
      onTestFinished(async () => void (await sql(`ALTER ROLE pawl PASSWORD '${new URL(url).password}'`)))
      await setupWith(() => '*:*:*:pawl:a\\:b\\\\c:d')
    })

    it('is refused if no line fits, if others can access the file, or if it is missing', async () => {
      expect(await refusal(setupWith(() => '*:*:*:other:no'))).toContain('refuses this user or password')
      expect(await refusal(setupWith(() => '', 0o640))).toContain('Run chmod 600 on it.')
      vi.stubEnv('PGPASSFILE', '/nowhere/pgpass')
      expect(await refusal(postgres({ url: Object.assign(new URL(url), { password: '' }).href }).setup())).toContain(
        'PGPASSFILE: /nowhere/pgpass cannot be read.',
      )
    })
  })

  describe('a name of a schema', () => {
    const odd = [
      'it"s',
      'a; DROP SCHEMA s0; --',
      'a"; DROP SCHEMA s0 CASCADE; --',
      'A b',
      "it's",
      'a\\',
      '$1',
      'select',
    ]

    it('is refused when it is more than letters, digits and _', () => {
      for (const schema of [...odd.slice(0, -1), '', '1a', 'a'.repeat(64), 'ä']) {
        expect(() => postgres({ url, schema })).toThrow('schema must have')
      }
    })

    it('is quoted, so that even those would only be names', async () => {
      for (const name of odd) {
        await sql(`CREATE SCHEMA ${quoteIdentifier(name)}`)
        expect(await sql(`SELECT count(*) FROM pg_namespace WHERE nspname = $name$${name}$name$`)).toBe('1')
      }
    })

    it('may be a word of SQL, or have capitals', async () => {
      for (const schema of ['select', 'Pawl']) await (await opened({ schema, url: strange })).commit([put('a')])
    })
  })

  describe('a commit', () => {
    it('is durable also where the database would not have it so', async () => {
      const schema = `s${schemas++}`
      const storage = await opened({ url: strange, schema })
      await server.sql(
        strange,
        `CREATE TABLE ${schema}_seen (x text); GRANT ALL ON ${schema}_seen TO pawl;
         CREATE FUNCTION ${schema}_look() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN INSERT INTO public.${schema}_seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER look AFTER INSERT ON ${schema}.record DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION ${schema}_look()`,
      )
      await storage.commit([put('a')])
      expect(await server.sql(strange, `SELECT x FROM ${schema}_seen`)).toBe('on')
    })

    it('is tried again when the server took it back and says so, and gives up in the end', async () => {
      const schema = `s${schemas++}`
      const storage = await opened({ schema })
      await sql(
        `CREATE SEQUENCE ${schema}_tries; GRANT ALL ON ${schema}_tries TO pawl;
         CREATE FUNCTION ${schema}_fail() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN IF nextval('public.${schema}_tries') <= 3 OR new.id = 'b' THEN RAISE SQLSTATE '40001'; END IF; RETURN new; END $$;
         CREATE TRIGGER fail BEFORE INSERT ON ${schema}.record FOR EACH ROW EXECUTE FUNCTION ${schema}_fail()`,
      )
      await storage.commit([put('a')])
      expect(await storage.get([ref('a')])).toMatchObject([{ version: 'a v1' }])
      await expect(storage.commit([put('b')])).rejects.toThrow('40001')
    })

    it('fails instead of losing what somebody wrote who does not hold the locks', async () => {
      const schema = `s${schemas++}`
      const storage = await opened({ schema })
      await storage.commit([put('a')])
      await sql(`CREATE RULE skip AS ON UPDATE TO ${schema}.record DO INSTEAD NOTHING`)
      await expect(storage.commit([put('a', { expect: 'a v1', version: 'a v2' })])).rejects.toThrow('P0001')
    })

    it('waits for nobody longer than it was told', async () => {
      const schema = `s${schemas++}`
      const [slow, storage] = [await opened({ schema }), await opened({ schema, statementTimeoutMs: 200 })]
      await sql(
        `CREATE FUNCTION ${schema}_sleep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN new; END $$;
         CREATE TRIGGER sleep BEFORE INSERT ON ${schema}.record FOR EACH ROW WHEN (new.id = 'slow')
           EXECUTE FUNCTION ${schema}_sleep()`,
      )
      const cut = expect(slow.commit([put('slow')])).rejects.toThrow('cannot be reached')
      const sleeping = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
      await until(async () => (await sql(`SELECT count(*) ${sleeping}`)) === '1')
      expect(await refusal(storage.commit([check('slow', null)]))).toContain('too long')
      expect(await refusal(storage.commit([put('slow', { body: new Uint8Array(3) })]))).toContain('too long')
      await storage.commit([put('other')])
      await sql(`SELECT pg_terminate_backend(pid) ${sleeping}`)
      await cut
    })

    it('of more names than the server has room for locks goes through, and so do others beside it', async () => {
      await using small = await startPostgres({ settings: { max_locks_per_transaction: '10', max_connections: '10' } })
      const settings = { url: await small.newDatabase() }
      const [storage, other] = [postgres(settings), postgres(settings)]
      await Promise.all([storage.setup(), other.setup()])
      const batches = (name: string) =>
        Array.from({ length: 16 }, (_, batch) => Array.from({ length: 60 }, (_, at) => put(`${name} ${batch} ${at}`)))
      const done = await Promise.all([
        storage.commitMany(batches('a')),
        other.commitMany(batches('b').slice(0, 6)),
        storage.commitMany(batches('c').slice(0, 6)),
      ])
      expect(done.flat().every((answer) => answer === null)).toBe(true)
      await Promise.all([storage.close(), other.close()])
    })
  })

  describe('a snapshot', () => {
    it('has every record with its keys as they were when it began, while others write', async () => {
      const storage = await opened()
      const puts = Array.from({ length: 2_500 }, (_, at) => put(`r${at}`, { body: new Uint8Array(at % 5_000) }))
      for (let at = 0; at < puts.length; at += 100) await storage.commit(puts.slice(at, at + 100))
      const change = async (old: readonly Put[], { commit }: typeof storage) => {
        for (const { id } of old.slice(0, 50)) await commit([put(id, { expect: `${id} v1`, version: 'new' })])
        for (const { id } of old.slice(-50)) await commit([{ op: 'delete', ...ref(id), expect: `${id} v1` }])
        await commit([put('late')])
      }
      const found = new Map<string, string>()
      for await (const chunk of storage.snapshot()) {
        for (const { id, version, keys, body } of chunk) {
          expect(keys).toEqual([{ index: 'list', key: id }])
          expect(body).toHaveLength(Number(id.slice(1)) % 5_000)
          found.set(id, version)
        }
        if (found.size === chunk.length) await change(puts, storage)
      }
      expect(found).toEqual(new Map(puts.map(({ id, version }) => [id, version])))
    })

    it('comes in chunks that fit into memory', async () => {
      const storage = await opened()
      const body = new Uint8Array(3 * 1024 * 1024)
      for (let at = 0; at < 8; at++)
        await storage.commit([put(`r${at}`, { body: at === 3 ? new Uint8Array(9 << 20) : body })])
      const sizes: number[] = []
      for await (const chunk of storage.snapshot()) sizes.push(chunk.reduce((sum, one) => sum + one.body.length, 0))
      expect(sizes.reduce((a, b) => a + b)).toBe(30 << 20)
      expect(Math.max(...sizes)).toBe(9 << 20)
    })

    it('lets go of its moment when nobody wants more of it', async () => {
      const storage = await opened()
      await storage.commit([put('a')])
      for await (const _ of storage.snapshot()) break
      const open = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pawl' AND state LIKE 'idle in%'"
      await until(async () => (await sql(open)) === '0')
    })
  })
})

const everything: Range = { kind: 'thing', index: 'list', from: '', to: '~~', limit: 1_000 }
const ref = (id: string) => ({ kind: 'thing', id })
const check = (id: string, expect: string | null): Write => ({ op: 'check', ...ref(id), expect })

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

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(StorageUnusable)
  return (error as StorageUnusable).message
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}
