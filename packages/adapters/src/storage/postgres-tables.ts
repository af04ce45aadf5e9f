import { StorageUnusable } from '@pawl/core/ports'
import type { PoolClient } from 'pg'

// The tables and functions of the PostgreSQL store, and their creation.

const formatVersion = 1

/** A name as a quoted SQL identifier. It may contain any character. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Makes what is missing, in one transaction; of several that start together one makes it and the others find it. */
export async function makeTables(client: PoolClient, schema: string, limits: string): Promise<void> {
  if ((await formatOf(client, schema)) === formatVersion) return
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${limits}`)
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('pawl setup ' || $1, 0))", [schema])
  if ((await formatOf(client, schema)) === null) {
    if (!(await exists(client, schema))) await client.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`)
    await client.query(tables(quoteIdentifier(schema)))
    await client.query(commitFunction(schema))
    await client.query(readFunction(quoteIdentifier(schema)))
  }
  await client.query('COMMIT')
}

async function exists(client: PoolClient, schema: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
  return rowCount === 1
}

/** The format of our tables there, or null when there are no tables at all. */
async function formatOf(client: PoolClient, schema: string): Promise<number | null> {
  const of = 'FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1'
  const { rows } = await client.query<{ relname: string }>(`SELECT relname ${of} AND relkind IN ('r', 'v', 'p')`, [
    schema,
  ])
  if (rows.length === 0) return null
  if (!rows.some(({ relname }) => relname === 'pawl_format')) {
    throw new StorageUnusable(`The schema ${schema} has tables of another program. Choose another schema.`)
  }
  const found = await client.query<{ version: number }>(`SELECT version FROM ${quoteIdentifier(schema)}.pawl_format`)
  const version = found.rows[0]?.version
  if (version !== formatVersion) {
    throw new StorageUnusable(
      `The schema ${schema} has format ${version}, but this Pawl reads format ${formatVersion}. Upgrade Pawl. Nothing was changed.`,
    )
  }
  return version
}

/**
 * `record` has the bodies, and of each record the JSON of its keys, so unchanged keys are seen in one compare. `entry`
 * leads from each key to its record. Bodies are sealed, so PostgreSQL is not to try and compress them. An update that
 * keeps its keys writes only `record`, and finds room beside the old row.
 */
const tables = (schema: string) => `
  CREATE TABLE ${schema}.pawl_format (version integer NOT NULL);
  INSERT INTO ${schema}.pawl_format VALUES (${formatVersion});
  CREATE TABLE ${schema}.record (
    kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, version text COLLATE "C" NOT NULL,
    keys text COLLATE "C" NOT NULL, body bytea NOT NULL, PRIMARY KEY (kind, id)
  ) WITH (fillfactor = 85);
  ALTER TABLE ${schema}.record ALTER body SET STORAGE EXTERNAL;
  CREATE TABLE ${schema}.entry (
    kind text COLLATE "C" NOT NULL, index text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL, PRIMARY KEY (kind, index, key)
  );`

/**
 * What both functions are made with. Nothing of a schema that others can write to is found by a short name. A plan is
 * made once for a connection and goes by the indexes: one that was made while the tables were small would be slow when
 * they have grown.
 */
const manner = `SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off`

/** What is in the first list of keys, given as JSON, and not in the second. */
const keysIn = (one: string, other: string) => `LATERAL (
  SELECT k->>0 AS index, k->>1 AS key FROM json_array_elements(${one}::json) k
  EXCEPT SELECT k->>0, k->>1 FROM json_array_elements(${other}::json) k)`

/**
 * Judges and applies batches in one call, which is one transaction, and answers with those that were refused: the
 * number of the batch and of the write, and the index of a key that is taken.
 *
 * Why no two calls can come between each other: every record that a call names, and every key that it puts, has a lock
 * of the transaction, by the hash of its name. Calls that check a record share its lock. A call that puts or deletes it,
 * or puts a key, has an exclusive lock. All locks of a call are taken before anything is read, in the order
 * of their numbers, so no two calls wait for each other (deadlock). They are kept until the transaction is over. The
 * isolation is READ COMMITTED, so each statement after that sees all that was committed before the locks were had, and
 * no other call can change what was checked before the decision on it is committed. This is two-phase locking: the result
 * is that of some serial order of the calls, so two batches that each check what the other puts cannot both
 * succeed, also where what they check is that there is nothing. The one thing read without a lock is who owns a key that
 * is wanted and not free: if its owner gives it up meanwhile, "taken" was the answer from just before.
 *
 * The locks are in memory, so a check writes nothing. SERIALIZABLE would refuse many a batch that conflicts with none,
 * because it watches pages of an index and not records; locks on rows would write to every row that is checked, and
 * could not lock a row that is not there. There is memory for some thousand locks, so a call with very many names takes
 * one on the `whole` store instead.
 *
 * Each batch is judged whole before it is applied, so none has to be undone. Beside all this, what is written expects
 * the version that was judged, and the primary keys bear no second record or owner: were the locks ever to fail, the
 * call would, too.
 */
