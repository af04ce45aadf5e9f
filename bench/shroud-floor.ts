// A proxy that only forwards bytes. bench/shroud.ts uses it to measure what any proxy in Node adds on this machine.
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { say } from './child.ts'

const [, , model = '', quick = ''] = process.argv
const agent = new Agent({ keepAlive: true })
const server = createServer((asked, answer) => {
  const base = asked.headers['x-shroud-provider'] === 'local' ? quick : model
  const sent = request(new URL(asked.url ?? '', base), { agent, method: asked.method, headers: asked.headers })
  sent.on('response', (head) => {
    answer.writeHead(head.statusCode ?? 502, head.headers)
    head.pipe(answer)
  })
  sent.on('error', () => answer.destroy())
  asked.pipe(sent)
})
server.listen(0, '127.0.0.1', () => say({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
