import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import { type Context, principalOf, signedIn } from '../../operations/index.ts'
import { encryptValue } from '../vaults/index.ts'
import { type SecretEntry, type SecretVersion, secretKind, secretVersionKind, versionId } from './records.ts'
import { addressOf } from './secret.ts'

/** A new version. Missing fields keep the value of the previous version, except the lifetime. */
export interface NewVersion {
  readonly vaultId: string
  readonly path: string
  readonly value: Secret<string>
  readonly type?: string | undefined
  readonly metadata?: Readonly<Record<string, Json>> | undefined
  readonly expiresAt?: number | undefined
  readonly readsMax?: number | undefined
  readonly rotationPolicy?: Json | undefined
}

const defaultType = 'generic'

/** Stages the next version of a secret. Version numbers continue after a deletion and are never reused. */
export function storeVersion(context: Context, wanted: NewVersion): SecretEntry {
  const { unit, now, newId } = context
  const { vaultId, path } = wanted
  const before = unit.find(secretKind, 'path', vaultId, path)
  const number = (before?.newest.number ?? 0) + 1
  const facts = {
    number,
    type: wanted.type ?? before?.newest.type ?? defaultType,
    metadata: wanted.metadata ?? before?.newest.metadata ?? {},
    expiresAt: wanted.expiresAt ?? null,
    rotationPolicy: wanted.rotationPolicy ?? null,
    createdBy: principalOf(signedIn(context)),
    createdAt: now,
  }
  const id = before?.id ?? newId()
  const secret: SecretEntry = { id, vaultId, path, newest: facts, current: number, deletedAt: null }
  const version: SecretVersion = {
    ...facts,
    id: versionId(id, number),
    secretId: id,
    value: encryptValue(context, addressOf(unit.org, secret, number), wanted.value),
    isDisabled: false,
    readsMax: wanted.readsMax ?? 0,
    reads: 0,
  }
  unit.put(secretKind, secret)
  unit.put(secretVersionKind, version)
  return secret
}