const commitFunction = (name: string) => {
  const schema = quoteIdentifier(name)
  const everything = `hashtextextended('pawl whole ' || ${quoteLiteral(name)}, 0)`
  const one = `hashtextextended(l.name COLLATE "C", ${everything})`
  const slice = (...names: readonly string[]) => names.map((each) => `${each}[first:last]`).join(', ')
  return `
  CREATE FUNCTION ${schema}.commit_many(whole boolean, sizes integer[], ops text[], kinds text[], ids text[], expects text[],
    versions text[], key_lists text[], starts integer[], lengths integer[], bodies bytea)
  RETURNS TABLE (batch integer, write integer, taken text) LANGUAGE plpgsql ${manner} AS $function$
  DECLARE
    first integer;
    last integer := 0;
    held text[];
    moves boolean;
    deletes integer;
    updates integer;
    inserts integer;
    written integer;
  BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    IF whole THEN
      PERFORM pg_advisory_xact_lock(${everything});
    ELSE
      PERFORM pg_advisory_xact_lock_shared(${everything});
      PERFORM CASE WHEN l.alone THEN pg_advisory_xact_lock(l.number) ELSE pg_advisory_xact_lock_shared(l.number) END
      FROM (
        SELECT ${one} AS number, bool_or(l.alone) AS alone FROM (
          SELECT w.kind || ' ' || w.id, w.op <> 'check' FROM unnest(ops, kinds, ids) w(op, kind, id)
          UNION ALL
          SELECT w.kind || ' ' || (k->>0) || ' ' || (k->>1), true
          FROM unnest(kinds, key_lists) w(kind, keys), json_array_elements(w.keys::json) k
        ) l(name, alone) GROUP BY number ORDER BY number
      ) l;
    END IF;
    FOR at IN 1 .. cardinality(sizes) LOOP
      first := last + 1;
      last := last + sizes[at];

      SELECT min(w.n) FILTER (WHERE r.version IS DISTINCT FROM w.expect), array_agg(coalesce(r.keys, '[]') ORDER BY w.n),
        bool_or(w.op <> 'check' AND coalesce(r.keys, '[]') <> w.keys), count(*) FILTER (WHERE w.op = 'delete'),
        count(*) FILTER (WHERE w.op = 'put' AND w.expect IS NOT NULL), count(*) FILTER (WHERE w.op = 'put' AND w.expect IS NULL)
      INTO write, held, moves, deletes, updates, inserts
      FROM unnest(${slice('ops', 'kinds', 'ids', 'expects', 'key_lists')}) WITH ORDINALITY w(op, kind, id, expect, keys, n)
      LEFT JOIN ${schema}.record r ON r.kind = w.kind AND r.id = w.id;
      batch := at;
      taken := NULL;
      IF write IS NOT NULL THEN
        RETURN NEXT;
        CONTINUE;
      END IF;

      IF moves THEN
        SELECT k.n, k.index INTO write, taken
        FROM (
          SELECT w.n, w.kind, w.id, k.index, k.key, count(*) OVER (PARTITION BY w.kind, k.index, k.key) AS claims
          FROM unnest(${slice('kinds', 'ids', 'key_lists')}) WITH ORDINALITY w(kind, id, keys, n), ${keysIn('w.keys', "'[]'")} k
        ) k
        LEFT JOIN ${schema}.entry e ON e.kind = k.kind AND e.index = k.index AND e.key = k.key
        WHERE k.claims > 1 OR e.id <> k.id AND NOT EXISTS (
          SELECT FROM unnest(${slice('ops', 'kinds', 'ids')}) w(op, kind, id)
          WHERE w.op <> 'check' AND w.kind = e.kind AND w.id = e.id)
        LIMIT 1;
        IF FOUND THEN
          RETURN NEXT;
          CONTINUE;
        END IF;
        DELETE FROM ${schema}.entry e WHERE e.ctid = ANY (ARRAY(
          SELECT e.ctid
          FROM unnest(${slice('ops', 'kinds', 'key_lists')}, held) w(op, kind, keys, held), ${keysIn('w.held', 'w.keys')} k,
            LATERAL (SELECT ctid FROM ${schema}.entry e WHERE e.kind = w.kind AND e.index = k.index AND e.key = k.key OFFSET 0) e
          WHERE w.op <> 'check' AND w.held <> w.keys));
      END IF;

      IF deletes > 0 THEN
        DELETE FROM ${schema}.record r
        USING unnest(${slice('ops', 'kinds', 'ids', 'expects')}) w(op, kind, id, expect)
        WHERE w.op = 'delete' AND r.kind = w.kind AND r.id = w.id AND r.version = w.expect;
        GET DIAGNOSTICS written = ROW_COUNT;
        deletes := deletes - written;
      END IF;
      IF updates > 0 THEN
        UPDATE ${schema}.record r
        SET version = w.version, keys = w.keys, body = substring(bodies FROM w.start FOR w.length)
        FROM unnest(${slice('ops', 'kinds', 'ids', 'expects', 'versions', 'key_lists', 'starts', 'lengths')})
          w(op, kind, id, expect, version, keys, start, length)
        WHERE w.op = 'put' AND r.kind = w.kind AND r.id = w.id AND r.version = w.expect;
        GET DIAGNOSTICS written = ROW_COUNT;
        updates := updates - written;
      END IF;
      IF inserts > 0 THEN
        INSERT INTO ${schema}.record (kind, id, version, keys, body)
        SELECT w.kind, w.id, w.version, w.keys, substring(bodies FROM w.start FOR w.length)
        FROM unnest(${slice('ops', 'kinds', 'ids', 'expects', 'versions', 'key_lists', 'starts', 'lengths')})
          w(op, kind, id, expect, version, keys, start, length)
        WHERE w.op = 'put' AND w.expect IS NULL;
        GET DIAGNOSTICS written = ROW_COUNT;
        inserts := inserts - written;
      END IF;
      IF deletes <> 0 OR updates <> 0 OR inserts <> 0 THEN
        RAISE EXCEPTION 'a record was changed by a session that does not hold its lock';
      END IF;

      IF moves THEN
        INSERT INTO ${schema}.entry (kind, index, key, id)
        SELECT w.kind, k.index, k.key, w.id
        FROM unnest(${slice('ops', 'kinds', 'ids', 'key_lists')}, held) w(op, kind, id, keys, held), ${keysIn('w.keys', 'w.held')} k
        WHERE w.op = 'put' AND w.held <> w.keys;
      END IF;
    END LOOP;
  END $function$`
}

