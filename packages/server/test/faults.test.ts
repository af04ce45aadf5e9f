import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { registry } from '@pawl/core'
import { scenariosOf, testFaults } from '@pawl/testkit/faults'
import { examples } from '@pawl/testkit/world'
import { describe, it } from 'vitest'
import { crashingSqlite } from '../../../tools/real-parts/crashing-sqlite.ts'
import { isWhole, some, struck } from '../../../tools/test-run/index.ts'

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
    scenarios: some('operations that are struck at every call, on SQLite', 8, operations),
    crypto: nodeCrypto(),
    open: crashingSqlite,
    ...struck(isWhole ? 1 : 8),
  },
  { describe, it },
)
