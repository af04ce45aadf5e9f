import type { Pawl } from '@pawl/core'
import { nodeListener } from '@pawl/server/http'
import fastify from 'fastify'

/** Fastify hands over the raw request with its whole URL, so the vault is told where it is mounted. */
export function fastifyHost(pawl: Pawl) {
  const app = fastify()
  const vault = nodeListener(pawl, { basePath: '/vault' })
  app.register(
    async (scope) => {
      // The vault reads and limits bodies by itself.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
      scope.all('/*', (request, reply) => {
        reply.hijack()
        vault(request.raw, reply.raw)
      })
    },
    { prefix: '/vault' },
  )
  app.get('/', async () => 'my own page')
  return app
}
