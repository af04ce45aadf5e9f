import { base64url, utf8 } from '../../kernel/bytes.ts'
import type { Principal, Services } from '../../operations/index.ts'
import { kind, type Reads } from '../../records/index.ts'

// A key has 256 random bits, so a keyed hash of it is enough to find it by, and all that is kept.

export interface ApiKey {
  readonly id: string
  readonly org: string
  readonly principal: Principal
  readonly name: string
  readonly prefix: string
  /** The key itself, only until it is stored: the index shows a keyed hash, and the record keeps nothing else of it. */
  readonly hash: string
  readonly scopes: readonly string[]
  readonly isActive: boolean
  readonly expiresAt: number | null
  readonly createdAt: number
  /** To the hour. */
  readonly lastUsedAt: number | null
}

const prefixes = { agent: 'ocv_', user: '1ck_' } as const
const shape = /^(?:ocv_|1ck_)[A-Za-z0-9_-]{43}$/
const prefixCharacters = 12

/** Global, because a key is shown before it is known whose organisation it belongs to. */
export const apiKeyKind = kind<ApiKey>('apiKey', {
  scope: 'global',
  indexes: {
    hash: { unique: true, blind: true, key: ({ hash }) => [hash] },
    principal: { key: ({ org, principal, createdAt }) => [org, principal.kind, principal.id, createdAt] },
  },
})

export function newKeyText({ random }: Pick<Services, 'random'>, kind: Principal['kind']): string {
  return prefixes[kind] + base64url(random.bytes(32))
}

export function keyPrefix(key: string): string {
  return key.slice(0, prefixCharacters)
}

export function looksLikeKey(text: string): boolean {
  return shape.test(text)
}

/** The keys of one principal, and of no other. */
export function keysOf(unit: Reads, { kind, id }: Principal): readonly ApiKey[] {
  return unit.list(apiKeyKind, 'principal', unit.org ?? '', kind, id)
}

/** What is kept of a key: enough to recognise it, nothing to rebuild it from. */
export function keyHash({ crypto }: Pick<Services, 'crypto'>, key: string): string {
  return base64url(crypto.sha256(utf8(key)))
}

/** The live key behind a text, or null for every reason there can be. */
export function findKey(services: Pick<Services, 'crypto'>, unit: Reads, text: string, now: number): ApiKey | null {
  const key = lookUpKey(services, unit, text)
  return key && isLiveKey(key, now) ? key : null
}

/** The key behind a text, whatever became of it. */
export function lookUpKey(services: Pick<Services, 'crypto'>, unit: Reads, text: string): ApiKey | null {
  return looksLikeKey(text) ? unit.find(apiKeyKind, 'hash', keyHash(services, text)) : null
}

export function isLiveKey({ isActive, expiresAt }: ApiKey, now: number): boolean {
  return isActive && (expiresAt === null || expiresAt > now)
}
