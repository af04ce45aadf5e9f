import { createPawl } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'

const pawl = await createPawl({ storage: memoryStorage(), hsm: memoryHsm() })
const owner = pawl.as(await pawl.firstOwner({ email: 'you@example.com' }))
const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
await owner.secrets.put({ vault_id, path: 'db/password', value: 'hunter2' })
await owner.secrets.put({ vault_id, path: 'payments/key', value: 'sk_live' })

const { agent } = await owner.agents.create({ name: 'reporter' })
const principal = { principal_type: 'agent', principal_id: agent.id } as const
await owner.policies.create({ vault_id, ...principal, secret_path_pattern: 'db/*', permissions: ['read'] })

const reporter = pawl.as({ agent: agent.id })
const { value } = await reporter.secrets.get({ vault_id, path: 'db/password' })
console.log(value.reveal()) // hunter2
await reporter.secrets.get({ vault_id, path: 'payments/key' }) // throws PawlError: denied
