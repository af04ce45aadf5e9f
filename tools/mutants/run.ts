// Mutation tests: changes the code in one small way at a time and reports each change that no test notices. Stryker writes
// the mutants. The tests of a target run in one process, which loads the engine once.
//
//   npm run mutants [-- kernel|policies|bindings|vaults|sharing|audit ...] [--one-in 4 [--from 1]]
//
// With --one-in, it tries a sample that is spread evenly over the code. With --from, it tries another one: of the four samples
// that --one-in 4 can take, --from 0 is the first and --from 3 the last. Default: 0.
//
// A run that was stopped continues, unless a source or a test has changed. `.mutants/<target>/report.txt` lists the mutants
// that no test noticed.

import { execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { knownFile, type Outcome, type Plan } from './plan.ts'
import { targets } from './targets.ts'

const instrumenter = '@stryker-mutator/instrumenter@9.5.1'
const root = resolve(import.meta.dirname, '../..')
const home = join(root, '.mutants')
/** A mutant can wait forever for something that does not come. */
const stuckAfterMs = 60_000

interface Mutant {
  readonly id: string
  /** Known beforehand where a mutant is left out. */
  readonly status?: string
  readonly fileName: string
  readonly mutatorName: string
  readonly replacement: string
  readonly location: { readonly start: Place; readonly end: Place }
}
interface Place {
  readonly line: number
  readonly column: number
}
interface Instrumenter {
  instrument(
    files: readonly { name: string; content: string; mutate: boolean }[],
    options: { plugins: null; excludedMutations: string[]; ignorers: [] },
  ): Promise<{ files: readonly { name: string; content: string }[]; mutants: readonly Mutant[] }>
}

const { values, positionals } = parseArgs({
  options: { 'one-in': { type: 'string', default: '1' }, from: { type: 'string', default: '0' } },
  allowPositionals: true,
})
const [oneIn, from] = [Number(values['one-in']), Number(values.from)]
for (const name of positionals.length > 0 ? positionals : Object.keys(targets)) await run(name)

async function run(name: string): Promise<void> {
  const target = targets[name]
  if (!target) throw new Error(`There is no target ${name}. Targets: ${Object.keys(targets).join(', ')}`)
  const folder = join(home, name)
  mkdirSync(folder, { recursive: true })
  const sources = filesIn(target.sources).filter((file) => !file.endsWith('.test.ts'))
  const tests = filesIn(target.tests).filter((file) => file.endsWith('.test.ts'))
  const { files, mutants: all } = await (await loadInstrumenter()).instrument(
    sources.map((file) => ({ name: file, content: readFileSync(file, 'utf8'), mutate: true })),
    // What a message says is for people. Its code is what tests hold on to.
    { plugins: null, excludedMutations: ['StringLiteral'], ignorers: [] },
  )
  const mutants = all.filter(({ status }) => status === undefined).filter((_, at) => at % oneIn === from % oneIn)
  const code = Object.fromEntries(files.map((file) => [file.name, file.content]))
  const plan: Plan = { tests, code, mutants: mutants.map(({ id }) => id) }
  keep(folder, { plan, tests: tests.map((file) => readFileSync(file, 'utf8')) })
  for (
    let stuck = await tryAll(folder, plan, target.times);
    stuck !== null;
    stuck = await tryAll(folder, plan, target.times)
  ) {
    appendFileSync(join(folder, 'outcomes.jsonl'), `${JSON.stringify({ id: stuck, verdict: 'timeout' })}\n`)
  }
  report(name, folder, mutants)
}

/** Keeps outcomes of an earlier run while the code is the same: all with the same tests, else the mutants that were noticed. */
function keep(folder: string, { plan, tests }: { plan: Plan; tests: readonly string[] }): void {
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
  const isSame = (name: string, now: unknown) => {
    const file = join(folder, `${name}.json`)
    const was = existsSync(file) ? readFileSync(file, 'utf8') : ''
    writeFileSync(file, JSON.stringify(now))
    return was === JSON.stringify(now)
  }
  const [isSameCode, areSameTests] = [isSame('code', plan.code), isSame('tests', [plan.tests, tests])]
  if (isSameCode && areSameTests) return
  rmSync(knownFile(folder), { force: true })
  const kept = outcomesIn(folder).filter(({ verdict }) => isSameCode && (verdict === 'killed' || verdict === 'timeout'))
  writeFileSync(join(folder, 'outcomes.jsonl'), kept.map((one) => `${JSON.stringify(one)}\n`).join(''))
}

/** Answers the mutant that waits forever, or null when all were tried. */
function tryAll(folder: string, plan: Plan, times: number): Promise<string | null> {
  return new Promise((done, fail) => {
    const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tools/mutants/vitest.config.ts', '--no-color']
    const env = { ...process.env, PAWL_MUTANTS: folder, PAWL_TEST_TIMES: String(times), CI: '1' }
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said = (said + chunk).slice(-20_000)
      })
    }
    let stuck: string | null = null
    const started = Date.now()
    const watch = setInterval(() => {
      stuck = Date.now() - started > stuckAfterMs ? stuckIn(folder) : null
      if (stuck !== null) child.kill('SIGKILL')
    }, 1_000)
    child.once('exit', () => {
      clearInterval(watch)
      const verdicts = verdictsIn(folder)
      const isWhole = plan.mutants.every((id) => verdicts.has(id)) && !said.includes('left something behind')
      if (stuck === null && !isWhole) fail(new Error(`The tests ended early.\n${said}`))
      done(stuck)
    })
  })
}

