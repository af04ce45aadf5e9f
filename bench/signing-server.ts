// The least that a server can do to give an agent a token: read the key, hash it, sign, and answer. It checks nothing and
// stores nothing, so it shows how much of an exchange is Node and the signature.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { say } from './child.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const head = Buffer.from('{"alg":"EdDSA","typ":"JWT"}').toString('base64url')
const id = randomUUID()

const server = createServer(async (request, response) => {
  const { api_key } = (await json(request)) as { api_key: string }
  const sub = createHash('sha256').update(api_key).digest('base64url')
  const body = JSON.stringify({ access_token: tokenOf(sub), token_type: 'Bearer', expires_in: 3_600, agent_id: id })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  response.writeHead(200, headers).end(body)
})
server.listen(0, '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }))
process.on('SIGTERM', () => process.exit(0))

function tokenOf(sub: string): string {
  const claims = { iss: 'pawl', sub, aud: 'pawl', org: id, jti: id, vault_ids: [id], iat: 1, exp: 3_601 }
  const signed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
}
