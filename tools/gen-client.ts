// Writes the routes of the typed client, as the registry has them. They are committed, so that the client needs nothing of
// the engine; with --check nothing is written, and a committed file that differs is an error.
//
//   tsx -C @pawl/source tools/gen-client.ts [--check]

import { registry } from '@pawl/core'
import { clientRoutes } from '@pawl/core/surfaces'
import { formatted, generated } from './generated.ts'

const path = 'packages/core/src/client/routes.ts'
const text = `// Written by tools/gen-client.ts.

/** How each of our own operations is reached. */
export const routes = ${JSON.stringify(clientRoutes(registry), null, 2)} as const
`

generated(path, formatted(path, text), 'the registry')
