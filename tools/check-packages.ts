// Checks our packages as a user with only npm gets them: packed, and installed alone into an empty folder from a registry.
// Their types must resolve and compile, and the first program of their README must run. Then follows docs/getting-started.md
// from an empty folder, line by line. The packages are built before this.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { compileConsumer } from './compile-consumer.ts'
import { followGuide } from './follow-guide.ts'
import { startRegistry, type Unpublished } from './real-parts/registry.ts'

const root = resolve(import.meta.dirname, '..')
const packages = ['core', 'adapters', 'server', 'testkit', 'sqlite-node20'].map((name) => `packages/${name}`)
const all = [...packages, 'tools/create-plugin']

/** What the README of a package says its first program needs besides the package. */
const besides: Readonly<Record<string, readonly string[]>> = { '@pawl/adapters': ['better-sqlite3'] }

/** Subpaths whose types are those of a peer as well. Every other subpath must compile without it. */
const peers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '@pawl/testkit': { './vitest': 'vitest@4' },
}

const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const nodeTypes = `@types/node@${devDependencies['@types/node']}`

const folder = await mkdtemp(join(tmpdir(), 'pawl-packages-'))
let failed = 0
try {
  const packed = await Promise.all(all.map(pack))
  const { stdout: other } = await run('npm', ['config', 'get', 'registry'], root)
  await using registry = await startRegistry(packed, other.trim())
  const env = {
    ...process.env,
    ...withoutCompiling(),
    npm_config_registry: registry.url,
    npm_config_cache: await newCache(),
  }
  const follow = async () => {
    const guide = await readFile(join(root, 'docs/getting-started.md'), 'utf8')
    await followGuide(guide, await emptyFolder('new-user'), env, bringSqlite)
  }
  const checkPackages = async () => {
    for (const one of packed.slice(0, 4)) await attempt(one.manifest.name, () => checkAlone(one, env))
    await attempt('all packages at once, and better-sqlite3', async () => {
      const names = packed.slice(0, 4).map(({ manifest }) => manifest.name)
      await install([...names, 'better-sqlite3', '--dry-run'], await emptyFolder('at-once'), env)
    })
  }
  // Beside each other, because both wait for npm most of the time.
  await Promise.all([checkPackages(), attempt('docs/getting-started.md', follow)])
} finally {
  await rm(folder, { recursive: true })
}
console.log(`check-packages: ${failed === 0 ? 'what somebody gets who has nothing but npm works' : `${failed} failed`}`)
process.exitCode = failed === 0 ? 0 : 1

/** On Node 20 compiling SQLite takes minutes, and was done here already. On every other Node nothing may compile. */
function withoutCompiling(): Readonly<Record<string, string>> {
  const isNode20 = Number.parseInt(process.versions.node, 10) < 22
  return isNode20 ? { npm_config_ignore_scripts: 'true' } : { CC: '/no/compiler', CXX: '/no/compiler' }
}

/**
 * A cache of its own for programs that npx ran: it finds them by name and version, so it would run those of an earlier
 * checkout. What was downloaded is shared.
 */
async function newCache(): Promise<string> {
  const cache = join(folder, 'npm-cache')
  await mkdir(cache)
  const { stdout: shared } = await run('npm', ['config', 'get', 'cache'], root)
  await symlink(join(shared.trim(), '_cacache'), join(cache, '_cacache'))
  return cache
}

async function pack(path: string): Promise<Unpublished> {
  const place = join(folder, 'tarballs', path)
  await mkdir(place, { recursive: true })
  await run(
    'npx',
    ['--yes', 'pnpm@12.21.0', '--pm-on-fail=ignore', 'pack', '--pack-destination', place],
    join(root, path),
  )
  const [file = ''] = await readdir(place)
  const tarball = join(place, file)
  const { stdout } = await run('tar', ['xzOf', tarball, 'package/package.json'], root)
  return { manifest: JSON.parse(stdout), tarball }
}

async function checkAlone({ manifest: { name }, tarball }: Unpublished, env: NodeJS.ProcessEnv): Promise<void> {
  await run(join(root, 'node_modules/.bin/attw'), [tarball, '--profile', 'esm-only', '--format', 'ascii'], root)
  const place = await emptyFolder(name.replace('/', '-'))
  await install([name, ...(besides[name] ?? [])], place, env)
  await bringSqlite(place)
  if (name === '@pawl/core') await refuseNative(place)
  await runFirstProgram(name, place)
  await compileAll(name, place, env)
}

async function compileAll(name: string, place: string, env: NodeJS.ProcessEnv): Promise<void> {
  const withPeer = peers[name] ?? {}
  await install([nodeTypes], place, env)
  await compileConsumer(name, place, (subpath) => !withPeer[subpath])
  for (const [subpath, peer] of Object.entries(withPeer)) {
    await install([peer], place, env)
    await compileConsumer(name, place, (one) => one === subpath)
  }
}

async function install(names: readonly string[], place: string, env: NodeJS.ProcessEnv): Promise<void> {
  await run('npm', ['install', '--no-audit', '--no-fund', ...names], place, env)
}

async function emptyFolder(name: string): Promise<string> {
  const place = join(folder, name)
  await mkdir(place)
  await writeFile(join(place, 'package.json'), '{ "private": true, "type": "module" }')
  return place
}

async function bringSqlite(place: string): Promise<void> {
  const installed = compiledSqliteFrom(place)
  const ours = compiledSqliteFrom(join(root, 'packages/adapters'))
  if (installed && ours) await cp(join(ours, 'build'), join(installed, 'build'), { recursive: true, force: true })
}

/** Where better-sqlite3 12 is, which npm and pnpm install on Node 20 alone. */
function compiledSqliteFrom(place: string): string | null {
  try {
    const bridge = createRequire(join(place, 'package.json')).resolve('@pawl/sqlite-node20')
    return dirname(createRequire(bridge).resolve('better-sqlite3/package.json'))
  } catch {
    return null
  }
}

/** A package that compiles during installation has a `binding.gyp`. A precompiled one has a `.node` or `.wasm` file. */
async function refuseNative(place: string): Promise<void> {
  const files = await readdir(join(place, 'node_modules'), { recursive: true })
  const native = files.filter((file) => /binding\.gyp$|\.node$|\.wasm$/.test(file))
  if (native.length > 0) throw new Error(`brings ${native.join(', ')}`)
}

async function runFirstProgram(name: string, place: string): Promise<void> {
  const readme = await readFile(join(place, 'node_modules', name, 'README.md'), 'utf8')
  const [, program] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? []
  if (program === undefined) throw new Error('has no program in its README')
  // What it serves at its end it would serve for ever.
  const { code } = await transform(`${program}\nprocess.exit(0)`, { loader: 'ts', target: 'node20', format: 'esm' })
  await writeFile(join(place, 'program.mjs'), code)
  await run(process.execPath, ['program.mjs'], place)
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env) {
  return promisify(execFile)(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })
}

async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
    console.log(`ok   ${what}`)
  } catch (error) {
    failed++
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string }
    console.error(`FAIL ${what}: ${`${message}\n${stdout}${stderr}`.trim()}`)
  }
}
