import { registry } from '@pawl/core'
import { describe, it } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import { testOperations } from '../conformance/operations.ts'
import { examples, testPawl } from './index.ts'

const tried = Object.entries(registry).map(([area, verbs]) => {
  const names = some('operations that do and refuse what the suite derives', 10, Object.entries(verbs))
  return [area, Object.fromEntries(names)] as const
})

testOperations({ registry: Object.fromEntries(tried), examples, open: testPawl }, { describe, it })
