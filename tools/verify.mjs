// Everything that is checked without running tests, in one go: `pnpm verify`. Plain JavaScript, so nothing has to be
// built first. Each check prints its own findings; the last line counts them.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** The packages as they would be published are looked at built. */
const build = ['core', 'adapters', 'server', 'testkit'].map((name) => [
  `build ${name}`,
  'tsc',
  '-p',
  `packages/${name}`,
])

const dashboard = 'packages/server/dashboard'

const checks = [
  ['types', 'tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['types of the dashboard', 'tsc', '--noEmit', '-p', `${dashboard}/tsconfig.json`],
  ['core without Node', 'tsc', '--noEmit', '-p', 'packages/core/tsconfig.json'],
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['words', 'tsx', 'tools/check-words.ts'],
  ['imports', 'tsx', 'tools/check-imports.ts'],
  ['operations', 'tsx', '--conditions=@pawl/source', 'tools/check-operations.ts'],
  ['examples of openapi.json', 'tsx', '--conditions=@pawl/source', 'tools/gen-openapi-examples.ts', '--check'],
  ['openapi.json', 'tsx', '--conditions=@pawl/source', 'tools/gen-openapi.ts', '--check'],
  ['commands.json', 'tsx', '--conditions=@pawl/source', 'tools/gen-commands.ts', '--check'],
  ['routes of the client', 'tsx', '--conditions=@pawl/source', 'tools/gen-client.ts', '--check'],
  ['types of the client', 'tsx', '--conditions=@pawl/source', 'tools/gen-client-types.ts', '--check'],
  ['shapes of the Go client', 'tsx', 'tools/gen-go-shapes.ts', '--check'],
  ['generated docs', 'tsx', '--conditions=@pawl/source', 'tools/gen-docs.ts', '--check'],
  ['advisories', 'tsx', 'tools/check-advisories.ts'],
  ['unused code', 'knip'],
  ...build,
  ['build dashboard', '../../packages/server/node_modules/.bin/vite', 'build', dashboard, '--logLevel', 'warn'],
  ...['core', 'adapters', 'server', 'testkit', 'sqlite-node20'].map((name) => [
    `package ${name}`,
    'publint',
    `packages/${name}`,
    '--strict',
    '--pack',
    'npm',
  ]),
  ['packages alone', 'tsx', 'tools/check-packages.ts'],
]

let failed = 0
for (const [name, command, ...args] of checks) {
  const started = Date.now()
  const { status } = spawnSync(resolve(root, 'node_modules/.bin', command), args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) failed++
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
}
console.log(`verify: ${checks.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
