// What `npm start`, `npm test` and `npm run bench` do, on a machine that has nothing but Node and npm: install and build
// what is missing or stale, then run. Plain JavaScript without dependencies, because nothing is there yet when it runs.

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const pnpm = 'pnpm@12.21.0'
/** In the order in which they need each other. */
const packages = ['core', 'adapters', 'server', 'testkit']

const tasks = {
  start: async (args) => {
    await install()
    await build()
    return run(process.execPath, ['packages/server/bin/pawl.mjs', 'serve', ...args])
  },
  test: async (args) => {
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

async function install() {
  const marker = join(root, 'node_modules/.pawl-installed')
  if (changedAt(marker) > changedAt(join(root, 'pnpm-lock.yaml'))) return
  // The right pnpm is called by its version, so it need not look itself up and write itself into the lockfile.
  await step('Installing', 'npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--pm-on-fail=ignore'])
  writeFileSync(marker, '')
}

async function build() {
  let isStale = false
  for (const name of packages) {
    const folder = join(root, 'packages', name)
    const marker = join(folder, 'dist/.pawl-built')
    const sources = [join(folder, 'src'), join(folder, 'tsconfig.json'), join(folder, 'package.json')]
    const newest = Math.max(...sources.map(newestIn), changedAt(join(root, 'tsconfig.base.json')))
    // Whoever is built on something that was built again is built again.
    isStale ||= newest >= changedAt(marker)
    if (!isStale) continue
    // What has no source any more must not stay either.
    rmSync(join(folder, 'dist'), { recursive: true, force: true })
    await step(`Building ${name}`, process.execPath, ['node_modules/typescript/bin/tsc', '-p', `packages/${name}`])
    writeFileSync(marker, '')
  }
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

/** Runs what this is all for: it has the terminal, and gets the signals that we get. */
async function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
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
else {
  console.error(`usage: node tools/run.mjs ${Object.keys(tasks).join(' | ')} [arguments]`)
  process.exitCode = 64
}
