// Writes what a reader of the typed client sees: an interface for each area, with a documented method for each operation,
// the types of inputs and outputs, and the catalogue of errors. With --check nothing is written, and a committed file that
// differs is an error.
//
//   tsx -C @pawl/source tools/gen-client-types.ts [--check]

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { registry } from '@pawl/core'
import { clientTypes } from './client-types/areas.ts'
import { errorCatalogue } from './client-types/catalogue.ts'
import { errorDefinitions } from './client-types/error-definitions.ts'
import { exampleInputs } from './client-types/examples.ts'

const root = resolve(import.meta.dirname, '..')
const biome = resolve(root, 'node_modules/.bin', 'biome')
const folder = 'packages/core/src/client/areas'

const errors = errorDefinitions(root)
const types = clientTypes({ registry, errors, examples: await exampleInputs() })
const wanted: Record<string, string> = { 'packages/core/src/kernel/error-catalogue.ts': errorCatalogue(errors) }
for (const [name, text] of Object.entries(types)) wanted[join(folder, name)] = text

const stale = readdirSync(join(root, folder)).filter((name) => !Object.hasOwn(types, name))
const differing = Object.entries(wanted).flatMap(([path, text]) => {
  const file = join(root, path)
  const formatted = execFileSync(biome, ['check', '--write', `--stdin-file-path=${file}`], {
    input: text,
    encoding: 'utf8',
  })
  return existsSync(file) && readFileSync(file, 'utf8') === formatted ? [] : [{ path, file, formatted }]
})

if (process.argv.includes('--check')) {
  const paths = [...differing.map(({ path }) => path), ...stale.map((name) => join(folder, name))]
  if (paths.length > 0) {
    console.error(`${paths.join(', ')}: not what the registry says. Run: pnpm generate`)
    process.exitCode = 1
  }
} else {
  for (const { file, formatted } of differing) writeFileSync(file, formatted)
  for (const name of stale) rmSync(join(root, folder, name))
}
