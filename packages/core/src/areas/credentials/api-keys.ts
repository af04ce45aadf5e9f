import { base64url, utf8 } from '../../kernel/bytes.ts'
import type { Holder, Services } from '../../operations/index.ts'
import { kind, type Reads } from '../../records/index.ts'

// A key has 256 random bits. The storage has only its keyed hash, which is enough to find the key.

export interface ApiKey {
  readonly id: string
  readonly org: string
  readonly principal: Holder
  readonly name: string
  readonly prefix: string
  /** The hash of the key. The index contains a keyed hash of it, and the record does not contain the key. */
  readonly hash: string
  readonly scopes: readonly string[]
  readonly isActive: boolean
  readonly expiresAt: number | null
  readonly createdAt: number
  /** With a precision of one hour. */
  readonly lastUsedAt: number | null
}

const prefixes = { agent: 'ocv_', user: '1ck_', app: 'plt_' } as const
const shape = /^(?:ocv_|1ck_|plt_)[A-Za-z0-9_-]{43}$/
const prefixCharacters = 12

/** Global, because the organisation is unknown until the key is found. */
export const apiKeyKind = kind<ApiKey>('apiKey', {
  scope: 'global',
  indexes: {
    hash: { unique: true, blind: true, key: ({ hash }) => [hash] },
    principal: { key: ({ org, principal, createdAt }) => [org, principal.kind, principal.id, createdAt] },
  },
})

export function newKeyText({ random }: Pick<Services, 'random'>, kind: Holder['kind']): string {
  return prefixes[kind] + base64url(random.bytes(32))
}

export function keyPrefix(key: string): string {
  return key.slice(0, prefixCharacters)
}

export function looksLikeKey(text: string): boolean {
  return shape.test(text)
}

/** Returns the keys of one holder. */
export function keysOf(unit: Reads, { kind, id }: Holder): readonly ApiKey[] {
  return unit.list(apiKeyKind, 'principal', unit.org ?? '', kind, id)
}

/** The stored hash of a key. The key cannot be derived from it. */
export function keyHash({ crypto }: Pick<Services, 'crypto'>, key: string): string {
  return base64url(crypto.sha256(utf8(key)))
}

/** Returns the valid key for a text. Null: the key is unknown, revoked or expired. */
export function findKey(services: Pick<Services, 'crypto'>, unit: Reads, text: string, now: number): ApiKey | null {
  const key = lookUpKey(services, unit, text)
  return key && isLiveKey(key, now) ? key : null
}

/** Returns the key for a text, even if it is revoked or expired. */
export function lookUpKey(services: Pick<Services, 'crypto'>, unit: Reads, text: string): ApiKey | null {
  return looksLikeKey(text) ? unit.find(apiKeyKind, 'hash', keyHash(services, text)) : null
}

export function isLiveKey({ isActive, expiresAt }: ApiKey, now: number): boolean {
  return isActive && (expiresAt === null || expiresAt > now)
}
