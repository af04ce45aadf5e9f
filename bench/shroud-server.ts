// Shroud as people run it, for bench/shroud.ts: SQLite on a disk, the software HSM, every detector, and an agent that may read
// 1,000 secrets. To each line that it is sent, it says its memory after a garbage collection.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { createPawl } from '@pawl/core'
import { shroudListener } from '@pawl/server'
import { say } from './child.ts'
import { fill, partsIn, seeded } from './vault.ts'

const [, , model = '', quick = '', cacheMb = '64'] = process.argv
const folder = await mkdtemp(join(tmpdir(), 'pawl-shroud-'))
const pawl = await createPawl({
  ...partsIn(folder),
  egress: nodeEgress({ allow: [], allowFor: { 'model:openai': [model], 'model:local': [quick] } }),
  ...{ modelProviders: { openai: model, local: quick }, rateLimits: false },
  cacheBytes: Number(cacheMb) * 2 ** 20,
})
const { user } = await pawl.firstOwner({ email: 'bench@example.com' })
const owner = pawl.as({ user })
const { id: vault_id } = await owner.vaults.create({ name: 'bench' })
const pick = seeded(14)
const drawn = (length: number) => Array.from({ length }, () => (36 + pick(1_260)).toString(36)).join('')
await fill(1_000, (at) => owner.secrets.put({ vault_id, path: `app/secret-${at}`, value: drawn(16) }))
for (const name of ['openai', 'local'])
  await owner.secrets.put({ vault_id, path: `providers/${name}/api-key`, value: 'key-of-the-provider' })
const shroud_config = {
  max_concurrent_streams: 1_000,
  ...{ filesystem_detection: {}, secret_injection_detection: {}, tool_call_inspection: {} },
  output_policy: { blocked_entities: ['Umbrella'], block_harmful_content: true },
  semantic_policy: { denied_topics: ['gambling'], denied_tasks: ['translation'] },
}
const { agent, api_key } = await owner.agents.create({ name: 'writer', shroud_enabled: true, shroud_config })
const principal = { principal_type: 'agent', principal_id: agent.id } as const
await owner.policies.create({ vault_id, secret_path_pattern: '**', ...principal, permissions: ['read'] })
const server = createServer(shroudListener(pawl))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  say({ url: `http://127.0.0.1:${port}`, key: `${agent.id}:${api_key?.reveal()}` })
})
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
createInterface({ input: process.stdin }).on('line', () => {
  collect()
  const { heapUsed, rss } = process.memoryUsage()
  say({ heapMb: heapUsed / 2 ** 20, rssMb: rss / 2 ** 20 })
})
process.on('SIGTERM', async () => {
  server.closeAllConnections()
  await pawl.close()
  await rm(folder, { recursive: true })
  process.exit(0)
})
