import { StorageUnusable } from '@pawl/core/ports'
import type { PoolClient } from 'pg'
import { needRights } from './postgres-rights.ts'

// The tables and functions of the PostgreSQL store, and their creation.

const formatVersion = 1

/** A name as a quoted SQL identifier. It may contain any character. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Makes what is missing, in one transaction; of several that start together one makes it and the others find it. */
export async function makeTables(client: PoolClient, schema: string, limits: string): Promise<void> {
  await needRights(client, schema, 'see')
  await makeMissing(client, schema, limits)
  await needRights(client, schema, 'read')
}

async function makeMissing(client: PoolClient, schema: string, limits: string): Promise<void> {
  const isComplete = async () =>
    (await formatOf(client, schema)) === formatVersion && (await hasCommits(client, schema))
  if (await isComplete()) return
  await needRights(client, schema, 'create')
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${limits}`)
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('pawl setup ' || $1, 0))", [schema])
  if ((await formatOf(client, schema)) === null) {
    if (!(await exists(client, schema))) await client.query(`CREATE SCHEMA ${quoteIdentifier(schema)}`)
    await client.query(tables(quoteIdentifier(schema)))
    await client.query(readFunction(quoteIdentifier(schema)))
  }
  // An earlier version of Pawl may use the same tables with the function that it made, which takes the same locks.
  if (!(await hasCommits(client, schema))) await client.query(commitFunction(schema))
  await client.query('COMMIT')
}

async function exists(client: PoolClient, schema: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
  return rowCount === 1
}

/** Whether there is a `commit_many` with our parameters. */
async function hasCommits(client: PoolClient, schema: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = $1 AND p.proname = 'commit_many' AND 'key_sizes' = ANY (p.proargnames)`,
    [schema],
  )
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
 * `sizes` has the number of writes of each batch, `change_sizes` of its puts and deletes, `key_sizes` of the keys of its puts. The
 * other lists have a row for each write, each change and each key, one batch after the other. The changes of a batch are
 * its first writes. `versions` is null for a delete. `twice` is a key that two writes of the batch claim.
 */
const commitParameters = [
  'whole boolean, sizes integer[], change_sizes integer[], key_sizes integer[], twice integer[]',
  'kinds text[], ids text[], expects text[], alones boolean[]',
  'versions text[], key_lists text[], starts integer[], lengths integer[]',
  'key_kinds text[], key_ids text[], key_indexes text[], keys text[], bodies bytea',
].join(', ')

