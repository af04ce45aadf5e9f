import { registry } from '@pawl/core'
import { describe, it } from 'vitest'
import { examples } from '../world/index.ts'
import { testFaults } from './index.ts'

testFaults({ registry, examples }, { describe, it })
