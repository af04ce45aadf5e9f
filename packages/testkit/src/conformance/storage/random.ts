import type { IndexKey, Range, Ref, Snapshot, Storage, StorageConflict, Write } from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'
import fc from 'fast-check'
import { check } from '../asserts.ts'
import { type AnyStorage, equal, type OpenStorage } from './words.ts'

// Random histories, run on a store and on the reference. A step says what is meant ("put this record, with the right
// expectation, under these keys"); what that means is looked up in the reference when the step is reached. The world is
// small, so that records and keys meet often.

const refs: readonly Ref[] = ['a', 'b', 'c', 'A'].flatMap((id) => [
  { kind: 'one', id },
  { kind: 'two', id },
])
const indexes = ['list', 'name']
const keys = ['!', '"', '0', 'A', 'a', 'a!', 'a!b', 'a"', 'a~', '~']
const bounds = ['', ...keys, '~~']

interface Step {
  readonly op: Write['op']
  readonly ref: Ref
  readonly honest: boolean
  readonly keys: readonly IndexKey[]
  readonly body: Uint8Array
}

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.oneof(
    { weight: 6, arbitrary: fc.constant('put' as const) },
    { weight: 2, arbitrary: fc.constant('delete' as const) },
    { weight: 2, arbitrary: fc.constant('check' as const) },
  ),
  ref: fc.constantFrom(...refs),
  honest: fc.integer({ min: 0, max: 11 }).map((roll) => roll > 0),
  keys: fc.array(fc.record({ index: fc.constantFrom(...indexes), key: fc.constantFrom(...keys) }), { maxLength: 3 }),
  body: fc.uint8Array({ maxLength: 40 }),
})
const batch = fc.uniqueArray(step, { maxLength: 4, selector: ({ ref }) => `${ref.kind} ${ref.id}` })
const query: fc.Arbitrary<Range> = fc.record({
  kind: fc.constantFrom('one', 'two'),
  index: fc.constantFrom(...indexes),
  from: fc.constantFrom(...bounds),
  to: fc.constantFrom(...bounds),
  limit: fc.integer({ min: 1, max: 6 }),
  reverse: fc.boolean(),
})
/** Batches that are committed together, and then a look at the store. */
const moment = fc.record({
  batches: fc.array(batch, { minLength: 1, maxLength: 3 }),
  queries: fc.array(query, { maxLength: 3 }),
})
const history = fc.array(moment, { minLength: 1, maxLength: 25, size: 'max' })

/** How often each kind of thing happened. A comparison that never saw a conflict has compared little. */
export type Tally = Record<'creations' | 'updates' | 'deletions' | 'checks' | 'stale' | 'taken' | 'hits', number>

const newTally = (): Tally => ({ creations: 0, updates: 0, deletions: 0, checks: 0, stale: 0, taken: 0, hits: 0 })

