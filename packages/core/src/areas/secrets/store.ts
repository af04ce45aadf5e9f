import { invalidField } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import { type Context, created, principalOf, signedIn } from '../../operations/index.ts'
import { encryptValue, vaultKind, vaultNotFound } from '../vaults/index.ts'
import { countedAfter, takeSecret } from './agent-quota.ts'
import { putChanged } from './changes.ts'
import { clientShareUnwanted } from './errors.ts'
import { purgeVersions } from './purge.ts'
import { type SecretEntry, type SecretVersion, secretKind, secretVersionKind, versionId } from './records.ts'
import { addressOf, isKeyMaterial } from './secret.ts'

/** A new version. Missing fields keep the value of the previous version, except the lifetime and after a deletion. */
export interface NewVersion {
  readonly vaultId: string
  readonly path: string
  readonly value: Secret<string>
  readonly type?: string | undefined
  readonly metadata?: Readonly<Record<string, Json>> | undefined
  readonly expiresAt?: number | undefined
  readonly readsMax?: number | undefined
  readonly rotationPolicy?: Json | undefined
  /** Says that a key may become a secret of another type. */
  readonly leavesKeyType?: boolean | undefined
}

const defaultType = 'generic'

/** A secret with a new version, and the client share of its key if the vault splits keys. */
interface StoredVersion {
  readonly secret: SecretEntry
  readonly clientShare: Secret<string> | null
}

/** Stages the next version of a secret, for callers who cannot pass on a client share. */
export function storeVersion(context: Context, wanted: NewVersion): SecretEntry {
  const { secret, clientShare } = storeAndSplit(context, wanted)
  // The value could never be read again.
  if (clientShare) throw clientShareUnwanted()
  return secret
}

/** Stages the next version of a secret. Version numbers continue after a deletion and are never reused. */
export function storeAndSplit(context: Context, wanted: NewVersion): StoredVersion {
  const { unit, now, newId } = context
  const { vaultId, path } = wanted
  // A change of its fingerprint or custody changes the vault keys too, on which this unit depends.
  const vault = unit.require(vaultKind, vaultId, vaultNotFound)
  const before = unit.find(secretKind, 'path', vaultId, path)
  const number = (before?.newest.number ?? 0) + 1
  const live = before?.deletedAt === null ? before : null
  const facts = {
    number,
    type: nextType(wanted, live),
    metadata: wanted.metadata ?? live?.newest.metadata ?? {},
    expiresAt: wanted.expiresAt ?? null,
    rotationPolicy: wanted.rotationPolicy ?? null,
    createdBy: principalOf(signedIn(context)),
    createdAt: now,
  }
  const id = before?.id ?? newId()
  const counted = before ? countedAfter(before, facts.createdBy) : count(context)
  const secret = putChanged(unit, {
    id,
    vaultId,
    path,
    newest: facts,
    current: number,
    deletedAt: null,
    deletions: before?.deletions ?? 0,
    firstVersion: live?.firstVersion ?? number,
    counted,
  })
  const { sealed, clientShare } = encryptValue(
    context,
    addressOf(unit.org, secret, number),
    wanted.value,
    vault.isSplit,
  )
  const version: SecretVersion = {
    id: versionId(id, number),
    secretId: id,
    value: sealed,
    cmekFingerprint: vault.cmekFingerprint,
    isDisabled: false,
    readsMax: wanted.readsMax ?? 0,
    reads: 0,
    ...facts,
  }
  if (before && !live) purgeVersions(context, before)
  unit.put(secretVersionKind, version)
  if (!live) created(context, 'secret', id)
  return { secret, clientShare }
}

/** Whether an agent creates the secret now. */
function count(context: Context): true | undefined {
  const caller = signedIn(context)
  if (caller.kind !== 'agent') return undefined
  takeSecret(context, caller.id)
  return true
}

/**
 * Agents that use keys through intents read every type but keys, so a key stays a key until the caller says otherwise.
 * Published clients send the default type with every rotation. That says nothing about the type.
 */
function nextType({ type, leavesKeyType }: NewVersion, live: SecretEntry | null): string {
  const before = live?.newest.type
  if (before === undefined || !isKeyMaterial(before) || leavesKeyType) return type ?? before ?? defaultType
  if (type === undefined || type === defaultType) return before
  if (isKeyMaterial(type)) return type
  throw invalidField('type', `must stay ${before}, or set leave_key_type to true`)
}
