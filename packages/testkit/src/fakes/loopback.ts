import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on loopback. */
export interface Loopback {
  readonly url: string
  close(): Promise<void>
}

export async function listen(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => Promise<void>,
): Promise<Loopback> {
  return listenWith((request, response) => {
    bodyOf(request)
      .then((body) => answer(request, body, response))
      .catch((error) => {
        if (!response.headersSent) response.writeHead(500)
        response.end(error instanceof Error ? error.message : 'failed')
      })
  })
}

/** Default for `port`: a free one. `close` does not wait for open connections: it closes them. */
export async function listenWith(listener: RequestListener, port = 0): Promise<Loopback> {
  const server = createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
