import { registry } from '@pawl/core'
import { describe, it } from 'vitest'
import { testOperations } from '../conformance/operations.ts'
import { examples, testPawl } from './index.ts'

testOperations({ registry, examples, open: testPawl }, { describe, it })
