import { hex, wipe } from '../../kernel/bytes.ts'
import { Secret } from '../../kernel/secret.ts'
import type { UnitContext } from '../../operations/index.ts'
import { findAgentKeysVault } from '../agents/index.ts'
import { currentVersion, findSecret, openForSigning, requireVersion } from '../secrets/index.ts'
import { keyUnusable } from './errors.ts'
import { type Curve, problemOf, readPrivateKey } from './private-key.ts'
import { keyPath, type SigningKey } from './records.ts'

// The only place that opens private keys of agents. A test lists its callers, and fails when a new one appears.

/** A secret that holds a private key. */
export interface StoredKey {
  readonly vaultId: string
  readonly path: string
  /** Null: the current one. */
  readonly version: number | null
  readonly curve: Curve
}

/** Gives the bytes of a key to a function, and overwrites them afterwards. The function must not keep them. */
export function withPrivateKey<T>(context: UnitContext, key: StoredKey, use: (privateKey: Uint8Array) => T): T {
  const secret = findSecret(context, key.vaultId, key.path)
  const version = key.version === null ? currentVersion(context, secret) : requireVersion(context, secret, key.version)
  const bytes = readPrivateKey(openForSigning(context, secret, version).reveal(), key.curve)
  if (!bytes) throw keyUnusable({ reason: `signing_key_path: the secret ${problemOf(key.curve)}.` })
  try {
    return use(bytes)
  } finally {
    wipe(bytes)
  }
}

/** The private key as lowercase hexadecimal digits, for a user who has confirmed their identity. */
export function exportedKey(context: UnitContext, key: StoredKey): Secret<string> {
  return withPrivateKey(context, key, (bytes) => Secret.of(hex(bytes)))
}

/** Where the private key of a signing key in custody `vault` is. */
export function storedKeyOf({ unit }: UnitContext, key: SigningKey): StoredKey {
  const vault = findAgentKeysVault(unit)
  if (!vault || key.secretVersion === null) throw keyUnusable({ reason: 'The private key of this key is missing.' })
  const { agentId, chain, curve, secretVersion: version } = key
  return { vaultId: vault.id, path: keyPath(agentId, chain), version, curve }
}
