// Runs inside the worker of vitest: first every test once, to learn which mutants each test reaches, then for each mutant the
// tests that reach it. The engine is loaded once. To load it for each mutant would take a hundred times longer.

import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RunnerTestCase, RunnerTestSuite } from 'vitest'
import { VitestTestRunner } from 'vitest/runners'
import { Lru } from '../../packages/core/src/kernel/lru.ts'
import { type Known, knownFile, type Outcome, type Plan, type Seen, testsToLoad } from './plan.ts'

/** What the code that Stryker writes reads and counts. */
interface Switch {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number
  mutantCoverage?: Known['coverage']
}

/** The parts of the runner that its type does not name. */
interface Inside {
  readonly workerState: {
    readonly evaluatedModules: { getModuleById(id: string): object | undefined; invalidateModule(node: object): void }
  }
  readonly moduleRunner: object
  readonly _otel: Parameters<VitestTestRunner['__setTraces']>[0]
}

const folder = process.env.PAWL_MUTANTS ?? ''
const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan
const shared = globalThis as { __stryker__?: Switch }
shared.__stryker__ ??= {}
const code = shared.__stryker__
const seen = new Map<string, Seen>()
/**
 * The limit of CPU time of one test. Elapsed time would depend on other load on the machine. The longest random tests would find
 * little more, and take most of the time.
 */
const tookMaxMs = 2_000
const mutantMsMax = 20_000
const quickMs = 40
let filesLeft = testsToLoad(folder, plan).length

/** What one mutant computed must not be found by the next. */
const caches = new Set<{ clear(): void }>()
const { set } = Lru.prototype
Lru.prototype.set = function (key, value) {
  caches.add(this)
  set.call(this, key, value)
}

export default class MutantRunner extends VitestTestRunner {
  failed: string | null = null
  startedAt = process.cpuUsage()
  isAnother = false

  override importFile(path: string, source: 'collect' | 'setup'): unknown {
    // A test file that was imported before would register no tests.
    const { evaluatedModules } = inside(this).workerState
    const known = evaluatedModules.getModuleById(path)
    if (known) evaluatedModules.invalidateModule(known)
    return super.importFile(path, source)
  }

  override async onBeforeRunSuite(suite: RunnerTestSuite) {
    code.currentTestId = suite.file.filepath
    await super.onBeforeRunSuite(suite)
  }

  override onBeforeTryTask(test: RunnerTestCase) {
    for (const cache of caches) cache.clear()
    code.currentTestId = test.id
    this.startedAt = process.cpuUsage()
    super.onBeforeTryTask(test)
  }

  override onAfterRunTask(test: RunnerTestCase) {
    code.currentTestId = test.file.filepath
    if (!this.isAnother && test.result?.state === 'pass') {
      const { user, system } = process.cpuUsage(this.startedAt)
      seen.set(test.id, { name: test.name, file: test.file.filepath, took: (user + system) / 1_000 })
    }
    if (test.result?.state === 'fail' && this.failed === null) {
      this.failed = test.name
      if (this.isAnother) this.cancel('test-failure')
    }
    super.onAfterRunTask(test)
  }

  override async onAfterRunFiles() {
    super.onAfterRunFiles()
    code.currentTestId = undefined
    if (this.isAnother) return
    filesLeft--
    // What fails here, such as a test that times out on a busy machine, is not used: it says nothing about a mutant.
    if (filesLeft === 0) await tryMutants(this)
  }

  /** A runner for one mutant, which tells vitest nothing. */
  another(): MutantRunner {
    const { moduleRunner, _otel } = inside(this)
    const made = new MutantRunner({
      ...this.config,
      setupFiles: [],
      testTimeout: mutantMsMax,
      hookTimeout: mutantMsMax,
    })
    made.isAnother = true
    Object.defineProperty(made, 'moduleRunner', { value: moduleRunner })
    made.__setTraces(_otel)
    return made
  }
}

function inside(runner: MutantRunner): Inside {
  return runner as unknown as Inside
}

