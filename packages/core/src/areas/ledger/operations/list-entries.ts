import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { visibleAccount } from '../access.ts'
import { accountNotFound } from '../errors.ts'
import { entryKind } from '../records.ts'
import { accountRef, EntryBody, entryBody } from '../schemas.ts'

const entriesMax = 200
const entriesDefault = 50

export const listEntries = operation({
  name: 'ledger.listEntries',
  summary: 'Read the statement of an internal account: its entries, the newest first.',
  http: {
    method: 'GET',
    path: '/v1/internal-accounts/{account_id}/ledger',
    status: 200,
    id: 'getInternalAccountLedger',
    tag: 'Treasury',
  },
  command: {
    name: 'internal-account ledger',
    columns: ['created_at', 'direction', 'amount', 'asset', 'counterpart_account_id', 'reference_type', 'memo'],
  },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: {
    action: 'internal_account.ledger',
    resource: 'internal_account',
    about: ({ account_id }) => ({ id: account_id }),
  },
  input: z.object({
    ...accountRef,
    limit: fields.optional(fields.count(entriesMax, 1)).describe('Maximum number of entries. Default: 50.'),
    offset: fields.optional(fields.count()).describe('How many of the newest entries to skip. Default: 0.'),
  }),
  output: z
    .object({ entries: z.array(EntryBody), total: fields.count().describe('Number of all entries of the account.') })
    .meta({ id: 'LedgerEntryList' }),
  errors: [accountNotFound],
  run: (context, { account_id, limit = entriesDefault, offset = 0 }) => {
    const { entries: total } = visibleAccount(context, account_id)
    if (offset >= total) return { entries: [], total }
    // Entries have numbers without gaps, so a page far back costs no more than the first.
    const before = { tuple: [account_id], to: [account_id, total - offset], reverse: true, limit }
    return { entries: context.unit.page(entryKind, 'account', before).map(entryBody), total }
  },
})
