import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl, isPawlError } from '@pawl/core'

const crypto = nodeCrypto()
const hsm = softwareHsm({ path: 'data/keys', root: { keyFile: 'data/root.key' }, crypto })
const pawl = await createPawl({ storage: sqlite({ path: 'data/vault.db' }), hsm, crypto })
const owner = pawl.as(await pawl.firstOwner({ email: 'you@example.com' }))

const customers = new Map<string, ReturnType<typeof openCustomer>>()

/** Each customer has a vault, and an agent that reads this vault and no other. */
async function openCustomer(name: string) {
  const [{ vaults }, { agents }] = await Promise.all([owner.vaults.list(), owner.agents.list()])
  const vault = vaults.find((one) => one.name === name) ?? (await owner.vaults.create({ name }))
  const agent = agents.find((one) => one.name === name) ?? (await owner.agents.create({ name })).agent
  const { policies } = await owner.policies.list({ vault_id: vault.id })
  if (!policies.some(({ principal_id }) => principal_id === agent.id)) {
    const principal = { principal_type: 'agent', principal_id: agent.id } as const
    await owner.policies.create({ vault_id: vault.id, ...principal, secret_path_pattern: '**', permissions: ['read'] })
  }
  return { vault_id: vault.id, agent: pawl.as({ agent: agent.id }) }
}

async function answer(request: IncomingMessage): Promise<string> {
  const [, name = '', ...segments] = (request.url ?? '').split('/')
  const opening = customers.get(name) ?? openCustomer(name)
  customers.set(name, opening)
  opening.catch(() => customers.delete(name))
  const { vault_id, agent } = await opening
  const path = segments.join('/')
  if (request.method === 'PUT') {
    const { version } = await owner.secrets.put({ vault_id, path, value: await text(request) })
    return `version ${version}`
  }
  const { value } = await agent.secrets.get({ vault_id, path })
  return `a value of ${value.reveal().length} characters`
}

const statuses: Readonly<Record<string, number>> = {
  invalid: 400,
  unauthenticated: 401,
  denied: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  limited: 429,
}

const server = createServer(async (request, response) => {
  try {
    response.end(await answer(request))
  } catch (error) {
    // The message of a PawlError is for its caller. It never repeats a secret.
    if (isPawlError(error)) response.writeHead(statuses[error.kind] ?? 503).end(error.message)
    else response.writeHead(500).end('An internal error occurred.')
  }
})
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
await once(server, 'listening')
console.log(`ready on ${JSON.stringify(server.address())}`)

process.once('SIGTERM', () => {
  pawl.stopWaiting() // ends the calls that wait for changes
  server.close(() => pawl.close()) // the requests first, then the vault
})
