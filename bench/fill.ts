// Fills a vault in a folder with so many secrets, in a process of its own: the one that is measured has not filled it.
import { say } from './child.ts'
import { fullVault, partsIn } from './vault.ts'

const [folder = '', secrets] = process.argv.slice(2)
const { vaultId, apiKey, close } = await fullVault(Number(secrets), partsIn(folder))
await close()
say({ vaultId, apiKey })