async function tryMutants(runner: MutantRunner): Promise<void> {
  const coverage = learned()
  const done = outcomesOf(folder)
  for (const id of plan.mutants) {
    if (done.has(id)) continue
    const reaching = Object.keys(coverage.perTest).filter((test) => coverage.perTest[test]?.[id] !== undefined)
    if (reaching.length === 0) {
      write({ id, verdict: coverage.static[id] === undefined ? 'unreached' : 'static' })
      continue
    }
    write({ id })
    const hits = reaching.reduce((sum, test) => sum + (coverage.perTest[test]?.[id] ?? 0), 0)
    const begun = Date.now()
    write({ id, ...(await tryMutant(runner, id, reaching, hits)), took: Date.now() - begun })
  }
  const broken = await firstFailing(
    runner,
    [...seen].filter(([, { took }]) => took < tookMaxMs).map(([id]) => id),
  )
  if (broken) throw new Error(`Tests fail after the last mutant, so a mutant left something behind: ${broken}`)
}

/** Which mutants each test reaches. A continued run reads this from a file, because all tests together take minutes. */
function learned(): Known['coverage'] {
  const file = knownFile(folder)
  if (existsSync(file)) {
    const known = JSON.parse(readFileSync(file, 'utf8')) as Known
    for (const [id, one] of known.seen) seen.set(id, one)
    return known.coverage
  }
  const coverage = structuredClone(code.mutantCoverage ?? { static: {}, perTest: {} })
  writeFileSync(file, JSON.stringify({ coverage, seen: [...seen] } satisfies Known))
  return coverage
}

async function tryMutant(runner: MutantRunner, id: string, reaching: readonly string[], hits: number) {
  const isReaching = ([test, { file, took }]: [string, Seen]) =>
    took < tookMaxMs && (reaching.includes(test) || reaching.includes(file))
  const all = [...seen].filter(isReaching).map(([test]) => test)
  Object.assign(code, { activeMutant: id, hitCount: 0, hitLimit: 1_000 + 100 * hits })
  try {
    // Most mutants fail a quick test, so the long ones come last.
    const isQuick = (test: string) => (seen.get(test)?.took ?? 0) < quickMs
    const quick = await firstFailing(runner, all.filter(isQuick))
    const by =
      quick ??
      (await firstFailing(
        runner,
        all.filter((test) => !isQuick(test)),
      ))
    if (by !== null) return { verdict: 'killed', by } as const
    return { verdict: 'survived', by: all.map((test) => seen.get(test)?.name).join(' | ') } as const
  } finally {
    Object.assign(code, { activeMutant: undefined, hitCount: undefined })
  }
}

/** Runs these tests, and answers the first that fails. */
async function firstFailing(runner: MutantRunner, ids: readonly string[]): Promise<string | null> {
  const { startTests } = await runnerOfVitest()
  for (const filepath of new Set(ids.map((id) => seen.get(id)?.file ?? ''))) {
    const one = runner.another()
    const testIds = ids.filter((id) => seen.get(id)?.file === filepath)
    const [ran] = await startTests([{ filepath, testIds }], one)
    if (one.failed !== null || ran?.result?.state === 'fail') return one.failed ?? `loading ${filepath}`
  }
  return null
}

interface RunnerOfVitest {
  startTests(
    files: readonly { readonly filepath: string; readonly testIds: readonly string[] }[],
    runner: MutantRunner,
  ): Promise<readonly { readonly result?: { readonly state?: string } }[]>
}

/** It must be the copy that vitest itself has loaded. */
function runnerOfVitest(): Promise<RunnerOfVitest> {
  const ofVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'))
  return import(/* @vite-ignore */ pathToFileURL(ofVitest.resolve('@vitest/runner')).href)
}

function write(outcome: Outcome): void {
  appendFileSync(join(folder, 'outcomes.jsonl'), `${JSON.stringify(outcome)}\n`)
}

function outcomesOf(at: string): ReadonlySet<string> {
  const file = join(at, 'outcomes.jsonl')
  if (!existsSync(file)) return new Set()
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return new Set(lines.map((line) => JSON.parse(line) as Outcome).flatMap(({ id, verdict }) => (verdict ? [id] : [])))
}
