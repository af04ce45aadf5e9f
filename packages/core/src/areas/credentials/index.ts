import { area } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { apiKeyKind, keysOf } from './api-keys.ts'

export {
  type ApiKey,
  apiKeyKind,
  findKey,
  isLiveKey,
  keyHash,
  keyPrefix,
  keysOf,
  looksLikeKey,
  lookUpKey,
  newKeyText,
} from './api-keys.ts'
export { noteUsed } from './key-use.ts'

/** The API keys of users and agents. Other areas create and revoke them. */
export const credentials = area({
  name: 'credentials',
  operations: {},
  kinds: [apiKeyKind],
  onRemoved: {
    // An agent has at most two keys. Both end in the same unit as the agent.
    agent: { inUnit: ({ unit }, id) => dropKeysOf(unit, id) },
    user: { asJob: ({ records }, { org, id }) => dropAll(records, org, apiKeyKind, 'principal', org, 'user', id) },
  },
})

function dropKeysOf(unit: Unit, agentId: string): void {
  for (const key of keysOf(unit, { kind: 'agent', id: agentId })) unit.delete(apiKeyKind, key)
}
