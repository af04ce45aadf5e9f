// Writes packages/testkit/src/vectors/vault-1.json and audit-segment-1.json: a whole vault in format 1 and a segment of its trail,
// which every later version must open. Run it only for a new format, under a new number.
//
//   tsx --conditions=@pawl/source tools/gen-format-vectors.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPawl } from '@pawl/core'
import { segmentHead } from '@pawl/core/maintenance'
import { manualClock, memoryStorage } from '@pawl/core/ports/reference'
import { nodeCrypto } from '../packages/adapters/src/crypto/node.ts'
import { softwareHsm } from '../packages/adapters/src/hsm/software.ts'

const folder = mkdtempSync(join(tmpdir(), 'pawl-format-'))
const crypto = nodeCrypto()
const root = { keyFile: join(folder, 'root.key') }
const storage = memoryStorage()
const kept = { ...storage, close: async () => {} }
const hsm = softwareHsm({ path: join(folder, 'keys'), root, crypto })
const clock = manualClock('2026-11-27T00:00:00Z')
const pawl = await createPawl({ storage: kept, hsm, crypto, clock, background: false })

const { user } = await pawl.firstOwner({ email: 'owner@example.com', password: 'Correct-Horse-1815' })
const owner = pawl.as({ user })
const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
const secrets = { 'db/password': 'hunter2', 'names/inner.dots': 'schlüssel 🔑', 'keys/signer': 'a'.repeat(64) }
for (const [path, value] of Object.entries(secrets)) await owner.secrets.put({ vault_id, path, value })
await owner.secrets.put({ vault_id, path: 'db/password', value: 'hunter3', metadata: { 9: 'nine', 10: 'ten' } })
const { agent, api_key } = await owner.agents.create({ name: 'reader' })
await owner.policies.create({
  vault_id,
  principal_type: 'agent',
  principal_id: agent.id,
  secret_path_pattern: 'db/*',
  permissions: ['read'],
  conditions: { ip_allowlist: ['10.0.0.0/8'] },
})
await owner.vaults.rotateKey({ vault_id })
clock.advance(11 * 60_000)
await pawl.runJobs()
clock.advance(24 * 3_600_000)
await pawl.runJobs()
const part = await owner.audit.exportSegment({ lane: 'main', number: 0 })
const lines = [segmentHead(part), ...part.blocks].map((line) => JSON.stringify(line))
await owner.vaults.list()
await pawl.close()

const records: object[] = []
for await (const some of storage.snapshot()) {
  for (const { body, ...one } of some) records.push({ ...one, body: Buffer.from(body).toString('base64') })
}
const base64 = (file: string) => readFileSync(join(folder, file)).toString('base64')
const vault = {
  root_key_file: base64('root.key'),
  keys_file: base64('keys'),
  records,
  expected: {
    user,
    vault_id,
    agent_id: agent.id,
    api_key: api_key?.reveal(),
    secrets: { ...secrets, 'db/password': 'hunter3' },
  },
}
rmSync(folder, { recursive: true })
writeFileSync('packages/testkit/src/vectors/vault-1.json', `${JSON.stringify(vault, null, 2)}\n`)
const segment = { public_key: part.public_key, lines }
writeFileSync('packages/testkit/src/vectors/audit-segment-1.json', `${JSON.stringify(segment, null, 2)}\n`)
