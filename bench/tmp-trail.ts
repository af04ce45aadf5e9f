import { mkdtemp, stat } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { openAuditVerifier } from '@pawl/core/maintenance'
import { fill, fullVault, median, pathOf, seeded } from './vault.ts'
const events = Number(process.argv[2])
const atOnce = Number(process.argv[3] ?? 50)
const folder = await mkdtemp(join(tmpdir(), 'pawl-bench-'))
const crypto = nodeCrypto()
const parts = () => ({ storage: sqlite({ path: join(folder, 'data/vault.db') }), hsm: softwareHsm({ path: join(folder, 'data/keys'), root: { keyFile: join(folder, 'data/root.key') }, crypto }) })
const vault = await fullVault(1_000, parts())
const pick = seeded(7)
const read = () => vault.agent.secrets.get({ vault_id: vault.vaultId, path: pathOf(pick(1_000)) })
const size = async () => { let n = 0; for (const f of ['vault.db', 'vault.db-wal']) n += (await stat(join(folder, 'data', f)).catch(() => ({ size: 0 }))).size; return n }
const before = await size()
const closed = async () => (await vault.owner.audit.segments({})).segments.reduce((s, e) => s + e.events, 0)
let jobs = 0
for (let done = 0; done < events; done += 50_000) {
  await fill(Math.min(50_000, events - done), read, atOnce)
  const t = performance.now(); await vault.pawl.runJobs(); jobs += performance.now() - t
}
while ((await closed()) < events - 8_192) { await setTimeout(1_000); const t = performance.now(); await vault.pawl.runJobs(); jobs += performance.now() - t }
console.log({ bytesPerEvent: (await size() - before) / events, segments: (await vault.owner.audit.segments({})).segments.length, closingMs: jobs })
for (const q of [{ action: 'nothing.like.it' }, { action: 'policy.create' }, { action: 'secret.read' }, { limit: 1 }, {action: 'secret.put', resource_id: 'x'}] as const) {
  const ms: number[] = []
  const cpu: number[] = []
  for (let i = 0; i < 7; i++) { const t = performance.now(); const c = process.cpuUsage(); await vault.owner.audit.events(q); ms.push(performance.now() - t); const u = process.cpuUsage(c); cpu.push((u.user + u.system) / 1000) }
  console.log(JSON.stringify(q), 'ms', median(ms).toFixed(1), 'cpu', median(cpu).toFixed(1))
}
await vault.pawl.close()
const { storage, hsm } = parts()
await storage.setup()
const t = performance.now(); const c = process.cpuUsage(); let max = 0; let turns = 0
const tick = setInterval(() => { turns++; max = Math.max(max, process.memoryUsage().rss) }, 5)
for await (const r of (await openAuditVerifier({ storage, hsm, crypto })).lanes()) console.log(r)
clearInterval(tick)
const u = process.cpuUsage(c)
console.log({ verifyMs: performance.now() - t, cpuMs: (u.user + u.system) / 1000, rssMax: max / 1e6, turns })
await storage.close()
