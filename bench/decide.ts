// One decision among a hundred policies, through the engine's own access check: no read, no event.
import { createPawl } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { say } from './child.ts'
import { median } from './vault.ts'

const pawl = await createPawl({ storage: memoryStorage(), hsm: memoryHsm(), background: false })
const { user } = await pawl.firstOwner({ email: 'bench@example.com' })
const owner = pawl.as({ user })
const { id: vaultId } = await owner.vaults.create({ name: 'bench' })
const { agent } = await owner.agents.create({ name: 'subject' })
const rule = { vault_id: vaultId, principal_type: 'agent' as const, principal_id: agent.id }
for (let at = 0; at < 100; at++) {
  await owner.policies.create({
    ...rule,
    secret_path_pattern: `team-${at}/*/db/**`,
    permissions: ['read'],
    priority: at % 5,
  })
}
const subject = pawl.as({ agent: agent.id })
const paths = 200
for (let at = 0; at < paths; at++) {
  await owner.secrets.put({ vault_id: vaultId, path: `team-${at % 100}/x/db/s${at}`, value: 'v' })
}

// A list asks once per path; the same list without policies to ask takes the rest.
const times: number[] = []
for (let round = 0; round < 60; round++) {
  const [judged, owned] = [
    await timed(() => subject.secrets.list({ vault_id: vaultId })),
    await timed(() => owner.secrets.list({ vault_id: vaultId })),
  ]
  if (round >= 20) times.push(((judged - owned) / paths) * 1_000)
}
await pawl.close()
say({ us: median(times) })

async function timed(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await call()
  return performance.now() - started
}
