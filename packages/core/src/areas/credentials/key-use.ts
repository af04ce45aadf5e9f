import { Lru } from '../../kernel/lru.ts'
import { hour } from '../../kernel/time.ts'
import { type Engine, perEngine, type Services } from '../../operations/index.ts'
import { type ApiKey, apiKeyKind } from './api-keys.ts'

const keysMax = 10_000

/** Time when this engine last stored the use of a key. */
const uses = perEngine((engine) => ({ engine, noted: new Lru<string, number>({ max: keysMax }) }))

/** Records the use of a key, at most once per hour, in its own unit. So a read needs no write. */
export function noteUsed(services: Pick<Services, 'handle' | 'log'>, { id, lastUsedAt }: ApiKey, now: number): void {
  const { engine, noted } = uses(services)
  const known = Math.max(lastUsedAt ?? 0, noted.get(id) ?? 0)
  if (now - known < hour) return
  noted.set(id, now)
  store(engine, id, now).catch((error: unknown) =>
    services.log('warn', 'the last use of a key was not stored', { error }),
  )
}

async function store({ records }: Engine, id: string, now: number): Promise<void> {
  await records.transact((unit) => {
    const key = unit.get(apiKeyKind, id)
    if (key && now - (key.lastUsedAt ?? 0) >= hour) unit.put(apiKeyKind, { ...key, lastUsedAt: now })
  })
}
