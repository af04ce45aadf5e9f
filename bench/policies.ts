// What an audited read takes of the processor, in microseconds, for an agent with so many policies in the vault.
import { say } from './child.ts'
import { fullVault, pathOf, rate, seeded } from './vault.ts'

const secrets = 1_000
const vault = await fullVault(secrets, {}, Number(process.argv[2]))
const pick = seeded(7)
const read = () => vault.agent.secrets.get({ vault_id: vault.vaultId, path: pathOf(pick(secrets)) })
await rate(20_000, read)
const before = process.cpuUsage()
const calls = 30_000
await rate(calls, read)
const { user, system } = process.cpuUsage(before)
await vault.close()
say({ cpuUs: (user + system) / calls })
