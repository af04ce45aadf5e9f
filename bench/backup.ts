// Fills a vault in a folder with so many secrets, or backs it up: how long that takes. Two processes, so that the one that is measured has not filled it.
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { backUp } from '@pawl/core/backup'
import { say } from './child.ts'
import { fullVault } from './vault.ts'

const [folder = '', secrets] = process.argv.slice(2)
const crypto = nodeCrypto()
const storage = sqlite({ path: join(folder, 'vault.db') })
const hsm = softwareHsm({ path: join(folder, 'keys'), root: { keyFile: join(folder, 'root.key') }, crypto })
if (secrets === undefined) await measure()
else await fillIt(Number(secrets))

async function measure(): Promise<void> {
  await storage.setup()
  const started = performance.now()
  let bytes = 0
  for await (const piece of backUp({ storage, hsm, crypto }).bytes) bytes += piece.length
  const seconds = (performance.now() - started) / 1_000
  const mb = bytes / 1_000_000
  say({ seconds, mb, mbPerSecond: mb / seconds })
  await storage.close()
  await hsm.close()
}

async function fillIt(count: number): Promise<void> {
  const vault = await fullVault(count, { storage, hsm })
  await vault.close()
  say({ secrets: count })
}
