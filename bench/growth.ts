// Fills a vault in a folder with so many secrets. A server that opens it later has not filled it.
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { say } from './child.ts'
import { fullVault } from './vault.ts'

const [folder = '', secrets] = process.argv.slice(2)
const crypto = nodeCrypto()
const storage = sqlite({ path: join(folder, 'vault.db') })
const hsm = softwareHsm({ path: join(folder, 'keys'), root: { keyFile: join(folder, 'root.key') }, crypto })
const { vaultId, apiKey, close } = await fullVault(Number(secrets), { storage, hsm })
await close()
say({ vaultId, apiKey })
