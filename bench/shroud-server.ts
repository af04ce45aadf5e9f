// Shroud as people run it, for bench/shroud.ts: SQLite on a disk, the software HSM, and an agent that may read 1,000 secrets.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl } from '@pawl/core'
import { shroudListener } from '@pawl/server'
import { say } from './child.ts'
import { fill, seeded } from './vault.ts'

const model = process.argv[2] ?? ''
const folder = await mkdtemp(join(tmpdir(), 'pawl-shroud-'))
const crypto = nodeCrypto()
const pawl = await createPawl({
  storage: sqlite({ path: join(folder, 'vault.db') }),
  hsm: softwareHsm({ path: join(folder, 'keys'), root: { keyFile: join(folder, 'root.key') }, crypto }),
  egress: nodeEgress({ allow: [], allowFor: { 'model:openai': [model] } }),
  ...{ crypto, modelProviders: { openai: model }, rateLimits: false },
})
const { user } = await pawl.firstOwner({ email: 'bench@example.com' })
const owner = pawl.as({ user })
const { id: vault_id } = await owner.vaults.create({ name: 'bench' })
const pick = seeded(14)
const drawn = (length: number) => Array.from({ length }, () => (36 + pick(1_260)).toString(36)).join('')
await fill(1_000, (at) => owner.secrets.put({ vault_id, path: `app/secret-${at}`, value: drawn(16) }))
await owner.secrets.put({ vault_id, path: 'providers/openai/api-key', value: 'key-of-the-provider' })
const shroud_config = { max_concurrent_streams: 1_000 }
const { agent, api_key } = await owner.agents.create({ name: 'writer', shroud_enabled: true, shroud_config })
const principal = { principal_type: 'agent', principal_id: agent.id } as const
await owner.policies.create({ vault_id, secret_path_pattern: '**', ...principal, permissions: ['read'] })
const server = createServer(shroudListener(pawl))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  say({ url: `http://127.0.0.1:${port}`, key: `${agent.id}:${api_key?.reveal()}` })
})
process.on('SIGTERM', async () => {
  server.closeAllConnections()
  await pawl.close()
  await rm(folder, { recursive: true })
  process.exit(0)
})
