import { uuid } from '../../../kernel/ids.ts'
import { Secret } from '../../../kernel/secret.ts'
import { type Context, signedIn } from '../../../operations/index.ts'
import type { Unit } from '../../../records/index.ts'
import { type ApiKey, apiKeyKind, keyHash, keyPrefix, newKeyText } from '../../auth/index.ts'
import type { Agent } from '../records.ts'

/** Stages a key for an agent, and answers the agent as it then is. The key itself is never seen again. */
export function issueKey(context: Context, agent: Agent): { agent: Agent; key: Secret<string> } {
  const { engine, unit, now } = context
  const text = newKeyText(engine, 'agent')
  const key: ApiKey = {
    id: uuid(engine.random),
    org: signedIn(context).org,
    principal: { kind: 'agent', id: agent.id },
    name: 'agent key',
    prefix: keyPrefix(text),
    hash: keyHash(engine, text),
    scopes: [],
    isActive: true,
    expiresAt: agent.apiKeyExpiresAt,
    createdAt: now,
    lastUsedAt: null,
  }
  unit.put(apiKeyKind, key)
  return { agent: { ...agent, apiKeyId: key.id }, key: Secret.of(text) }
}

/** The keys of one agent, and of no other. */
export async function keysOf(unit: Unit, agentId: string): Promise<ApiKey[]> {
  return unit.list(apiKeyKind, 'principal', unit.org ?? '', 'agent', agentId)
}
