// Writes packages/server/commands.json, the commands of the command line as the registry has them. It is committed, so that
// the command line needs nothing of the engine; with --check nothing is written, and a committed file that differs is an
// error.
//
//   tsx -C @pawl/source tools/gen-commands.ts [--check]

import { registry } from '@pawl/core'
import { commandsOf } from '@pawl/server'
import { generated } from './generated.ts'

// A command a line, so that a change shows in review and the file stays small.
const wanted = `[\n${commandsOf(registry)
  .map((command) => `  ${JSON.stringify(command)}`)
  .join(',\n')}\n]\n`

generated('packages/server/commands.json', wanted, 'the registry')
