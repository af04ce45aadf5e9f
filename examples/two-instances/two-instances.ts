import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { env } from 'node:process'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { pkcs11 } from '@pawl/adapters/hsm/pkcs11'
import { postgres } from '@pawl/adapters/storage/postgres'
import { createPawl, type Pawl } from '@pawl/core'
import { createClient } from '@pawl/core/client'
import { nodeListener } from '@pawl/server/http'

const { DATABASE_URL = '', PAWL_HSM = '', DB_PASSWORD = '' } = env

// The same database and the same token: that is all that makes them one vault. On two machines it is the same line twice.
const open = () =>
  createPawl({ storage: postgres({ url: DATABASE_URL }), hsm: pkcs11({ uri: PAWL_HSM }), crypto: nodeCrypto() })
const [one, two] = [await open(), await open()]
const [first, second] = [await serve(one), await serve(two)]

const { user } = await one.firstOwner({ email: 'you@example.com' })
const owner = one.as({ user })
const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
await owner.secrets.put({ vault_id, path: 'db/password', value: DB_PASSWORD })
const { agent, api_key } = await owner.agents.create({ name: 'reporter' })
const reading = { secret_path_pattern: 'db/*', permissions: ['read' as const] }
const policy = await owner.policies.create({ vault_id, principal_type: 'agent', principal_id: agent.id, ...reading })

// The agent asks whichever it is sent to, with one key: nothing sticks to an instance.
for (const { url } of [first, second]) await read(url)

// What one of them takes away, the other refuses from the next request on.
await owner.policies.delete({ vault_id, policy_id: policy.id })
await read(second.url)

// When one ends, the other goes on.
await first.close()
await one.close()
const { events } = await two.as({ user }).audit.events({ action: 'secret.read' })
console.log(`${events.length} attempts to read in one trail`)
await second.close()
await two.close()

async function read(url: string): Promise<void> {
  const reporter = createClient({ url, ...(api_key ? { apiKey: api_key } : {}) })
  const outcome = await reporter.secrets.get({ vault_id, path: 'db/password' }).then(
    ({ value, version }) => `${value} in version ${version}`,
    (error) => error.code,
  )
  console.log(outcome)
}

async function serve(pawl: Pawl) {
  const server = createServer(nodeListener(pawl))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise((resolve) => server.close(resolve).closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
