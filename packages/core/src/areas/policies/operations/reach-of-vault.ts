import * as z from 'zod'
import {
  cursorText,
  fields,
  operation,
  type Principal,
  pageInput,
  pageOutput,
  placeIn,
} from '../../../operations/index.ts'
import type { SecretEntry } from '../../secrets/index.ts'
import { vaultAt, vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { permissions } from '../policy.ts'
import { knownAs, situation, situationFields, subjects } from '../principals.ts'
import { boundedSecrets, type Reached, reachOf } from '../reach.ts'

/** Decisions of one answer. More principals come on the next page. */
const decisionsMax = 200_000
const columnsMax = 200

const Reach = z
  .enum(['all', 'some', 'none'])
  .describe('Whether the principal may do so with all secrets of the column.')

const ColumnBody = z.object({
  path: z.string().describe('A secret, or a folder that ends with a slash.'),
  is_folder: z.boolean(),
  secrets: fields.count(),
  example: z.string().describe('The first secret of the column.'),
})

const RowBody = z.object({
  principal_type: z.enum(['user', 'agent']),
  principal_id: fields.id(),
  because: z.string().optional().describe('Why the principal has no access at all.'),
  is_former: z
    .boolean()
    .optional()
    .describe('True when the principal was removed or stopped after the time asked for.'),
  cells: z.array(z.object({ read: Reach, write: Reach, delete: Reach, rotate: Reach })),
})

export const reachOfVault = operation({
  name: 'policies.reach',
  summary: 'Show what every user and agent with a policy may do in the folders of a vault.',
  http: { method: 'POST', path: '/v1/vaults/{vault_id}/reach', status: 200, id: 'reachOfVault', tag: 'Policies' },
  effect: 'read',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: {
    action: 'policy.reach',
    resource: 'vault',
    about: ({ vault_id, folder, principal_id }) => ({ id: vault_id, folder, principal_id }),
  },
  input: z.object({
    vault_id: fields.id(),
    folder: fields
      .optional(fields.text(512).regex(/^([^/]+\/)*$/, 'must end with a slash'))
      .describe('Folder whose contents are the columns, such as db/. Default: the whole vault.'),
    principal_type: fields.optional(z.enum(['user', 'agent'], 'must be user or agent')),
    principal_id: fields.optional(fields.id()).describe('ID of the user or agent to show. Default: all.'),
    ...situationFields,
    ...pageInput,
  }),
  output: z.object({
    columns: z.array(ColumnBody),
    principals: z.array(RowBody),
    is_partial: z.boolean().describe('True when the folder has more than the columns show.'),
    ...pageOutput,
  }),
  errors: [vaultNotFound],
  run: (context, { vault_id, folder = '', principal_type, principal_id, at, ip, limit, cursor }) => {
    const vault = context.unit.require(vaultKind, vault_id, vaultNotFound)
    const asked = principal_type && principal_id ? { kind: principal_type, id: principal_id } : null
    const asking = situation(context, vault, at, ip)
    const everyone = subjects(context, asking, asked)
    const { secrets, more } = boundedSecrets(context, vault_id, folder, asking.then && asking.now)
    const most = Math.max(1, Math.floor(decisionsMax / (permissions.length * Math.max(1, secrets.length))))
    const { page, next_cursor } = pageOf(everyone, Math.min(limit ?? most, most), cursor)
    // First everything is read, and then the decisions are made: a read that waits runs this function again.
    const known = page.map((principal) => ({ principal, as: knownAs(context, principal, asking) }))
    const columns = columnsOf(secrets, folder)
    const shown = columns.slice(0, columnsMax)
    const principals = known.map(({ principal, as }) => {
      const reached = reachOf(as, secrets)
      return {
        principal_type: principal.kind,
        principal_id: principal.id,
        because: typeof as === 'string' ? as : undefined,
        is_former: typeof as !== 'string' && as.isFormer ? true : undefined,
        cells: shown.map(({ paths }) => cellOf(reached, paths)),
      }
    })
    const body = shown.map(({ path, paths }) => ({
      path,
      is_folder: path.endsWith('/'),
      secrets: paths.length,
      example: paths[0] ?? path,
    }))
    return { columns: body, principals, is_partial: more || columns.length > columnsMax, next_cursor }
  },
})

interface Column {
  readonly path: string
  readonly paths: string[]
}

/** The folders and secrets directly in a folder, in path order. */
function columnsOf(secrets: readonly SecretEntry[], folder: string): Column[] {
  const columns = new Map<string, Column>()
  for (const { path } of secrets) {
    const end = path.indexOf('/', folder.length)
    const name = end === -1 ? path : path.slice(0, end + 1)
    const column = columns.get(name)
    if (column) column.paths.push(path)
    else columns.set(name, { path: name, paths: [path] })
  }
  return [...columns.values()]
}

function cellOf(reached: Reached, paths: readonly string[]) {
  const of = (allowed: ReadonlySet<string>) => {
    const count = paths.filter((path) => allowed.has(path)).length
    return count === 0 ? 'none' : count === paths.length ? 'all' : 'some'
  }
  return {
    read: of(reached.read),
    write: of(reached.write),
    delete: of(reached.delete),
    rotate: of(reached.rotate),
  } as const
}

function pageOf(everyone: readonly Principal[], limit: number, cursor: string | undefined) {
  const [kind, id] = cursor === undefined ? [] : placeIn(cursor)
  const from = cursor === undefined ? 0 : everyone.findIndex((one) => one.kind === kind && one.id === id) + 1
  const page = everyone.slice(from, from + limit)
  const last = page.at(-1)
  const hasMore = last !== undefined && from + limit < everyone.length
  return { page, next_cursor: hasMore ? cursorText([last.kind, last.id]) : undefined }
}
