// Everything that is checked without running tests, in one go: `pnpm verify`. Plain JavaScript, so nothing has to be
// built first. As many checks run beside each other as the machine has cores. Each prints its own findings when it ends; the
// last line counts them.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

const dashboard = 'packages/server/dashboard'
const published = ['core', 'adapters', 'server', 'testkit', 'sqlite-node20']

/** One after the other, because each needs the one before. Core compiles without the types of Node. */
const builds = [
  ...['core', 'adapters', 'server', 'testkit'].map((name) => [`build ${name}`, 'tsc', '-p', `packages/${name}`]),
  ['build dashboard', '../../packages/server/node_modules/.bin/vite', 'build', dashboard, '--logLevel', 'warn'],
]

/** The packages as they would be published are looked at built. The longest check is first. */
const afterBuilds = [
  ['packages alone', 'tsx', 'tools/check-packages.ts'],
  ...published.map((name) => [`package ${name}`, 'publint', `packages/${name}`, '--strict', '--pack', 'npm']),
]

const others = [
  ['types', 'tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['types of the client', 'tsx', '--conditions=@pawl/source', 'tools/gen-client-types.ts', '--check'],
  ['examples of openapi.json', 'tsx', '--conditions=@pawl/source', 'tools/gen-openapi-examples.ts', '--check'],
  ['types of the dashboard', 'tsc', '--noEmit', '-p', `${dashboard}/tsconfig.json`],
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['words', 'tsx', 'tools/check-words.ts'],
  ['imports', 'tsx', 'tools/check-imports.ts'],
  ['operations', 'tsx', '--conditions=@pawl/source', 'tools/check-operations.ts'],
  ['openapi.json', 'tsx', '--conditions=@pawl/source', 'tools/gen-openapi.ts', '--check'],
  ['commands.json', 'tsx', '--conditions=@pawl/source', 'tools/gen-commands.ts', '--check'],
  ['routes of the client', 'tsx', '--conditions=@pawl/source', 'tools/gen-client.ts', '--check'],
  ['shapes of the Go client', 'tsx', 'tools/gen-go-shapes.ts', '--check'],
  ['generated docs', 'tsx', '--conditions=@pawl/source', 'tools/gen-docs.ts', '--check'],
  ['advisories', 'tsx', 'tools/check-advisories.ts'],
  ['unused code', 'knip'],
]

const failed = []
for (const one of builds) await run(one)
const waiting = [...afterBuilds, ...others]
const takeTurns = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await run(next)
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, takeTurns))
const checks = builds.length + afterBuilds.length + others.length
for (const name of failed) console.log(`FAIL ${name}`)
console.log(`verify: ${checks - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1

async function run([name, command, ...args]) {
  const started = Date.now()
  const child = spawn(resolve(root, 'node_modules/.bin', command), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk))
  const status = await new Promise((ended) => {
    child.on('error', (error) => {
      said.push(Buffer.from(`${error.message}\n`))
      ended(1)
    })
    child.on('close', ended)
  })
  if (status !== 0) failed.push(name)
  process.stdout.write(Buffer.concat(said))
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
}
