import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { RequestRejected } from '../../web/errors.ts'
import { refuseStrangers } from '../../web/known-hosts.ts'
import { bodyBytesMax } from '../../web/messages.ts'

const passedOn = [
  'authorization',
  'x-vault-id',
  'x-mcp-values',
  'content-type',
  'accept',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
]
const passedBack = ['content-type', 'cache-control', 'allow', 'www-authenticate', 'retry-after']

/**
 * Serves `/mcp` and `/health` on this machine. Each request must bring its own credential, because any program on this
 * machine can send one.
 */
export async function serveLocally(url: string, port: number, stopped: Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    answer(request, response, url).catch((error: unknown) => {
      const status = error instanceof RequestRejected ? error.status : 502
      const detail = error instanceof RequestRejected ? error.message : 'The vault did not answer.'
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ status, detail }))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  await stopped
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
}

async function answer(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
  const header = (name: string) => [request.headers[name]].flat()[0]
  refuseStrangers({ hosts: [], origins: [] }, { header })
  if (request.url === '/health') return void response.end('✓ Ok')
  if (request.url !== '/mcp')
    throw new RequestRejected(404, 'unknown_route', 'This server has only the paths /mcp and /health.')
  if (Number(header('content-length') ?? Number.POSITIVE_INFINITY) > bodyBytesMax) {
    throw new RequestRejected(
      413,
      'body_too_large',
      `The request must have a Content-Length of at most ${bodyBytesMax} bytes.`,
    )
  }
  const headers = Object.fromEntries(passedOn.flatMap((name) => (header(name) ? [[name, header(name) ?? '']] : [])))
  const body = request.method === 'POST' ? await buffer(request) : null
  const there = await fetch(`${url}/mcp`, { method: request.method ?? 'GET', headers, body, redirect: 'error' })
  const back = passedBack.flatMap((name) => (there.headers.has(name) ? [[name, there.headers.get(name) ?? '']] : []))
  response.writeHead(there.status, Object.fromEntries(back)).end(await there.text())
}
