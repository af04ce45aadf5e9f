// Writes the routes of the typed client, as the registry has them. They are committed, so that the client needs nothing of
// the engine; with --check nothing is written, and a committed file that differs is an error.
//
//   tsx -C @pawl/source tools/gen-client.ts [--check]

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { registry } from '@pawl/core'
import { clientRoutes } from '@pawl/core/surfaces'

const root = resolve(import.meta.dirname, '..')
const file = resolve(root, 'packages/core/src/client/routes.ts')
const biome = resolve(root, 'node_modules/.bin', 'biome')

const text = `// Written by tools/gen-client.ts.

/** How each of our own operations is reached. */
export const routes = ${JSON.stringify(clientRoutes(registry), null, 2)} as const
`
const wanted = execFileSync(biome, ['format', `--stdin-file-path=${file}`], { input: text, encoding: 'utf8' })

if (!process.argv.includes('--check')) writeFileSync(file, wanted)
else if (readFileSync(file, 'utf8') !== wanted) {
  console.error('packages/core/src/client/routes.ts is not what the registry says. Run: pnpm generate')
  process.exitCode = 1
}
