// Looks at each package as somebody gets it who has nothing but npm: packed, installed alone into an empty folder, with
// types that resolve, and with a README whose first program runs. The packages are built before this.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { transformSync } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const packages = ['core', 'adapters', 'server', 'testkit'] as const

/** What the README of a package says its first program needs besides the package. */
const besides: Readonly<Record<string, readonly string[]>> = { adapters: ['better-sqlite3@12.11.1'] }

const folder = mkdtempSync(join(tmpdir(), 'pawl-packages-'))
let failed = 0
try {
  const tarballs = Object.fromEntries(packages.map((name) => [`@pawl/${name}`, packed(name)]))
  for (const name of packages) check(name, tarballs)
} finally {
  rmSync(folder, { recursive: true })
}
console.log(
  `check-packages: ${failed === 0 ? 'every package installs alone, and its README is true' : `${failed} failed`}`,
)
process.exitCode = failed === 0 ? 0 : 1

function packed(name: string): string {
  const place = join(folder, 'tarballs', name)
  mkdirSync(place, { recursive: true })
  run('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', place], join(root, 'packages', name))
  const [file = ''] = readdirSync(place)
  return join(place, file)
}

function check(name: string, tarballs: Readonly<Record<string, string>>): void {
  const place = join(folder, name)
  const problem = attempt(() => {
    run(bin('attw'), [tarballs[`@pawl/${name}`] ?? '', '--profile', 'esm-only', '--format', 'ascii'], root)
    install(place, `@pawl/${name}`, tarballs, besides[name] ?? [])
    if (name === 'core') refuseNative(place)
    runFirstProgram(name, place)
  })
  if (problem !== null) failed++
  console.log(problem === null ? `ok   @pawl/${name}` : `FAIL @pawl/${name}: ${problem}`)
}

/** What is not in the registry yet, the packages that this one needs, comes from here. */
function install(place: string, name: string, tarballs: Readonly<Record<string, string>>, more: readonly string[]) {
  mkdirSync(place)
  const overrides = Object.fromEntries(Object.entries(tarballs).map(([one, path]) => [one, `file:${path}`]))
  const manifest = { private: true, type: 'module', dependencies: { [name]: `file:${tarballs[name]}` }, overrides }
  writeFileSync(join(place, 'package.json'), JSON.stringify(manifest))
  // Compiling SQLite takes minutes, and was done here already.
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...more], place)
  const compiled = join(place, 'node_modules/better-sqlite3')
  if (!existsSync(compiled)) return
  const ours = dirname(createRequire(join(root, 'packages/server/package.json')).resolve('better-sqlite3/package.json'))
  cpSync(join(ours, 'build'), join(compiled, 'build'), { recursive: true })
}

/** Whatever is compiled when it is installed has a recipe for that, and what was compiled elsewhere is a library. */
function refuseNative(place: string): void {
  const files = readdirSync(join(place, 'node_modules'), { recursive: true, encoding: 'utf8' })
  const native = files.filter((file) => /binding\.gyp$|\.node$|\.wasm$/.test(file))
  if (native.length > 0) throw new Error(`brings ${native.join(', ')}`)
}

function runFirstProgram(name: string, place: string): void {
  const readme = readFileSync(join(place, 'node_modules/@pawl', name, 'README.md'), 'utf8')
  const [, program] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? []
  if (program === undefined) throw new Error('has no program in its README')
  // What it serves at its end it would serve for ever.
  const { code } = transformSync(`${program}\nprocess.exit(0)`, { loader: 'ts', target: 'node20', format: 'esm' })
  writeFileSync(join(place, 'program.mjs'), code)
  run(process.execPath, ['program.mjs'], place)
}

function bin(name: string): string {
  return join(root, 'node_modules/.bin', name)
}

function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
}

/** What went wrong, as who ran it said; null when nothing did. */
function attempt(work: () => void): string | null {
  try {
    work()
    return null
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string }
    return `${stdout}${stderr}`.trim() || message
  }
}
