import childProcess, { ChildProcess, type SpawnSyncReturns } from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { tagsIn } from '@pawl/testkit/canary'
import { afterAll } from 'vitest'
import { leaksIn } from './scan.ts'

// In every test file: searches every file for tagged secrets before a test removes it. Also searches the arguments and the
// output of programs that a test starts. `run.ts` searches the files that remain, and the output of the tests themselves.

const key = Symbol.for('pawl.canary')
const shared = globalThis as { [key]?: Set<string> }
const isWatched = shared[key] !== undefined
/** Test files that share a process share one watcher. */
shared[key] ??= new Set()
const leaks = shared[key]

afterAll(() => {
  const found = [...leaks]
  leaks.clear()
  if (found.length > 0) throw new Error(`Secrets leaked:\n${found.join('\n')}`)
})

if (!isWatched) {
  searchBeforeRemoval(fs, 'rmSync')
  searchBeforeRemoval(fs.promises, 'rm')
  searchPrograms()
  searchFinishedPrograms()
  syncBuiltinESMExports()
}

type Remove = (path: fs.PathLike, ...rest: never[]) => unknown

function searchBeforeRemoval<N extends string>(from: Record<N, Remove>, name: N): void {
  const remove = from[name]
  from[name] = (path, ...rest) => {
    const place = resolve(String(path))
    if (place.startsWith(`${tmpdir()}${sep}`)) for (const leak of leaksIn(place)) leaks.add(leak)
    return remove(path, ...rest)
  }
}

interface Starting {
  spawn(options: { readonly args?: readonly string[] }): unknown
}

function searchPrograms(): void {
  const starting = ChildProcess.prototype as ChildProcess & Starting
  const { spawn } = starting
  starting.spawn = function (this: ChildProcess, options) {
    const started = spawn.call(this, options)
    const name = search(options.args ?? [])
    if (this.stderr) overhear(this.stderr, `what ${name} logged`)
    if (this.stdout && isServer(options.args)) overhear(this.stdout, `what ${name} said`)
    return started
  }
}

function searchFinishedPrograms(): void {
  const { spawnSync } = childProcess as { spawnSync: (file: string, ...rest: never[]) => SpawnSyncReturns<string> }
  const watched: typeof spawnSync = (file, ...rest) => {
    const finished = spawnSync(file, ...rest)
    const args: readonly string[] = Array.isArray(rest[0]) ? rest[0] : []
    const name = search([file, ...args])
    note(String(finished.stderr ?? ''), `what ${name} logged`)
    if (isServer(args)) note(String(finished.stdout ?? ''), `what ${name} said`)
    return finished
  }
  Object.assign(childProcess, { spawnSync: watched })
}

/** A program may print a secret to its caller, because that is its purpose. A log or the output of a server may not. */
function isServer(args: readonly string[] = []): boolean {
  return args.includes('serve')
}

/** A list of processes shows the arguments of each. Answers what to call this one. */
function search([file = '', ...args]: readonly string[]): string {
  const name = basename(file)
  for (const how of tagsIn(Buffer.from(args.join('\n')))) leaks.add(`a secret is ${how} in the arguments of ${name}`)
  return name
}

/** Sees what passes without having it pass sooner. */
function overhear(stream: Readable, where: string): void {
  const push = stream.push.bind(stream)
  let latest = ''
  stream.push = (chunk: Buffer | null, ...rest) => {
    latest = latest.slice(-128) + (chunk?.toString('latin1') ?? '')
    note(latest, where)
    return push(chunk, ...rest)
  }
}

function note(said: string, where: string): void {
  for (const how of tagsIn(Buffer.from(said, 'latin1'))) leaks.add(`a secret is ${how} in ${where}`)
}
