import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testStorage } from '@pawl/testkit/conformance'
import { describe, it } from 'vitest'
import { logStorage } from './log-storage.ts'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-log-'))
  const again = () => logStorage(join(folder, 'vault.log'))
  return { storage: again(), again, destroy: () => rmSync(folder, { recursive: true }) }
}

testStorage(
  'a log',
  open,
  { describe, it },
  {
    lacks: {
      commitMany: 'a line is one batch',
      snapshot: 'a copy of the log is one',
    },
  },
)
