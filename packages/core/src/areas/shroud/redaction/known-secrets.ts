import { base32, frame, hex, utf8 } from '../../../kernel/bytes.ts'
import { Redactor } from '../../../kernel/redactor.ts'
import type { Secret } from '../../../kernel/secret.ts'
import type { Crypto } from '../../../ports/crypto.ts'
import { PieceFinder } from './in-pieces.ts'
import { checksum, References } from './references.ts'

/** The secrets that an agent may read, prepared for a search in texts. */
export interface KnownSecrets {
  /** Writes markers that say nothing: `[REDACTED:#5f2a81c0]`. */
  readonly redactor: Redactor
  /** Writes placeholders that can become the values again. */
  readonly references: References
  /** Finds values in pieces, for agents whose settings want that. */
  readonly pieces: PieceFinder
  /** How many secrets are not searched for, because their values are too short to be told from other texts. */
  readonly tooShort: number
  /** False: there are more secrets than fit into memory. The caller must then refuse the request. */
  readonly isComplete: boolean
}

/** One secret, and all values of it that the agent may hold. */
export interface KnownSecret {
  readonly vaultId: string
  readonly secretId: string
  readonly path: string
  /** The current value first. */
  readonly value: Secret<string>
  /** Everything that is searched for: the value, former values, and parts such as the entries of an env bundle. */
  readonly searched: readonly Secret<string>[]
}

/** @example knownSecretsOf(secrets, { key, crypto }).redactor.whole(prompt) */
export function knownSecretsOf(
  secrets: readonly KnownSecret[],
  { key, crypto }: { readonly key: Uint8Array; readonly crypto: Pick<Crypto, 'hmacSha256' | 'sha256'> },
  { tooShort = 0, isComplete = true }: Partial<Pick<KnownSecrets, 'tooShort' | 'isComplete'>> = {},
): KnownSecrets {
  const byReference = new Map(secrets.map((secret) => [referenceOf(secret, key, crypto), secret]))
  const references = new References(
    Redactor.of([...byReference].flatMap(([marker, { searched }]) => searched.map((value) => ({ value, marker })))),
    byReference,
    crypto,
  )
  const pieces = new PieceFinder(() =>
    [...byReference].flatMap(([marker, { searched }]) => searched.map((value) => ({ value, marker: opaque(marker) }))),
  )
  return { redactor: references.redactor.remarked(opaque), references, pieces, tooShort, isComplete }
}

/** The marker of a placeholder. */
function opaque(reference: string): string {
  return `${reference.slice(0, reference.indexOf('-'))}]`
}

/**
 * A secret of an organisation always gets the same placeholder, and only an engine with the key can make one. The last five
 * characters are a checksum. It tells a placeholder that a model changed from a text that never was one.
 */
function referenceOf(
  { vaultId, secretId }: KnownSecret,
  key: Uint8Array,
  crypto: Pick<Crypto, 'hmacSha256' | 'sha256'>,
): string {
  const mac = crypto.hmacSha256(key, frame(utf8('pawl/1/shroud/reference'), utf8(vaultId), utf8(secretId)))
  const name = `${hex(mac.subarray(0, 4))}-${base32(mac.subarray(4, 20))}`
  return `[REDACTED:#${name}${checksum(name, crypto)}]`
}

const noCrypto = { hmacSha256: () => new Uint8Array(32), sha256: () => new Uint8Array(32) }

/** For texts of those who may read nothing. */
export const noSecrets: KnownSecrets = knownSecretsOf([], { key: new Uint8Array(32), crypto: noCrypto })