export async function compareWithReference(
  open: OpenStorage,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Promise<Tally> {
  const tally = newTally()
  const property = fc.asyncProperty(history, async (moments) => {
    const { storage, destroy } = await open()
    try {
      await storage.setup()
      await live(storage, moments, tally)
      await storage.close()
    } finally {
      await destroy?.()
    }
  })
  await fc.assert(property, { seed, numRuns: runs })
  return tally
}

type Moment = typeof moment extends fc.Arbitrary<infer M> ? M : never

/** The reference beside a store, for as long as both live. */
interface Companion {
  readonly model: ReturnType<typeof memoryStorage>
  /** How many version tokens were given out: no two are alike. */
  versions: number
}

const newCompanion = (): Companion => ({ model: memoryStorage(), versions: 0 })

async function live(
  storage: AnyStorage,
  moments: readonly Moment[],
  tally: Tally,
  companion = newCompanion(),
  lookEvery = 1,
): Promise<void> {
  const { model } = companion
  for (const [at, { batches, queries }] of moments.entries()) {
    const writes: Write[][] = []
    const expected: (StorageConflict | null)[] = []
    for (const steps of batches) {
      const meant: Write[] = []
      for (const one of steps) meant.push(await writeOf(one, model, `v${++companion.versions}`))
      writes.push(meant)
      expected.push(...(await model.commitMany([meant])))
    }
    compareAnswers(await commitAll(storage, writes), expected, writes)
    count(tally, writes, expected)
    if (at % lookEvery === 0) tally.hits += await compareStates(storage, model, queries)
  }
}

/**
 * Runs many batches on one store, and compares it with the reference: the result of each batch, some reads in between, and
 * in the end all records. The same seed gives two stores the same batches.
 */
export async function compareAtLength(
  storage: AnyStorage & Snapshot,
  { seed, batches }: { readonly seed: number; readonly batches: number },
): Promise<Tally> {
  const tally = newTally()
  const companion = newCompanion()
  let left = batches
  for (let chapter = 0; left > 0; chapter++) {
    const moments = fc.sample(moment, { seed: seed + chapter, numRuns: 500 })
    left -= moments.reduce((sum, one) => sum + one.batches.length, 0)
    await live(storage, moments, tally, companion, 20)
  }
  equal(await contentOf(storage), await contentOf(companion.model), 'all that is stored')
  return tally
}

async function contentOf(storage: Snapshot): Promise<unknown[]> {
  const all: { readonly name: string; readonly kept: unknown }[] = []
  for await (const chunk of storage.snapshot()) {
    for (const { kind, id, version, body, keys } of chunk) {
      const sorted = keys.map(({ index, key }) => `${index} ${key}`).sort()
      all.push({ name: `${kind} ${id}`, kept: { version, body, keys: sorted } })
    }
  }
  return all.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function writeOf(step: Step, model: Storage, version: string): Promise<Write> {
  const { op, ref, honest, keys, body } = step
  const [held] = await model.get([ref])
  const current = held?.version ?? null
  const expect = honest ? current : current === null ? 'never' : null
  if (op === 'put') return { op, ...ref, expect, version, body, keys }
  return op === 'check' ? { op, ...ref, expect } : { op, ...ref, expect: expect ?? 'never' }
}

function commitAll(storage: AnyStorage, batches: readonly Write[][]): Promise<(StorageConflict | null)[]> {
  // One batch alone goes the way of `commit`, also where there is another.
  if (storage.commitMany && batches.length > 1) return storage.commitMany(batches)
  return batches.reduce<Promise<(StorageConflict | null)[]>>(async (before, writes) => {
    const answers = await before
    const conflict = await storage.commit(writes).then(
      () => null,
      (error: StorageConflict) => error,
    )
    return [...answers, conflict]
  }, Promise.resolve([]))
}

type Answers = readonly (StorageConflict | null)[]

/** Of several conflicts in one batch, a store may name any; it names a write of the batch, and an index of a put. */
function compareAnswers(answers: Answers, expected: Answers, batches: readonly Write[][]): void {
  const reasons = (all: Answers) => all.map((answer) => (answer === null ? null : answer.reason))
  equal(reasons(answers), reasons(expected), 'what became of the batches')
  answers.forEach((answer, at) => {
    if (answer === null) return
    const named = batches[at]?.find(({ kind, id }) => kind === answer.ref.kind && id === answer.ref.id)
    check(named !== undefined, 'a conflict named a record that its batch does not')
    if (answer.reason !== 'taken') return
    const wanted = named.op === 'put' ? named.keys.map(({ index }) => index) : []
    check(wanted.includes(answer.index ?? ''), 'a taken key was in an index that its record does not use')
  })
}

async function compareStates(storage: AnyStorage, model: Storage, queries: readonly Range[]): Promise<number> {
  equal(await storage.get(refs), await model.get(refs), 'the records')
  const expected = await Promise.all(queries.map((one) => model.scan(one)))
  equal(await Promise.all(queries.map((one) => storage.scan(one))), expected, 'the hits')
  return expected.flat().length
}

function count(tally: Tally, batches: readonly Write[][], answers: Answers): void {
  batches.forEach((writes, at) => {
    const answer = answers[at]
    if (answer) tally[answer.reason]++
    else for (const write of writes) tally[nameOf(write)]++
  })
}

function nameOf(write: Write): keyof Tally {
  if (write.op === 'put') return write.expect === null ? 'creations' : 'updates'
  return write.op === 'delete' ? 'deletions' : 'checks'
}
