import { Secret } from '../../kernel/secret.ts'
import { second } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { type ApiKey, apiKeyKind, keyHash, keyPrefix, keysOf, newKeyText } from '../credentials/index.ts'
import type { App } from './records.ts'

type Keyed = Pick<App, 'keyId' | 'keyPrefix' | 'keyExpiresAt'>

/** Stages a new key (`plt_`) of an app. Returns what the app says of it, and the key, which is shown once. */
export function issueAppKey(
  context: Context,
  { id, org }: Pick<App, 'id' | 'org'>,
  expiresAt: number | null,
): { readonly keyed: Keyed; readonly key: Secret<string> } {
  const { unit, now, newId } = context
  const text = newKeyText(context, 'app')
  const key: ApiKey = {
    id: newId(),
    org,
    principal: { kind: 'app', id },
    name: 'platform key',
    prefix: keyPrefix(text),
    hash: keyHash(context, text),
    scopes: [],
    isActive: true,
    expiresAt,
    createdAt: now,
    lastUsedAt: null,
  }
  unit.put(apiKeyKind, key)
  return { keyed: { keyId: key.id, keyPrefix: key.prefix, keyExpiresAt: expiresAt }, key: Secret.of(text) }
}

/** Ends the keys of an app. The newest may live on for a while, so an app never has more than two. */
export function endAppKeys({ unit, now }: Context, { id, keyId }: App, overlapSeconds: number): void {
  for (const key of keysOf(unit, { kind: 'app', id })) {
    if (overlapSeconds === 0 || key.id !== keyId) unit.delete(apiKeyKind, key)
    else {
      const end = now + overlapSeconds * second
      unit.put(apiKeyKind, { ...key, expiresAt: Math.min(end, key.expiresAt ?? end) })
    }
  }
}

/** Stages a new expiry of the newest key of the app. Null: it does not expire. */
export function moveKeyEnd({ unit }: Context, { keyId }: App, expiresAt: number | null): void {
  const key = unit.get(apiKeyKind, keyId)
  if (key) unit.put(apiKeyKind, { ...key, expiresAt })
}
