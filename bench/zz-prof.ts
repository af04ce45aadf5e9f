import { Session } from 'node:inspector/promises'
import { writeFileSync } from 'node:fs'
import { createHook } from 'node:async_hooks'
import { fullVault, pathOf, rate, seeded } from './vault.ts'
const what = process.argv[2] ?? 'read'
const vault = await fullVault(1000)
const pick = seeded(7)
const { secrets: as } = vault.agent
const call = what === 'read' ? () => as.get({ vault_id: vault.vaultId, path: pathOf(pick(1000)) }) : (at: number) => as.put({ vault_id: vault.vaultId, path: pathOf(pick(1000)), value: `new-${at}` })
await rate(20000, call)
const n = what === 'read' ? 60000 : 15000
const c0 = process.cpuUsage(); 
const r = await rate(n, call)
const c = process.cpuUsage(c0)
console.log(what, Math.round(r), 'per s; cpu us/call', ((c.user + c.system) / n).toFixed(1), 'user', (c.user / n).toFixed(1))
let promises = 0
const hook = createHook({ init(_, type) { if (type === 'PROMISE') promises++ } }).enable()
await rate(1000, call, 1)
hook.disable()
console.log('promises per call alone', promises / 1000)
const s = new Session(); s.connect()
await s.post('Profiler.enable'); await s.post('Profiler.setSamplingInterval', { interval: 200 }); await s.post('Profiler.start')
await rate(n, call)
const { profile } = await s.post('Profiler.stop')
const self = new Map<string, number>(); const dt = profile.timeDeltas!; const ids = new Map(profile.nodes.map((x) => [x.id, x]))
let total = 0
profile.samples!.forEach((id, i) => { const f = ids.get(id)!.callFrame; const k = `${f.functionName || '(anon)'} ${f.url.split('/').slice(-2).join('/')}:${f.lineNumber + 1}`; self.set(k, (self.get(k) ?? 0) + dt[i]!); total += dt[i]! })
for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, Number(process.argv[3] ?? 45))) console.log((v / total * 100).toFixed(1).padStart(5), (v / n).toFixed(2).padStart(7), k)
await vault.close()
