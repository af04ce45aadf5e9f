import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl } from '@pawl/core'

const crypto = nodeCrypto()
const hsm = softwareHsm({ path: 'data/keys', root: { keyFile: 'data/root.key' }, crypto })
const pawl = await createPawl({ storage: sqlite({ path: 'data/vault.db' }), hsm, crypto })

const owner = pawl.as(await pawl.firstOwner({ email: 'you@example.com' })) // creates the owner, or finds them
const { vaults } = await owner.vaults.list()
const vault = vaults.find(({ name }) => name === 'prod') ?? (await owner.vaults.create({ name: 'prod' }))

await owner.secrets.put({ vault_id: vault.id, path: 'db/password', value: 'hunter2' }) // stores a new version
const { value } = await owner.secrets.get({ vault_id: vault.id, path: 'db/password' })
console.log(`${value}`, value.reveal()) // [secret] hunter2
await pawl.close()
