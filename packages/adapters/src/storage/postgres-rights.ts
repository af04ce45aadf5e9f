import { StorageUnusable } from '@pawl/core/ports'
import type { PoolClient } from 'pg'

// The rights that a role needs in its schema. An operator may let one role own the schema and set it up, and another one
// serve. PostgreSQL names no right in its own error, and gives it only when the right is used.

const see =
  "SELECT 'USAGE on the schema ' || nspname AS missing FROM pg_namespace WHERE nspname = $1 AND NOT has_schema_privilege(oid, 'USAGE')"

const create = `
  SELECT 'CREATE on the ' || CASE WHEN n.oid IS NULL THEN 'database ' || current_database() ELSE 'schema ' || name END AS missing
  FROM (VALUES ($1)) given(name) LEFT JOIN pg_namespace n ON n.nspname = name
  WHERE NOT CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
    ELSE has_schema_privilege(n.oid, 'CREATE') END`

const tables = (record: string, entry: string) => `
  SELECT needed || ' on ' || nspname || '.' || relname AS missing
  FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid,
    unnest(CASE relname WHEN 'record' THEN '{${record}}' WHEN 'entry' THEN '{${entry}}' END::text[]) needed
  WHERE nspname = $1 AND NOT has_table_privilege(c.oid, needed)`

/** A role that only reads can verify a vault and back it up. */
const read = `${tables('SELECT', 'SELECT')}
  UNION SELECT 'EXECUTE on ' || nspname || '.' || proname
  FROM pg_namespace n JOIN pg_proc p ON p.pronamespace = n.oid
  WHERE nspname = $1 AND proname IN ('commit_many', 'read_many') AND NOT has_function_privilege(p.oid, 'EXECUTE')
  ORDER BY missing`

const write = `${tables('INSERT,UPDATE,DELETE', 'INSERT,DELETE')} ORDER BY missing`

const rights = { see, create, read, write }

/** Throws an error that names each right that the role lacks: to see into the schema, or to do something in it. */
export async function needRights(client: PoolClient, schema: string, to: keyof typeof rights): Promise<void> {
  const { rows } = await client.query<{ missing: string }>(rights[to], [schema])
  if (rows.length === 0) return
  const role = await client.query<{ name: string }>('SELECT current_user AS name')
  const missing = rows.map((row) => row.missing).join(', ')
  const remedy =
    to === 'create'
      ? 'Run pawl storage setup as the role that owns the schema. If the schema does not exist, a superuser can create it for this role.'
      : 'Let the owner of the schema grant what is missing.'
  throw new StorageUnusable(`The role ${role.rows[0]?.name} lacks ${missing}. ${remedy} Nothing was changed.`)
}
