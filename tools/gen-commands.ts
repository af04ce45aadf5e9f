// Writes packages/server/commands.json, the commands of the command line as the registry has them. It is committed, so that
// the command line needs nothing of the engine; with --check nothing is written, and a committed file that differs is an
// error.
//
//   tsx -C @pawl/source tools/gen-commands.ts [--check]

import { readFileSync, writeFileSync } from 'node:fs'
import { registry } from '@pawl/core'
import { commandsOf } from '@pawl/server'

const file = new URL('../packages/server/commands.json', import.meta.url)
// A command a line, so that a change shows in review and the file stays small.
const wanted = `[\n${commandsOf(registry)
  .map((command) => `  ${JSON.stringify(command)}`)
  .join(',\n')}\n]\n`

if (!process.argv.includes('--check')) writeFileSync(file, wanted)
else if (readFileSync(file, 'utf8') !== wanted) {
  console.error('packages/server/commands.json is not what the registry says. Run: pnpm generate')
  process.exitCode = 1
}
