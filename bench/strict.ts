// Audited reads that unwrap every data key: in a token, or in the software HSM when no token is given.
import { pkcs11 } from '@pawl/adapters/hsm/pkcs11'
import { say } from './child.ts'
import { fullVault, pathOf, rate, seeded } from './vault.ts'

const secrets = 1_000
const [uri] = process.argv.slice(2)
const vault = await fullVault(secrets, { strictKeys: true, ...(uri ? { hsm: pkcs11({ uri }) } : {}) })
const pick = seeded(13)
const read = () => vault.agent.secrets.get({ vault_id: vault.vaultId, path: pathOf(pick(secrets)) })
await rate(1_000, read)
const reads = await rate(8_000, read)
await vault.close()
say({ reads })
