import { base64url, utf8 } from '../../kernel/bytes.ts'
import type { Principal, Services } from '../../operations/index.ts'
import { kind, type Reads, type Unit } from '../../records/index.ts'
import { routerKeysMax } from './errors.ts'
import { dropSpending } from './spending.ts'

// A key for tools that know only a base URL and a key. It works at Shroud, in the name of one agent, and nowhere else.

export interface RouterKey {
  readonly id: string
  readonly org: string
  readonly agentId: string
  /** Its number among the keys of the agent. Each is there once, so an agent has no more keys than there are numbers. */
  readonly place: number
  readonly name: string
  readonly prefix: string
  readonly hash: string
  /** Null: the path of the request says it. */
  readonly provider: string | null
  /** Most that it can spend in all, in millionths of a dollar. */
  readonly spendMicrosMax: number | null
  readonly streamsMax: number | null
  readonly expiresAt: number | null
  readonly createdBy: Principal
  readonly createdAt: number
}

/** Global, because the organisation is unknown until the key is found. */
export const routerKeyKind = kind<RouterKey>('routerKey', {
  scope: 'global',
  indexes: {
    place: { unique: true, key: ({ org, agentId, place }) => [org, agentId, place] },
    hash: { unique: true, blind: true, key: ({ hash }) => [hash] },
  },
  history: ['createdBy'],
})

const keysMax = 20
const prefix = 'sk-shroud-v1-'
const shape = /^sk-shroud-v1-[A-Za-z0-9_-]{43}$/
const prefixCharacters = prefix.length + 4

function looksLikeRouterKey(text: string): boolean {
  return shape.test(text)
}

export function newRouterKeyText({ random }: Pick<Services, 'random'>): string {
  return prefix + base64url(random.bytes(32))
}

export function routerKeyFacts({ crypto }: Pick<Services, 'crypto'>, text: string): Pick<RouterKey, 'hash' | 'prefix'> {
  return { hash: hashOf({ crypto }, text), prefix: text.slice(0, prefixCharacters) }
}

/** The first number that no key of the agent has. Two who take the same conflict in the commit. */
export function freePlace(unit: Reads, agentId: string): number {
  const taken = new Set(routerKeysOf(unit, agentId).map(({ place }) => place))
  for (let place = 0; place < keysMax; place++) if (!taken.has(place)) return place
  throw routerKeysMax({ max: keysMax })
}

export function routerKeysOf(unit: Reads, agentId: string): readonly RouterKey[] {
  return unit.list(routerKeyKind, 'place', unit.org ?? '', agentId)
}

/** Returns the valid key for a text. Null: the key is unknown or expired. */
export function findRouterKey(
  services: Pick<Services, 'crypto'>,
  unit: Reads,
  text: string,
  now: number,
): RouterKey | null {
  if (!looksLikeRouterKey(text)) return null
  const key = unit.find(routerKeyKind, 'hash', hashOf(services, text))
  return key && isLiveRouterKey(key, now) ? key : null
}

export function isLiveRouterKey({ expiresAt }: RouterKey, now: number): boolean {
  return expiresAt === null || expiresAt > now
}

/** Stages the end of a key and of what it has spent. */
export function dropRouterKey(unit: Unit, key: RouterKey): void {
  unit.delete(routerKeyKind, key)
  dropSpending(unit, key.id)
}

function hashOf({ crypto }: Pick<Services, 'crypto'>, text: string): string {
  return base64url(crypto.sha256(utf8(text)))
}
