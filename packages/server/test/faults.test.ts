import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { registry } from '@pawl/core'
import { scenariosOf, testFaults } from '@pawl/testkit/faults'
import { examples } from '@pawl/testkit/world'
import { describe, it } from 'vitest'
import { copyFolder } from '../../../tools/real-parts/copy-folder.ts'
import { some } from '../../../tools/test-run/index.ts'

// Every operation on the reference is a test of the testkit itself; here some of them leave a file behind.

const { put, get, rotate } = registry.secrets
const { create, access } = registry.sharing

const operations = scenariosOf(
  { secrets: { put, get, rotate }, sharing: { create, access }, vaults: { delete: registry.vaults.delete } },
  examples,
)

testFaults(
  {
    registry: {},
    examples,
    scenarios: some('operations that are struck at every call, on SQLite', 3, operations),
    crypto: nodeCrypto(),
    open: () => {
      const folder = mkdtempSync(join(tmpdir(), 'pawl-faults-'))
      let lives = 0
      const path = () => join(folder, `${lives}`, 'vault.db')
      // The next engine gets the files as they are, so that closing the dead one's cannot have mended anything.
      const again = () => {
        copyFolder(join(folder, `${lives}`), join(folder, `${++lives}`))
        return sqlite({ path: path() })
      }
      return { storage: sqlite({ path: path() }), again, destroy: () => rmSync(folder, { recursive: true }) }
    },
  },
  { describe, it },
)
