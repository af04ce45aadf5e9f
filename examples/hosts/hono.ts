import type { Pawl } from '@pawl/core'
import { createApp } from '@pawl/server/http'
import { Hono } from 'hono'

/** The vault is a fetch handler. What Hono passes on as `env` holds the socket, and so the address of the client. */
export function honoHost(pawl: Pawl) {
  const app = new Hono()
  const vault = createApp(pawl, { basePath: '/vault' })
  app.all('/vault/*', (context) => vault.fetch(context.req.raw, context.env))
  app.get('/', (context) => context.text('my own page'))
  return app
}
