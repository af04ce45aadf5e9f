// How long one audited read takes, one after the other, in a vault of so many secrets, none of which was read before.
import { say } from './child.ts'
import { fullVault, median, pathOf, seeded } from './vault.ts'

const secrets = Number(process.argv[2])
const vault = await fullVault(secrets)
const pick = seeded(11)
const times: number[] = []
for (let at = 0; at < 3_000; at++) {
  const path = pathOf(pick(secrets))
  const started = performance.now()
  await vault.agent.secrets.get({ vault_id: vault.vaultId, path })
  times.push((performance.now() - started) * 1_000)
}
await vault.close()
say({ p50: median(times) })
