import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { second } from '../../../kernel/time.ts'
import {
  among,
  type Context,
  fields,
  operation,
  perEngine,
  tooManyWaiting,
  WaitForNews,
} from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import {
  type Changes,
  changesAfter,
  cursorText,
  hasChanged,
  type Position,
  positionAt,
  positionFrom,
} from '../changes.ts'
import { changesDropped } from '../errors.ts'
import type { SecretEntry } from '../records.ts'

const changesMax = 1_000
const changesUsually = 100
const waitSecondsMax = 60

const SecretChange = z
  .object({
    id: fields.id(),
    path: z.string(),
    change: z.enum(['written', 'deleted', 'restored']),
    version: fields.count(),
  })
  .meta({ id: 'SecretChange' })

type SecretChange = z.infer<typeof SecretChange>

const engines = perEngine((engine) => engine)

export const listChanges = operation({
  name: 'secrets.changes',
  summary:
    'List the secrets that changed after a cursor and that the caller may read. Shows the latest change of each.',
  http: {
    method: 'GET',
    path: '/v1/vaults/{vault_id}/changes',
    status: 200,
    id: 'listSecretChanges',
    tag: 'Secrets',
  },
  command: { name: 'secret changes', columns: ['change', 'path', 'version'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: { action: 'secret.changes', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({
    vault_id: fields.id(),
    after: fields
      .optional(fields.text(256, 1).regex(/^[A-Za-z0-9_-]*$/, 'must be the cursor of an earlier answer'))
      .describe('Cursor of an earlier answer. Without it, the answer has only a cursor: later changes come after it.'),
    wait: fields
      .optional(fields.count(waitSecondsMax))
      .describe('Seconds to wait for a change if there is none. Default: 0.'),
    limit: fields
      .optional(fields.count(changesMax, 1))
      .describe(`Maximum number of changes. Default: ${changesUsually}.`),
  }),
  output: z.object({ changes: z.array(SecretChange), cursor: z.string() }),
  errors: [vaultNotFound, changesDropped, tooManyWaiting],
  run: (context, { vault_id: vaultId, after, wait = 0, limit = changesUsually }) => {
    const { unit } = context
    const position = after === undefined ? null : cursorOf(after, vaultId)
    const found = unit.waitFor(() => changesAfter(engines(context), unit.org ?? '', vaultId, position))
    if (found === null) throw changesDropped()
    const { secrets, reached } = shownTo(context, found, position, limit)
    const answer = { changes: secrets.map(changeBody), cursor: cursorText(vaultId, reached) }
    if (position === null || secrets.length > 0 || !found.isAll || wait === 0) return answer
    return new WaitForNews(answer, {
      topic: vaultId,
      msMax: wait * second,
      isThere: (reading) => hasChanged(reading, vaultId, found.reached),
    })
  },
})

function cursorOf(text: string, vaultId: string): Position {
  const position = positionFrom(text, vaultId)
  if (position === null) throw invalidField('after', 'must be the cursor of an earlier answer for this vault')
  return position
}

/**
 * The changes that the caller may read, and the next cursor. The cursor follows the shown changes, so that it does not reveal
 * hidden ones.
 */
function shownTo(context: Context, { secrets, reached, isAll }: Changes, before: Position | null, limit: number) {
  const visible = among(context, 'secret', secrets, 'read')
  const last = visible[limit - 1]
  if (last && visible.length > limit) return { secrets: visible.slice(0, limit), reached: positionAt(last) }
  const newest = visible[visible.length - 1]
  if (!isAll || before === null) return { secrets: visible, reached }
  return { secrets: visible, reached: newest ? { epoch: newest.epoch + 1, id: null } : before }
}

/** A version that is disabled counts as a write, because reads return another value. */
function changeBody({ id, path, newest, deletedAt, isRestored }: SecretEntry): SecretChange {
  const change = deletedAt !== null ? 'deleted' : isRestored ? 'restored' : 'written'
  return { id, path, change, version: newest.number }
}