function stuckIn(folder: string): string | null {
  const last = outcomesIn(folder).at(-1)
  if (!last || last.verdict) return null
  return Date.now() - statSync(join(folder, 'outcomes.jsonl')).mtimeMs > stuckAfterMs ? last.id : null
}

function outcomesIn(folder: string): readonly Outcome[] {
  const file = join(folder, 'outcomes.jsonl')
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Outcome)
}

function verdictsIn(folder: string): ReadonlyMap<string, Outcome> {
  return new Map(outcomesIn(folder).flatMap((one) => (one.verdict ? [[one.id, one] as const] : [])))
}

function report(name: string, folder: string, mutants: readonly Mutant[]): void {
  const verdicts = verdictsIn(folder)
  const counts = { killed: 0, timeout: 0, survived: 0, unreached: 0, static: 0 }
  const missed: string[] = []
  for (const mutant of mutants) {
    const { verdict = 'unreached', by = '' } = verdicts.get(mutant.id) ?? {}
    counts[verdict]++
    if (verdict === 'survived' || verdict === 'unreached') missed.push(describe(mutant, verdict, by))
  }
  writeFileSync(join(folder, 'report.txt'), missed.join('\n'))
  const noticed = counts.killed + counts.timeout
  const all = noticed + counts.survived + counts.unreached
  const score = ((100 * noticed) / all).toFixed(1)
  const { survived, unreached } = counts
  console.log(
    `${name}: ${score} % (${noticed} of ${all} noticed, ${survived} survived, ${unreached} reached by no test)`,
  )
}

function describe(mutant: Mutant, verdict: string, by: string): string {
  const { start, end } = mutant.location
  const lines = readFileSync(mutant.fileName, 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1)
  const last = lines.length - 1
  lines[last] = lines[last]?.slice(0, end.column) ?? ''
  lines[0] = lines[0]?.slice(start.column) ?? ''
  const place = `${relative(root, mutant.fileName)}:${start.line + 1}:${start.column + 1}`
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 160)
  return `${verdict} ${place} ${mutant.mutatorName}\n  - ${short(lines.join(' '))}\n  + ${short(mutant.replacement)}\n  ${by.slice(0, 300)}\n`
}

function filesIn(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const at = join(root, path)
    if (path.endsWith('.ts')) return [at]
    const names = readdirSync(at, { recursive: true, encoding: 'utf8' })
    return names.filter((name) => name.endsWith('.ts')).map((name) => join(at, name))
  })
}

/** It is fetched when it is needed, so that an installation for the tests does not carry it. */
async function loadInstrumenter(): Promise<Instrumenter> {
  const prefix = join(home, 'stryker')
  const at = join(prefix, 'node_modules/@stryker-mutator/instrumenter/package.json')
  if (!existsSync(at)) {
    mkdirSync(prefix, { recursive: true })
    const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', prefix]
    execFileSync('npm', ['install', ...options, instrumenter], { stdio: 'inherit' })
  }
  const entry = createRequire(at).resolve('@stryker-mutator/instrumenter')
  const { Instrumenter } = (await import(pathToFileURL(entry).href)) as {
    Instrumenter: new (log: object) => Instrumenter
  }
  return new Instrumenter({ isDebugEnabled: () => false, debug: () => {}, info: () => {} })
}
