// Writes packages/server/openapi.json, the contract as the registry has it. It is committed, so that a change of the
// contract shows in review; with --check nothing is written, and a committed file that differs is an error.
//
//   tsx -C @pawl/source tools/gen-openapi.ts [--check]

import { readFileSync, writeFileSync } from 'node:fs'
import { registry } from '@pawl/core'
import { openApi } from '@pawl/server/http'

const file = new URL('../packages/server/openapi.json', import.meta.url)
const wanted = `${JSON.stringify(openApi(registry), null, 2)}\n`

if (!process.argv.includes('--check')) writeFileSync(file, wanted)
else if (readFileSync(file, 'utf8') !== wanted) {
  console.error(
    'packages/server/openapi.json is not what the registry says. Run: tsx -C @pawl/source tools/gen-openapi.ts',
  )
  process.exitCode = 1
}
