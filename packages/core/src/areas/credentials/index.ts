import { area } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { apiKeyKind, keysOf } from './api-keys.ts'
import { endOneTimesOf, oneTimeKind } from './one-time.ts'

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
export {
  endOneTime,
  newCode,
  newLinkToken,
  type OneTime,
  useCode,
  useLinkToken,
} from './one-time.ts'

/** The API keys of users and agents, and what is sent to them to use once. Other areas create and end these. */
export const credentials = area({
  name: 'credentials',
  operations: {},
  kinds: [apiKeyKind, oneTimeKind],
  onRemoved: {
    // An agent has at most two keys. Both end in the same unit as the agent.
    agent: { inUnit: ({ unit }, id) => dropKeysOf(unit, id) },
    user: {
      inUnit: ({ unit }, id) => endOneTimesOf(unit, { kind: 'user', id }),
      asJob: ({ records }, { org, id }) => dropAll(records, org, apiKeyKind, 'principal', org, 'user', id),
    },
  },
})

function dropKeysOf(unit: Unit, agentId: string): void {
  for (const key of keysOf(unit, { kind: 'agent', id: agentId })) unit.delete(apiKeyKind, key)
}
