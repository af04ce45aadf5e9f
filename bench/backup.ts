// Backs up the vault in a folder: how long that takes.
import { backUp } from '@pawl/core/backup'
import { say } from './child.ts'
import { partsIn } from './vault.ts'

const parts = partsIn(process.argv[2] ?? '')
await parts.storage.setup()
const started = performance.now()
let bytes = 0
for await (const piece of backUp(parts).bytes) bytes += piece.length
const seconds = (performance.now() - started) / 1_000
const mb = bytes / 1_000_000
say({ seconds, mb, mbPerSecond: mb / seconds })
await parts.storage.close()
await parts.hsm.close()
