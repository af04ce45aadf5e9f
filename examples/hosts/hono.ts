import type { Pawl } from '@pawl/core'
import { createApp } from '@pawl/server/http'
import { Hono } from 'hono'

/** A Hono app in a Hono app; what serves fetch handlers serves it too: Bun, Deno, Next route handlers. */
export function honoHost(pawl: Pawl) {
  const app = new Hono()
  app.route('/vault', createApp(pawl, { basePath: '/vault' }))
  app.get('/', (context) => context.text('my own page'))
  return app
}
