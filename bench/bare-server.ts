// What everything over HTTP is compared with: node:http, an answer of the same size, and nothing else.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { say } from './child.ts'

const body = JSON.stringify({ id: 'x'.repeat(36), path: 'app/service-1/secret-1', value: 'v'.repeat(160), version: 1 })
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
const server = createServer((request, response) => {
  request.resume()
  response.writeHead(200, headers).end(body)
})
server.listen(0, '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }))
process.on('SIGTERM', () => process.exit(0))
