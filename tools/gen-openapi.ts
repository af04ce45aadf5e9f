// Writes packages/server/openapi.json, the contract as the registry has it. It is committed, so that a change of the
// contract shows in review; with --check nothing is written, and a committed file that differs is an error.
//
//   tsx -C @pawl/source tools/gen-openapi.ts [--check]

import { registry } from '@pawl/core'
import { openApi } from '@pawl/server/http'
import { generated } from './generated.ts'

generated('packages/server/openapi.json', `${JSON.stringify(openApi(registry), null, 2)}\n`, 'the registry')
