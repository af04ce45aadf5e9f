import type { Pawl } from '@pawl/core'
import { nodeListener } from '@pawl/server/http'
import express from 'express'

/** Express takes the mount path off the URL before it calls, so the vault need not know it. */
export function expressHost(pawl: Pawl) {
  const app = express()
  // Before express.json(): the vault reads and limits bodies by itself.
  app.use('/vault', nodeListener(pawl))
  app.get('/', (_, response) => {
    response.send('my own page')
  })
  return app
}
