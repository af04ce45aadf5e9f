import fc from 'fast-check'
import { check, patient, type Runner } from './asserts.ts'
import { commitMany, durable, exclusive } from './storage/abilities.ts'
import { keys, ownership, scans } from './storage/keys.ts'
import { races } from './storage/races.ts'
import { compareWithReference } from './storage/random.ts'
import { batches, bodies, expectations, names, reading } from './storage/records.ts'
import { snapshot } from './storage/snapshot.ts'
import type { Case, OpenedStorage, OpenStorage } from './storage/words.ts'

export type { AnyStorage, OpenedStorage, OpenStorage } from './storage/words.ts'

export type StorageAbility = 'commitMany' | 'snapshot' | 'exclusive' | 'durable'

export interface StorageSuiteOptions {
  /** The abilities that the store lacks, with the reason. The suite tests all others, and that these are really missing. */
  readonly lacks?: Partial<Record<StorageAbility, string>>
  /**
   * The seed of the random comparison with the reference. Default: that of `fc.configureGlobal`, or always the same. A
   * failure prints the seed, and how to repeat the run.
   */
  readonly seed?: number
  /** How many random histories are compared. */
  readonly runs?: number
}

/**
 * Tests whether a store keeps the promises of the storage port.
 *
 * @example
 * testStorage('my store', () => ({ storage: myStore() }), { describe, it }, { lacks: { durable: 'it is in memory' } })
 */
export function testStorage(name: string, open: OpenStorage, given: Runner, options: StorageSuiteOptions = {}): void {
  const runner = patient(given)
  const test = ([title, body]: Case) => runner.it(title, () => withOpen(open, body))
  runner.describe(`${name} as storage`, () => {
    for (const part of [reading, expectations, batches, keys, ownership, scans, bodies, names, races])
      part.forEach(test)
    abilities(options.lacks ?? {}).forEach(test)
    runner.it('does what the reference does, whatever the history', () => compare(open, options))
  })
}

async function withOpen(open: OpenStorage, body: Case[1]): Promise<void> {
  const opened = await open()
  try {
    await opened.storage.setup()
    await body(opened.storage, opened)
    await opened.storage.close()
  } finally {
    await opened.destroy?.()
  }
}

const abilityCases: Record<StorageAbility, readonly Case[]> = { commitMany, snapshot, exclusive, durable }

function abilities(lacks: NonNullable<StorageSuiteOptions['lacks']>): Case[] {
  const { durable: cannotReopen } = lacks
  const testable = (ability: StorageAbility) => ability !== 'exclusive' || cannotReopen === undefined
  return (['commitMany', 'snapshot', 'exclusive', 'durable'] as const).flatMap((ability): Case[] => {
    const reason = lacks[ability]
    if (reason !== undefined) return [lacksAbility(ability, reason)]
    return [hasAbility(ability), ...(testable(ability) ? abilityCases[ability] : [])]
  })
}

function hasAbility(ability: StorageAbility): Case {
  const body: Case[1] = async (_, opened) =>
    check(can(opened, ability), `it cannot. If that is meant, declare it: { lacks: { ${ability}: 'the reason' } }`)
  return [`has the ability ${ability}`, body]
}

/** A declared gap has its own title and its own check, so that no gap is skipped silently. */
function lacksAbility(ability: StorageAbility, reason: string): Case {
  const body: Case[1] = async (_, opened) =>
    check(!can(opened, ability), `it can, so take ${ability} out of what it lacks`)
  return [`lacks the ability ${ability}: ${reason}`, body]
}

function can({ storage, again }: OpenedStorage, ability: StorageAbility): boolean {
  return ability === 'durable' ? again !== undefined : Boolean(storage[ability])
}

async function compare(open: OpenStorage, { seed = defaultSeed(), runs = 40 }: StorageSuiteOptions): Promise<void> {
  const did = await compareWithReference(open, { seed, runs })
  for (const [what, count] of Object.entries(did)) check(count >= 10, `the random histories had only ${count} ${what}`)
}

const defaultSeed = (): number => fc.readConfigureGlobal().seed ?? 20_260_401