/**
 * Judges and applies batches in one call, which is one transaction, and answers with those that were refused: the
 * number of the batch, and the number in it of a write that is stale or of a key that is taken.
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
  const slice = (range: string, ...names: readonly string[]) => names.map((each) => `${each}[${range}]`).join(', ')
  const written = 'first : first + changes - 1'
  const changed = 'change : change + changes - 1'
  const claimed = 'key : key + key_sizes[at] - 1'
  return `
  CREATE FUNCTION ${schema}.commit_many(${commitParameters})
  RETURNS TABLE (batch integer, stale integer, taken integer) LANGUAGE plpgsql ${manner} AS $function$
  DECLARE
    first integer := 1;
    change integer := 1;
    key integer := 1;
    changes integer;
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
          SELECT w.kind || ' ' || w.id, w.alone FROM unnest(kinds, ids, alones) w(kind, id, alone)
          UNION ALL
          SELECT k.kind || ' ' || k.index || ' ' || k.key, true FROM unnest(key_kinds, key_indexes, keys) k(kind, index, key)
        ) l(name, alone) GROUP BY number ORDER BY number
      ) l;
    END IF;
    FOR at IN 1 .. cardinality(sizes) LOOP
      batch := at;
      changes := change_sizes[at];
      taken := NULL;

      SELECT min(w.n) FILTER (WHERE r.version IS DISTINCT FROM w.expect), bool_or(r.keys <> w.keys),
        count(*) FILTER (WHERE w.keys IS NOT NULL AND w.version IS NULL),
        count(*) FILTER (WHERE w.version IS NOT NULL AND w.expect IS NOT NULL),
        count(*) FILTER (WHERE w.version IS NOT NULL AND w.expect IS NULL)
      INTO stale, moves, deletes, updates, inserts
      FROM unnest(${slice('first : first + sizes[at] - 1', 'kinds', 'ids', 'expects')}, ${slice(changed, 'versions', 'key_lists')})
        WITH ORDINALITY w(kind, id, expect, version, keys, n)
      LEFT JOIN ${schema}.record r ON r.kind = w.kind AND r.id = w.id;

      IF stale IS NULL AND key_sizes[at] > 0 THEN
        SELECT k.n INTO taken
        FROM unnest(${slice(claimed, 'key_kinds', 'key_ids', 'key_indexes', 'keys')}) WITH ORDINALITY k(kind, id, index, key, n)
        JOIN ${schema}.entry e ON e.kind = k.kind AND e.index = k.index AND e.key = k.key
        WHERE e.id <> k.id AND NOT EXISTS (
          SELECT FROM unnest(${slice(written, 'kinds', 'ids')}) w(kind, id) WHERE w.kind = e.kind AND w.id = e.id)
        LIMIT 1;
        taken := coalesce(taken, twice[at]);
      END IF;

      IF stale IS NOT NULL OR taken IS NOT NULL THEN
        RETURN NEXT;
      ELSE
        IF moves THEN
          DELETE FROM ${schema}.entry e WHERE e.ctid = ANY (ARRAY(
            SELECT e.ctid
            FROM unnest(${slice(written, 'kinds', 'ids')}, ${slice(changed, 'key_lists')}) w(kind, id, keys)
            JOIN ${schema}.record r ON r.kind = w.kind AND r.id = w.id AND r.keys <> w.keys,
              ${keysIn('r.keys', 'w.keys')} k,
              LATERAL (SELECT ctid FROM ${schema}.entry e WHERE e.kind = w.kind AND e.index = k.index AND e.key = k.key OFFSET 0) e));
        END IF;

        IF deletes > 0 THEN
          DELETE FROM ${schema}.record r
          USING unnest(${slice(written, 'kinds', 'ids', 'expects')}, ${slice(changed, 'versions')}) w(kind, id, expect, version)
          WHERE w.version IS NULL AND r.kind = w.kind AND r.id = w.id AND r.version = w.expect;
          GET DIAGNOSTICS written = ROW_COUNT;
          deletes := deletes - written;
        END IF;
        IF updates > 0 THEN
          UPDATE ${schema}.record r
          SET version = w.version, keys = w.keys, body = substring(bodies FROM w.start FOR w.length)
          FROM unnest(${slice(written, 'kinds', 'ids', 'expects')}, ${slice(changed, 'versions', 'key_lists', 'starts', 'lengths')})
            w(kind, id, expect, version, keys, start, length)
          WHERE w.version IS NOT NULL AND r.kind = w.kind AND r.id = w.id AND r.version = w.expect;
          GET DIAGNOSTICS written = ROW_COUNT;
          updates := updates - written;
        END IF;
        IF inserts > 0 THEN
          INSERT INTO ${schema}.record (kind, id, version, keys, body)
          SELECT w.kind, w.id, w.version, w.keys, substring(bodies FROM w.start FOR w.length)
          FROM unnest(${slice(written, 'kinds', 'ids', 'expects')}, ${slice(changed, 'versions', 'key_lists', 'starts', 'lengths')})
            w(kind, id, expect, version, keys, start, length)
          WHERE w.version IS NOT NULL AND w.expect IS NULL;
          GET DIAGNOSTICS written = ROW_COUNT;
          inserts := inserts - written;
        END IF;
        IF deletes <> 0 OR updates <> 0 OR inserts <> 0 THEN
          RAISE EXCEPTION 'a record was changed by a session that does not hold its lock';
        END IF;

        IF key_sizes[at] > 0 THEN
          INSERT INTO ${schema}.entry (kind, index, key, id)
          SELECT k.kind, k.index, k.key, k.id
          FROM unnest(${slice(claimed, 'key_kinds', 'key_ids', 'key_indexes', 'keys')}) k(kind, id, index, key)
          WHERE NOT EXISTS (
            SELECT FROM ${schema}.entry e WHERE e.kind = k.kind AND e.index = k.index AND e.key = k.key AND e.id = k.id);
        END IF;
      END IF;
      first := first + sizes[at];
      change := change + changes;
      key := key + key_sizes[at];
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
