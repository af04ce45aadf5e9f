import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { cursorText, fields, operation, pageInput, pageOutput, placeIn } from '../../../operations/index.ts'
import { vaultAt, vaultKind, vaultNotFound } from '../../vaults/index.ts'
import { permissions } from '../policy.ts'
import { knownAs, policiesByPrincipal, situation, situationFields, subjects } from '../principals.ts'
import { boundedSecrets } from '../reach.ts'
import { type Named, namesOf, type PlaceInNames, rankOfName, readAll } from '../reach-names.ts'
import { type Cell, columnsOf, decideReach } from '../reach-rows.ts'

const principalsMax = 200
const principalsDefault = 100
const columnsMax = 200
/** Maximum number of policies that a cell names. */
const policiesMax = 5

const Reach = z
  .enum(['all', 'some', 'none'])
  .describe('Whether the principal may do so with all secrets of the column.')

const some = () => fields.count().optional()

const ColumnBody = z.object({
  path: z.string().describe('A secret, or a folder that ends with a slash.'),
  is_folder: z.boolean(),
  secrets: fields.count(),
  example: z.string().describe('The first secret of the column.'),
})

const CellBody = z.object({
  path: z.string().describe('Path of the column.'),
  read: Reach,
  write: Reach,
  delete: Reach,
  rotate: Reach,
  counts: z
    .object({ read: some(), write: some(), delete: some(), rotate: some() })
    .optional()
    .describe('Number of secrets, for each permission that the principal has for some of the secrets.'),
  example: z
    .string()
    .optional()
    .describe(
      'A secret that the principal may use. If there is none, a secret that a policy refuses. Absent if it equals the example of the column.',
    ),
  policy_ids: z
    .array(fields.id())
    .optional()
    .describe('Up to 5 policies that decide in the column. The one that decides about most secrets comes first.'),
})

const DecidingBody = z.object({
  policy_id: fields.id(),
  secret_path_pattern: z.string(),
  effect: z.enum(['allow', 'deny']),
})

const RowBody = z.object({
  principal_type: z.enum(['user', 'agent']),
  principal_id: fields.id(),
  name: z
    .string()
    .optional()
    .describe('Name of the agent, or name or email of the user. Missing if the caller cannot see the principal.'),
  because: z.string().optional().describe('Why the principal has no access at all.'),
  is_former: z
    .boolean()
    .optional()
    .describe('True when the principal was removed or stopped after the time asked for.'),
  cells: z
    .array(CellBody)
    .describe('Only columns in which the principal has a permission, or in which a policy refuses one.'),
})

