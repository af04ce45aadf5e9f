import * as z from 'zod'
import type { Json } from '../../kernel/json.ts'
import { area } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { smartAccountOperations } from './operations/index.ts'
import { smartAccountKind } from './records.ts'
import { SmartAccountBody, smartAccountBody } from './schemas.ts'

export { smartAccountNotFound } from './errors.ts'
export { smartAccountKind } from './records.ts'

export const smartaccounts = area({
  name: 'smartaccounts',
  summary: 'The Safe of an agent on each chain.',
  uses: ['agents', 'chains', 'signers'],
  operations: smartAccountOperations,
  kinds: [smartAccountKind],
  // Without an account the field is left out: strict clients do not expect it empty.
  agentAdditions: {
    fields: { smart_accounts: z.array(SmartAccountBody).describe('The Safe of the agent on each chain.') },
    of: ({ unit }, agentIds) =>
      agentIds.map((id): Readonly<Record<string, Json>> => {
        const accounts = unit.list(smartAccountKind, 'agent', id).map(smartAccountBody)
        return accounts.length === 0 ? {} : { smart_accounts: accounts as Json }
      }),
  },
  onRemoved: { agent: { asJob: ({ records }, { org, id }) => dropAll(records, org, smartAccountKind, 'agent', id) } },
})
