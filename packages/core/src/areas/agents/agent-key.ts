import { Secret } from '../../kernel/secret.ts'
import { type Context, signedIn } from '../../operations/index.ts'
import { type ApiKey, apiKeyKind, keyHash, keyPrefix, keysOf, newKeyText } from '../credentials/index.ts'
import { type Agent, agentKind } from './records.ts'

/** Stages a new key for an agent. Returns the updated agent and the key, which is shown only once. */
export function issueKey(context: Context, agent: Agent): { agent: Agent; key: Secret<string> } {
  const { unit, now, newId } = context
  const text = newKeyText(context, 'agent')
  const key: ApiKey = {
    id: newId(),
    org: unit.org ?? signedIn(context).org,
    principal: { kind: 'agent', id: agent.id },
    name: 'agent key',
    prefix: keyPrefix(text),
    hash: keyHash(context, text),
    scopes: [],
    isActive: true,
    expiresAt: agent.apiKeyExpiresAt,
    createdAt: now,
    lastUsedAt: null,
  }
  unit.put(apiKeyKind, key)
  return { agent: { ...agent, apiKeyId: key.id }, key: Secret.of(text) }
}

/** Stages a new key for an agent in place of all its keys. */
export function replaceKey(context: Context, before: Agent): Secret<string> {
  const { unit } = context
  for (const key of keysOf(unit, { kind: 'agent', id: before.id })) unit.delete(apiKeyKind, key)
  const { agent, key } = issueKey(context, before)
  unit.put(agentKind, agent)
  return key
}
