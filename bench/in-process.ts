// Audited reads and writes without HTTP, fifty at once, by an agent with a token: the same work the server does.
import { say } from './child.ts'
import { fullVault, pathOf, rate, seeded } from './vault.ts'

const secrets = 1_000
const vault = await fullVault(secrets)
const pick = seeded(7)
const { secrets: as } = vault.agent
const read = () => as.get({ vault_id: vault.vaultId, path: pathOf(pick(secrets)) })
const write = (at: number) => as.put({ vault_id: vault.vaultId, path: pathOf(pick(secrets)), value: `new-${at}` })

await rate(20_000, read)
const reads = await measured(60_000, read)
const writes = await measured(8_000, write)
await vault.close()
say({ reads: reads.perSecond, readCpuUs: reads.cpuUs, writes: writes.perSecond, writeCpuUs: writes.cpuUs })

async function measured(calls: number, call: (at: number) => Promise<unknown>) {
  const before = process.cpuUsage()
  const perSecond = await rate(calls, call)
  const { user, system } = process.cpuUsage(before)
  return { perSecond, cpuUs: (user + system) / calls }
}
