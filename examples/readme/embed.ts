import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl } from '@pawl/core'

const crypto = nodeCrypto()
const hsm = softwareHsm({ path: 'data/keys', root: { keyFile: 'data/root.key' }, crypto })
const pawl = await createPawl({ storage: sqlite({ path: 'data/vault.db' }), hsm, crypto })

const { user } = await pawl.firstOwner({ email: 'you@example.com' })
const owner = pawl.as({ user })
const vault = await owner.vaults.create({ name: 'prod' })
await owner.secrets.put({ vault_id: vault.id, path: 'db/password', value: 'hunter2' })

const { agent } = await owner.agents.create({ name: 'reporter' })
await owner.policies.create({
  vault_id: vault.id,
  secret_path_pattern: 'db/*',
  principal_type: 'agent',
  principal_id: agent.id,
  permissions: ['read'],
})

const reporter = pawl.as({ agent: agent.id }) // over HTTP it shows its API key
const { value } = await reporter.secrets.get({ vault_id: vault.id, path: 'db/password' })
console.log(`${value}`, value.reveal()) // [secret] hunter2
await pawl.close()