export const reachOfVault = operation({
  name: 'policies.reach',
  summary: 'Show what every user and agent with a policy may do in the folders of a vault, sorted by name.',
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
    path: fields
      .optional(fields.text(512))
      .describe('Only secrets whose path contains this text, in upper or lower case. Default: all.'),
    principal_type: fields.optional(z.enum(['user', 'agent'], 'must be user or agent')),
    principal_id: fields.optional(fields.id()).describe('ID of the user or agent to show. Default: all.'),
    search: fields
      .optional(fields.text(200))
      .describe(
        'Only users and agents whose name, email or ID contains this text, in upper or lower case. Default: all.',
      ),
    ...situationFields,
    ...pageInput,
    limit: fields
      .optional(fields.count(principalsMax, 1))
      .describe(`Maximum number of users and agents. An answer can have fewer. Default: ${principalsDefault}.`),
  }),
  output: z.object({
    columns: z.array(ColumnBody),
    principals: z.array(RowBody),
    policies: z.array(DecidingBody).describe('The policies that the cells name.'),
    total: fields.count().describe('Number of users and agents on all pages.'),
    is_partial: z.boolean().describe('True when the folder has more than the columns show.'),
    ...pageOutput,
  }),
  errors: [vaultNotFound],
  run: (context, { vault_id, folder = '', path = '', principal_type, principal_id, search = '', ...given }) => {
    const vault = context.unit.require(vaultKind, vault_id, vaultNotFound)
    requireBoth({ principal_type, principal_id })
    const asked = principal_type && principal_id ? { kind: principal_type, id: principal_id } : null
    const asking = situation(context, vault, given.at, given.ip)
    const everyone = namesOf(context, subjects(context, asking, asked), search)
    const { limit = principalsDefault, cursor } = given
    const after = cursor === undefined ? 0 : rankOfName(everyone, placeOf(cursor))
    const page = everyone.slice(after, after + limit)
    readAll(context, page)
    const found = boundedSecrets(context, vault_id, {
      prefix: folder,
      at: asking.then && asking.now,
      contains: path.toLowerCase(),
    })
    const policies = policiesByPrincipal(context, asking)
    const known = page.map(({ principal }) => knownAs(context, principal, asking, () => policies(principal)))
    const columns = columnsOf(found.secrets, folder)
    const shown = columns.slice(0, columnsMax)
    const decided = decideReach(context, known, { folder, columns: shown, secrets: found.secrets })
    const last = page[decided.length - 1]
    const isEnd = last === undefined || after + decided.length >= everyone.length
    return {
      columns: shown.map(({ path, isFolder, secrets, example }) => ({ path, is_folder: isFolder, secrets, example })),
      principals: decided.map((cells, at) => rowOf(page[at] as Named, known[at] as (typeof known)[number], cells)),
      policies: decidingIn(decided.flat()),
      total: everyone.length,
      is_partial: found.more || columns.length > columnsMax,
      next_cursor: isEnd ? undefined : cursorText([last.sorted, last.principal.kind, last.principal.id]),
    }
  },
})

/** An ID alone does not say of which kind it is. */
function requireBoth(principal: Readonly<Record<'principal_type' | 'principal_id', string | undefined>>): void {
  const { principal_type, principal_id } = principal
  if (principal_type && !principal_id) throw invalidField('principal_id', 'is required with principal_type')
  if (principal_id && !principal_type) throw invalidField('principal_type', 'is required with principal_id')
}

function placeOf(cursor: string): PlaceInNames {
  const place = placeIn(cursor)
  if (place.length === 3 && place.every((part) => typeof part === 'string')) return place as unknown as PlaceInNames
  throw invalidField('cursor', 'must be the next_cursor of a previous answer')
}

function rowOf({ principal, name }: Named, known: ReturnType<typeof knownAs>, cells: readonly Cell[]) {
  return {
    principal_type: principal.kind,
    principal_id: principal.id,
    name,
    because: typeof known === 'string' ? known : undefined,
    is_former: typeof known !== 'string' && known.isFormer ? true : undefined,
    cells: cells.map(cellBody),
  }
}

function cellBody({
  column: { path, secrets, example: first },
  allowed,
  policies,
  example,
}: Cell): z.infer<typeof CellBody> {
  const amount = (count: number) => (count === 0 ? 'none' : count === secrets ? 'all' : 'some')
  const partly = permissions.filter((one) => amount(allowed[one]) === 'some')
  return {
    path,
    read: amount(allowed.read),
    write: amount(allowed.write),
    delete: amount(allowed.delete),
    rotate: amount(allowed.rotate),
    counts: partly.length === 0 ? undefined : Object.fromEntries(partly.map((one) => [one, allowed[one]])),
    example: example === first ? undefined : example,
    policy_ids: policies.length === 0 ? undefined : policies.slice(0, policiesMax).map(({ id }) => id),
  }
}

function decidingIn(cells: readonly Cell[]): z.infer<typeof DecidingBody>[] {
  const named = new Set(cells.flatMap(({ policies }) => policies.slice(0, policiesMax)))
  return [...named].map(({ id, pattern, effect }) => ({ policy_id: id, secret_path_pattern: pattern, effect }))
}
