import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Loopback {
  readonly url: string
  /** Who answers; until then nobody is there yet. */
  answerWith(listener: RequestListener): void
  close(): Promise<void>
}

/** Listens before there is anybody to answer, because an engine has to know its own address. */
export async function listenOnLoopback(port: number): Promise<Loopback> {
  let answer: RequestListener = (_, response) => response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (listener) => {
      answer = listener
    },
    // Nobody waits for a vault that is thrown away: what is open is closed.
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