/** Several gets and scans. It is STABLE, so all that it reads is of the moment when it is called. */
const readFunction = (schema: string) => `
  CREATE FUNCTION ${schema}.read_many(kinds text[], ids text[], scan_kinds text[], scan_indexes text[], froms text[],
    tos text[], limits integer[], reverses boolean[])
  RETURNS TABLE (scan integer, ref integer, id text, version text, body bytea, key text)
  LANGUAGE plpgsql STABLE ${manner} AS $function$
  BEGIN
    RETURN QUERY SELECT 0, w.n::integer, NULL, r.version, r.body, NULL
      FROM unnest(kinds, ids) WITH ORDINALITY w(kind, id, n)
      JOIN ${schema}.record r ON r.kind = w.kind AND r.id = w.id;
    FOR at IN 1 .. cardinality(limits) LOOP
      IF reverses[at] THEN
        RETURN QUERY ${scan(schema, 'DESC')};
      ELSE
        RETURN QUERY ${scan(schema, 'ASC')};
      END IF;
    END LOOP;
  END $function$`

/** The limit stops the walk along the keys before the records are looked up. */
const scan = (schema: string, order: 'ASC' | 'DESC') => `
  SELECT at, 0, e.id, r.version, r.body, e.key
  FROM (
    SELECT e.id, e.key FROM ${schema}.entry e
    WHERE e.kind = scan_kinds[at] AND e.index = scan_indexes[at] AND e.key >= froms[at] AND e.key < tos[at]
    ORDER BY e.key ${order} LIMIT limits[at]
  ) e JOIN ${schema}.record r ON r.kind = scan_kinds[at] AND r.id = e.id
  ORDER BY e.key ${order}`

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
